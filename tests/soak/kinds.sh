# shellcheck shell=bash disable=SC2154,SC2034 # what others set and take
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kinds of faults: what each does, when, and what the conversion has to make of it. Part of
# tests/soak/lane. To add one: a line in the table, a function fault_NAME, and, if it may fail,
# its sentence.
#
# fault_NAME breaks something, and mends it where that belongs to the fault; soak_mend in round.sh
# mends the rest. It sets struck=no where there was nothing to break.

# NAME  OFTEN  FROM  OUTCOME
#
#	OFTEN	seldom: for those that take minutes, in every fourth turn through the table
#	FROM	the first of the stages in which it may come (round.sh has their list)
#	OUTCOME	converted; failed; cancelled. With a comma: either
#
# An odd number of kinds: else each would always meet the same p2vd, plain or with sanitizers.
#
# A conversion that fails must say so with its sentence, see below. One that had come to its end
# before the fault is converted, whatever stands here.
soak_kinds=(
	'none           often   -           converted'
	'tunnel         often   testing     converted'
	'cancel         often   inventory   cancelled'
	'sessions       often   connecting  converted'
	'relay          often   launching   converted'
	'silence        often   connecting  converted'
	'streams        often   testing     converted'
	'bad-zero       often   -           converted'
	'term           often   inventory   cancelled'
	'stuck          often   testing     converted'
	'tunnels        often   testing     converted'
	'v2v            often   converting  converted'
	'session        often   connecting  converted'
	'bad-fail       often   -           failed'
	'full           often   exporting   converted'
	'restart        often   connecting  converted'
	'wrapper        often   converting  converted'
	'cancel-twice   often   inventory   cancelled'
	'names          often   connecting  converted'
	'full-out       often   preparing   failed'
	'term-twice     often   inventory   cancelled'
	'full-tmp       often   preparing   converted,failed'
	'address        often   connecting  converted'
	'long-silence   seldom  connecting  converted'
	'killed         often   copying     converted'
	'gone           seldom  converting  failed'
	'offline-cancel seldom  launching   cancelled'
)

# What is said by a conversion that fails by it: an extended regular expression.
soak_sentence() {
	case $1 in
	relay) echo 'p2v-relay on the server, through which virt-v2v reads the disks, has ended' ;;
	v2v) echo 'virt-v2v failed \(exit status 137\)|copying a disk failed' ;;
	wrapper) echo 'disappeared' ;;
	bad-fail) echo "of the disk '.*' cannot be read|cannot be read.*of the disk" ;;
	full-out) echo 'No space left on device|ran out of disk space|is full|free and the disks' ;;
	full-tmp) echo 'No space left on device|ran out of disk space|is full|free' ;;
	gone) echo 'p2v.reconnect_timeout sets how long to try' ;;
	esac
}

# Kinds by which p2vd itself ends: these have one of their own, not that of the lane.
soak_alone() { [[ $1 == term* || $1 == killed ]]; }

# Kinds for which each disk has several tunnels; with others it may have.
soak_streams() { [[ $1 == streams || $1 == stuck ]]; }

# And those after which the server is left to itself for p2v.reconnect_timeout.
soak_patience() {
	case $1 in
	gone | offline-cancel) echo 180 ;;
	*) echo 30 ;;
	esac
}

fault_none() { :; }

# strike SIGNAL one|all PROCESS…: of the processes the one that the plan chose, or all.
strike() {
	local signal=$1 which=$2
	shift 2
	[ $# != 0 ] || { struck=no; return; }
	[ "$which" = all ] || set -- "${@:1 + plan_pick % $#:1}"
	kill -s "$signal" "$@" 2>/dev/null || struck=no
}
named() { pgrep -x "$1" || true; }

# shellcheck disable=SC2046 # numbers
fault_tunnel() { strike KILL one $(named ssh); }
# shellcheck disable=SC2046
fault_tunnels() { strike KILL all $(named ssh); }

# All but one, whosever disk that is for.
fault_streams() {
	local tunnels
	mapfile -t tunnels < <(named ssh)
	[ ${#tunnels[@]} -gt 1 ] || { struck=no; return; }
	unset "tunnels[$((plan_pick % ${#tunnels[@]}))]"
	strike KILL all "${tunnels[@]}"
}

# One says nothing for a while, and has in it what is asked for.
fault_stuck() {
	local tunnels
	mapfile -t tunnels < <(named ssh)
	[ ${#tunnels[@]} != 0 ] || { struck=no; return; }
	local one=${tunnels[plan_pick % ${#tunnels[@]}]}
	strike STOP all "$one"
	wait_ms "$plan_lasts"
	kill -s CONT "$one" 2>/dev/null || true
}

# shellcheck disable=SC2046
fault_session() { strike KILL one $(named sshd-session); }
# shellcheck disable=SC2046
fault_sessions() { strike KILL all $(named sshd-session); }

fault_restart() {
	sshd_stop
	fault_sessions
	wait_ms $((plan_lasts / 2))
	server_up
}

fault_silence() {
	forward 0
	wait_ms "$plan_lasts"
	forward 1
}

# Longer than the keepalives of tunnels and control connection.
fault_long-silence() {
	forward 0
	wait_ms $((40000 + plan_lasts * 2))
	forward 1
}

fault_names() {
	names ''
	fault_sessions
	wait_ms "$plan_lasts"
	names "$soak_name"
}

fault_address() { address 198.51.100.8; }

# shellcheck disable=SC2046
fault_relay() { strike KILL all $(named p2v-relay); }

copies() { pgrep -x nbdcopy >/dev/null || over; }
# Itself, or what copies for it.
# shellcheck disable=SC2046
fault_v2v() {
	if [ $((plan_pick % 2)) = 0 ]; then
		strike KILL all $(named virt-v2v)
	else
		eventually 20 copies || true
		strike KILL all $(named nbdcopy)
	fi
}

# shellcheck disable=SC2046
fault_wrapper() { strike KILL all $(cut -d ' ' -f 1 /tmp/virt-p2v-*/process 2>/dev/null); }

fault_cancel() { ctl cancel || struck=no; }
fault_cancel-twice() {
	fault_cancel
	wait_ms $((1050 + plan_lasts / 10))
	ctl cancel || true
}
fault_term() { strike TERM all "$p2vd"; }
fault_term-twice() {
	fault_term
	wait_ms $((1050 + plan_lasts / 10))
	kill -s TERM "$p2vd" 2>/dev/null || true
}
# And started again, as systemd does.
fault_killed() {
	strike KILL all "$p2vd"
	wait "$p2vd" 2>/dev/null || true
	[ $struck = yes ] || return 0
	wait_ms $((plan_lasts / 4))
	soak_begin_alone
}

fault_offline-cancel() {
	forward 0
	wait_ms "$plan_lasts"
	fault_cancel
	eventually 120 over || true
}

fault_gone() {
	forward 0
	eventually 240 over || true
}

# Bad sectors are there from the beginning, see soak_disks.
fault_bad-zero() { :; }
fault_bad-fail() { :; }

# To the last page, until the end of the round: it has no more than there is in it.
fill() { eventually 10 fill_once "$1" || fail "'$1' is not full"; }
fill_once() {
	local used
	used=$(df --output=used -B4096 "$1" | tail -n 1)
	mount -o "remount,size=$(((used > 0 ? used : 1) * 4096))" "$1" 2>/dev/null # more has come
}
fault_full() { fill "$temporary"; }
fault_full-out() { fill "$out"; }
fault_full-tmp() {
	fill "$temporary"
	[ "$small_tmp" = no ] || fill /tmp
}
