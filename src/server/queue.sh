# shellcheck shell=sh disable=SC2154 # values, and what common.sh and slots.sh set
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands in the queue for a conversion (slots.sh), and prints how that stands until its channel is
# closed:
#	place PLACE TAKEN SLOTS SECONDS NAME…	it waits; so many slots are taken, by these guests; about
#						how long it will be, or -
#	slot NUMBER				it is its turn, and it has this slot
#	none REASON				there can be no queue here
#	warning TEXT				for a person
# For each line of its input it renews the file heard-UNIQUE. The place, and then the slot, are
# kept by a process of its own, the keeper, until nothing was heard for $patience seconds or all of
# the conversion is over. Whoever comes again with the same UNIQUE finds its place. So does the
# same machine that was started anew.
#
# Values: unique; name, of the guest; identity, of machine_identity.h, or empty; slots (p2v.slots), or
# empty; patience.

exec 3<&0 </dev/null
umask 077

none() {
	printf 'none %s\n' "$1"
	exit 0
}

# Whether nothing was heard of p2vd for too long; to be called once after each $1 seconds. Counts by
# its own pauses.
keeper_is_forgotten() {
	heard=$(stat -c %y "$queue/heard-$unique" "$workdir/heard" 2>/dev/null)
	silent=$((silent + $1))
	[ "$heard" = "$last" ] || silent=0
	last=$heard
	[ $silent -ge "$patience" ]
}

keeper_leave() {
	exec 7>&- 8>&-
	if queue_enter; then
		queue_drop "$unique"
		[ ! -d "$queue" ] || queue_tell
	fi
	exit 0
}

# Takes a slot, if there is one. Behind the door, with nobody in front.
keeper_take() {
	slots_count
	slots_limit
	[ "$taken" -lt "$limit" ] || return 1
	exec 8>>"$queue/slot-$free"
	flock -n -s 8 || return 1
	printf '%s %s %s\n' "$unique" "$(date +%s)" "$name" >"$queue/slot-$free"
	printf 'slot %s\n' "$free" >>"$queue/state-$unique"
	rm -f "$ticket"
	exec 7>&-
	queue_tell
}

# Sets $ahead to the ticket directly before ours, or to nothing. Behind the door: what is left of one
# that was killed is removed.
keeper_look_ahead() {
	while :; do
		ahead=
		for other in "$queue"/ticket-*; do
			[ "$other" != "$ticket" ] || break
			ahead=$other
		done
		[ -n "$ahead" ] && slot_is_free "$ahead" || return 0
		queue_drop "${ahead##*-}"
	done
}

# Until it has a slot. Who is not the first sleeps until the one before it is gone.
keeper_wait() {
	told=0 ahead_before=nobody
	while :; do
		queue_enter || exit 0
		keeper_look_ahead
		[ -n "$ahead" ] || ! keeper_take || break
		if [ "$ahead" != "$ahead_before" ] || [ $told -ge 30 ]; then
			told=0
			queue_tell
		fi
		ahead_before=$ahead
		pause=1
		if [ -n "$ahead" ] && { command exec 6<"$ahead"; } 2>/dev/null; then
			queue_close
			pause=20
			flock -w $pause -s 6 7>&- || true
			exec 6>&-
		else
			queue_close
			sleep $pause 7>&-
			told=$((told + pause))
		fi
		! keeper_is_forgotten $pause || keeper_leave
	done
	queue_close
}

# Whether something of the conversion is on the server that will end by itself, or is still there.
keeper_is_needed() {
	for directory in /tmp/virt-p2v-*-"$unique"; do
		[ -n "$workdir" ] || ! workdir_ours "$directory" || workdir=$directory
	done
	[ -n "$workdir" ] || return 1
	process_find || return 1
	[ "$wrapper_alive" = no ] || return 0
	[ -n "$(process_family "$wrapper")" ]
}

# Whether it has ended for good: a try that another one can follow has its relay left.
keeper_is_over() {
	[ -n "$workdir" ] || return 1
	[ -d "$workdir" ] || return 0 # somebody has removed it; a wrapper holds the slot itself
	state=
	# An older one is of a try before this keeper.
	[ "$workdir/status" -nt "$queue/keeper-$unique" ] && read -r state _ 2>/dev/null <"$workdir/status" &&
		[ "$state" != 99 ] && ! relay_find
}

keeper_run() {
	exec 5>&- 3<&- >/dev/null 2>&1
	trap '' HUP INT
	# shellcheck disable=SC2034 # for slots.sh
	read -r myself _ </proc/self/stat
	workdir='' silent=0 last=''
	keeper_wait
	silent=0
	while sleep 1 8>&-; do
		if keeper_is_needed; then
			silent=0
		elif keeper_is_over || keeper_is_forgotten 1; then
			keeper_leave
		fi
	done
}

# Where queue_drop() has removed all.
queue_enter_again() {
	[ ! -e "$queue/door" ] || return 0
	queue_close
	queue_enter || none "$said"
}

# What a machine that is started anew has left, and those that were killed. Sets $time, if its
# ticket is to have one of these.
queue_sweep() {
	for one in "$queue"/keeper-*; do
		other=${one##*-}
		if [ "$other" = "$unique" ] || [ ! -e "$one" ]; then
			continue
		fi
		machine_there=
		read -r machine_there 2>/dev/null <"$queue/machine-$other"
		if [ -n "$machine" ] && [ "$machine" = "$machine_there" ]; then
			for old in "$queue"/ticket-*-"$other"; do
				old=${old#"$queue/ticket-"}
				[ "${old%%-*}" = '*' ] || time=${old%%-*}
			done
			queue_drop "$other"
		elif ! keeper_find "$other"; then
			queue_drop "$other"
		fi
		queue_enter_again
	done
}

# The time of the ticket: now, and after those that are there, whatever the clock does.
ticket_time() {
	[ -z "$time" ] || return 0
	time=$(date +%s)000
	for file in "$queue"/ticket-*; do
		[ -e "$file" ] || continue
		other=${file#"$queue/ticket-"}
		other=${other%%-*}
		[ "$other" -lt "$time" ] || time=$((other + 1))
	done
}

command -v flock >/dev/null || none "there is no program 'flock' (util-linux)"
slots_of_file /etc/p2vd/slots >/dev/null ||
	echo "warning the server's /etc/p2vd/slots does not begin with a number from 1 to 9999: it has no effect"
queue_find
queue_enter || none "$said"
if ! keeper_find "$unique"; then
	machine=
	[ -z "$identity" ] || machine=$(printf '%s' "$identity" | sha256sum | cut -c 1-16)
	time=
	queue_sweep
	queue_drop "$unique"
	queue_enter_again
	ticket_time
	ticket=$queue/ticket-$time-$unique
	said=$({ printf '%s\n' "$machine" | cat >"$queue/machine-$unique" && : >"$queue/state-$unique" && : >"$ticket"; } 2>&1) || {
		queue_drop "$unique"
		none "${said##*: }"
	}
	true >"$queue/heard-$unique"
	exec 7>>"$ticket"
	flock -n -x 7
	keeper_run &
	keeper=$!
	exec 7>&-
	printf '%s %s\n' $keeper "$(process_start $keeper)" >"$queue/keeper-$unique"
fi
queue_close
while read -r _; do
	true >"$queue/heard-$unique"
done <&3 >/dev/null 2>&1 3<&- &
beat=$!
exec 3<&-
tail -s 0.2 --pid="$keeper" -n 1 -f "$queue/state-$unique"
kill $beat 2>/dev/null
exit 0
