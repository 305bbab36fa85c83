# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs virt-v2v for p2vd, independent of any login session. virt-v2v's output goes to
# virt-v2v-conversion-log.txt, its exit code to status (99 until then). Where the work
# directory cannot be written before virt-v2v runs, the reason follows there. On TERM, INT,
# or when virt-v2v fails, its incomplete files are removed. The same where nothing renews
# the file "heard" for $patience seconds, unless the relay has all that virt-v2v needs of the
# machine. It is started in the work directory. The relay
# ends with it, but if there can be another try: then it is p2vd that ends it.
#
# Values: sudo, output, storage, connection, name, grace, patience; retries, how many tries there
# can be after the first; slot, its number in the queue (slots.sh), or empty; the arguments
# are virt-v2v's. Standard input has what is secret (v2v_secrets() in v2v.h).
# First the keys of encrypted disks, one per line. virt-v2v can only read a key from a
# file: it gets key-1, key-2 … in the work directory, which are pipes, so that no key is
# ever on this server's disks. Behind an empty line is a NAME=VALUE per line: an OS_* is
# for virt-v2v's environment; for others virt-v2v knows no way but its arguments.

login_umask=$(umask)
umask 077
# shellcheck disable=SC2034 # for common.sh
workdir=$(pwd -P)
newline='
'
unset keys secrets secret keep
keys=$newline$(cat)
exec </dev/null
secrets=${keys#*"$newline$newline"}
[ "$secrets" != "$keys" ] || secrets=
keys=${keys%%"$newline$newline"*}
keys=${keys#"$newline"}
case $secrets in
connection=*)
	connection=${secrets%%"$newline"*}
	connection=${connection#*=}
	;;
esac

# p2vd looks for virt-v2v's messages in English. sudo keeps these two, so that its PAM
# modules do not set them: they win over all others.
LC_ALL=C.UTF-8
LANGUAGE=C
export LC_ALL LANGUAGE

# shellcheck disable=SC2317,SC2329 # called below and by the trap
status() {
	{ printf '%s\n' "$1" >.status.new && mv -f .status.new status; } 2>/dev/null || {
		rm -f .status.new
		printf '%s\n' "$1" 1<>status # /tmp is full, but that file has its block
	}
}

# shellcheck disable=SC2317,SC2329 # the trap calls it
cancel() {
	trap '' TERM INT
	cancelled=yes
	process_end $$
	# Where /proc hides other users' processes: sudo passes this on to virt-v2v.
	[ -z "$child" ] || process_signal TERM "$child"
	# A virt-v2v that cannot be ended ends when it loses its disks.
	relay_end
}

# end CODE [REASON]
end() {
	rm -f key-* .room .full
	if [ -z "$kept" ]; then
		relay_end
		rm -f map-* # as large as 80 MB each
	fi
	[ -z "$locked" ] || output_unlock
	exec 8<&-
	# Else it is the keeper that sees the end, and leaves the queue.
	[ -z "$slot" ] || [ -e may-follow ] || keeper_find "${workdir##*-}" || queue_leave "${workdir##*-}"
	status "$*"
	[ -z "$slot" ] || ! keeper_find "${workdir##*-}" || kill -s USR1 "$keeper" 2>/dev/null
	exit 0
}

# refuse REASON: ends before virt-v2v runs.
refuse() {
	end 1 "$1"
}

# write FILE TEXT: all of it, or ends.
write() {
	said=$({ printf '%s\n' "$2" | cat >".$1.new" && mv -f ".$1.new" "$1"; } 2>&1) && return
	rm -f ".$1.new"
	refuse "cannot write '$workdir/$1': ${said##*: }"
}

# Writes the key $2 to everyone who opens the pipe $1, any number of times. Each reader
# gets a new pipe: one who opened it just before we close it would read nothing.
key_tell() {
	trap '' PIPE
	while [ -p "$1" ]; do
		mkfifo -m 0600 "$1.next" # without inodes, the old one is better than none
		{
			[ ! -p "$1.next" ] || mv -f "$1.next" "$1"
			printf '%s\n' "$2"
		} >"$1"
	done
}

keys_start() {
	number=0
	while [ -n "$keys" ]; do
		number=$((number + 1))
		rest=${keys#*"$newline"}
		said=$(mkfifo -m 0600 "key-$number" 2>&1) ||
			refuse "cannot create '$workdir/key-$number': ${said##*: }"
		key_tell "key-$number" "${keys%%"$newline"*}" </dev/null >/dev/null 2>&1 &
		[ "$rest" != "$keys" ] || rest=
		keys=$rest
	done
}

# How many processes this kernel has ended for lack of memory; empty: it does not count them.
kernel_kills() { sed -n 's/^oom_kill //p' /proc/vmstat 2>/dev/null; }

# Whether the relay has all that is needed (src/relay/report.h).
relay_complete() { grep -qx complete relay-progress 2>/dev/null; }

# Ends the conversion when the machine is not heard of. Counts by its own pauses: a clock
# that is set, or a server that was asleep, must not end it.
watch() {
	trap - TERM
	pause=$((patience / 10))
	[ $pause -ge 1 ] || pause=1
	[ $pause -le 30 ] || pause=30
	silent=0
	last=
	start=$(process_start $$)
	while sleep $pause && [ "$(process_start $$)" = "$start" ]; do
		heard=$(stat -c %y heard 2>/dev/null)
		silent=$((silent + pause))
		[ "$heard" = "$last" ] && ! relay_complete || silent=0
		last=$heard
		if [ $silent -ge "$patience" ]; then
			printf 'virt-v2v-wrapper.sh: nothing was heard of the machine for %s s (%s): ending virt-v2v\n' \
				$silent p2v.reconnect_timeout >>virt-v2v-conversion-log.txt
			kill -s TERM $$
			return
		fi
	done
}

child=
kept=
cancelled=
locked=
status 99
rm -f may-follow
process_record process $$ || exit 1 # launch.sh tells what was said
trap cancel TERM INT
trap '' HUP

write time "$(date)"
write heard ''
write environment "$(printenv)"
if [ -n "$slot" ] && ! slot_hold "$slot"; then
	echo 'virt-v2v-wrapper.sh: its slot in the queue is gone' >>virt-v2v-conversion-log.txt
	end 1
fi
converter_init
if ! output_lock; then
	if said=$({ : >>"$lock"; } 2>&1) || [ -e "$lock" ]; then
		echo "virt-v2v-wrapper.sh: another conversion is writing this guest's files" \
			>>virt-v2v-conversion-log.txt
		end 1
	fi
	refuse "cannot create '$lock': ${said##*: }"
fi
locked=yes
write lock "$lock"
directory=$(output_directory)
write output-directory "$directory"
write output-before "$(output_files "$directory")"
kills_before=$(kernel_kills)
write v2v-version '' # from here on, virt-v2v runs

if [ -z "$cancelled" ]; then
	keys_start
	# For a last word where virt-v2v has none.
	{ printf '%4096s\n' '' | cat >.room || rm -f .room; } 2>/dev/null
	(
		# The umask of the user, but virt-v2v must be able to use its own files.
		umask "$login_umask"
		umask u=rwx
		keep=
		while [ -n "$secrets" ]; do
			secret=${secrets%%"$newline"*}
			case $secret in
			connection=*) set -- -oc "${secret#*=}" "$@" ;;
			OS_*)
				export "${secret?}"
				keep=$keep${keep:+,}${secret%%=*}
				;;
			*) set -- -oo "$secret" "$@" ;;
			esac
			secrets=${secrets#"$secret"}
			secrets=${secrets#"$newline"}
		done
		if [ "$sudo" = yes ]; then
			# shellcheck disable=SC2024 # the file is ours, not root's
			sudo -n virt-v2v --version >v2v-version 2>&1 </dev/null
			exec sudo -n ${keep:+"--preserve-env=$keep"} virt-v2v "$@"
		fi
		virt-v2v --version >v2v-version 2>&1 </dev/null
		exec virt-v2v "$@"
	) >>virt-v2v-conversion-log.txt 2>&1 </dev/null &
	child=$!
	watch </dev/null >/dev/null 2>&1 8<&- 9<&- &
fi

code=143
if [ -n "$child" ]; then
	wait "$child"
	code=$?
	# Cancelled: the signal ended that wait. virt-v2v's exit code does not matter.
	if [ -n "$cancelled" ]; then
		wait "$child"
		code=143
	fi
fi

# If this directory is full, virt-v2v may have failed by that and could not write so.
full_tell() {
	said=$({ printf '%4096s\n' '' | cat >.full; } 2>&1) && return
	rm -f .room .full
	echo "virt-v2v-wrapper.sh: cannot write to '$workdir': ${said##*: }" >>virt-v2v-conversion-log.txt
}

# Nothing that virt-v2v started may outlive it.
process_end $$
# p2vd knows this sentence and the two below.
if [ "$code" -ne 0 ] && [ -z "$cancelled" ] && [ "$(kernel_kills)" != "$kills_before" ]; then
	echo 'virt-v2v-wrapper.sh: the kernel has ended a process for lack of memory' >>virt-v2v-conversion-log.txt
fi
if [ "$code" -ne 0 ] && { [ -z "$cancelled" ] || ! output_complete; }; then
	[ -n "$cancelled" ] || full_tell
	output_remove >>virt-v2v-conversion-log.txt
	relay_find
	if [ $? -eq 1 ] && [ -z "$cancelled" ]; then
		relay=p2v-relay
		[ ! -e substitute ] || relay='qemu-nbd in its place'
		printf 'virt-v2v-wrapper.sh: %s has ended before virt-v2v\n' "$relay" >>virt-v2v-conversion-log.txt
	fi
	read -r try 2>/dev/null <try || try=1
	if [ -z "$cancelled" ] && [ "$try" -le "$retries" ]; then
		{ true >may-follow; } 2>/dev/null # another try, for which the slot is kept
		! relay_keeps || kept=yes
	fi
fi
end "$code"
