# shellcheck shell=sh disable=SC2154 # values, and what common.sh and slots.sh set
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How a place in the queue (slots.sh) is taken, and the process that keeps it: the keeper. Stands behind
# slots.sh, in front of probe.sh and queue.sh, which call queue_join.
#
# The place, and then the slot, are kept until nothing was heard of p2vd for $queue_patience seconds or
# all of the conversion is over. Whoever comes again with the same UNIQUE finds its place. So does the
# same machine that was started anew, and what it had before is taken from it.
#
# Values: unique; name, of the guest; identity, of machine_identity.h, or empty; own, a UNIQUE that this
# machine has had, or empty; slots (p2v.slots), or empty; queue_patience; queue_first, likewise until
# p2vd is heard of for the second time: it may be gone before it knows that it has a place; queue_try,
# yes where no place is wanted but a slot that is free.

# Prints how it stands; fails if nobody can read that.
queue_say() { printf '%s%s\n' "${queue_prefix:-}" "$1"; }

# Whether nothing was heard of p2vd for too long; to be called once after each $1 seconds. Counts by
# its own pauses.
keeper_is_forgotten() {
	heard=$(stat -c %y "$queue/heard-$unique" "$workdir/heard" 2>/dev/null)
	silent=$((silent + $1))
	[ "$heard" = "$last" ] || silent=0
	last=$heard
	longest=$queue_patience
	[ -n "$workdir" ] || [ -s "$queue/heard-$unique" ] || longest=$queue_first
	[ $silent -ge "$longest" ]
}

keeper_leave() {
	exec 7>&- 8>&-
	if queue_enter; then
		queue_drop "$unique"
		[ ! -d "$queue" ] || queue_tell
	fi
	exit 0
}

# Takes a slot, if there is one. Behind the door, with nobody in front. Where that cannot be written, who
# is told nothing would keep it for ever: then it is tried again.
keeper_take() {
	slots_count
	slots_limit
	[ "$taken" -lt "$limit" ] || return 1
	{ command exec 8>>"$queue/slot-$free"; } 2>/dev/null || return 1
	flock -n -s 8 || {
		exec 8>&-
		return 1
	}
	# The line before it may have been written by half; and what is emptied makes room.
	if ! printf '%s %s %s\n' "$unique" "$(date +%s)" "$name" >"$queue/slot-$free" ||
		! { printf '\nslot %s\n' "$free" >>"$queue/state-$unique" ||
			printf '\nslot %s\n' "$free" >"$queue/state-$unique"; }; then
		rm -f "$queue/slot-$free"
		exec 8>&-
		return 1
	fi 2>/dev/null
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
			[ ! -e "$other" ] || ahead=$other
		done
		[ -n "$ahead" ] && slot_is_free "$ahead" || return 0
		queue_drop "${ahead##*-}"
	done
}

# Until it has a slot. Who is not the first sleeps until the one before it is gone.
keeper_wait() {
	told=0 ahead_before=$ahead
	while [ -e "$ticket" ]; do
		if [ -n "$ahead" ] && { command exec 6<"$ahead"; } 2>/dev/null; then
			pause=20
			flock -w $pause -s 6 7>&- || true
			exec 6>&-
		else
			pause=1
			sleep $pause 7>&-
			told=$((told + pause))
		fi
		! keeper_is_forgotten $pause || keeper_leave
		queue_enter || exit 0
		[ -e "$ticket" ] || break # it was dropped just now
		keeper_look_ahead
		[ -n "$ahead" ] || ! keeper_take || break
		if [ "$ahead" != "$ahead_before" ] || [ $told -ge 30 ]; then
			told=0
			queue_tell
		fi
		ahead_before=$ahead
		queue_close
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

# Whether it has ended for good. Where another try can follow, there is a file that says so.
keeper_is_over() {
	[ -n "$workdir" ] || return 1
	[ -d "$workdir" ] || return 0 # somebody has removed it; a wrapper holds the slot itself
	[ ! -e "$workdir/may-follow" ] || return 1
	state=
	# An older one is of a try before this keeper.
	# shellcheck disable=SC3013 # each sh of today has it
	[ "$workdir/status" -nt "$queue/keeper-$unique" ] && read -r state _ 2>/dev/null <"$workdir/status" &&
		[ "$state" != 99 ] && ! relay_find
}

# The wrapper sends USR1 when it has ended.
keeper_run() {
	exec 5>&- 3<&- >/dev/null 2>&1
	trap '' HUP INT
	trap : USR1
	# shellcheck disable=SC2034 # for slots.sh
	read -r myself _ </proc/self/stat
	workdir='' silent=0 last=''
	keeper_wait
	silent=0
	while :; do
		sleep 1 8>&- &
		wait $!
		! keeper_is_over || keeper_leave
		if keeper_is_needed; then
			silent=0
		elif keeper_is_forgotten 1; then
			keeper_leave
		fi
	done
}

# Where queue_drop() has removed all. Fails, and sets $said, if the queue cannot be used.
queue_enter_again() {
	[ ! -e "$queue/door" ] || return 0
	queue_close
	queue_enter
}

# What a machine that is started anew has left, and those that were killed. Sets $time to the
# time of a ticket of this machine, and $had_slot if it had a slot.
queue_sweep() {
	for one in "$queue"/keeper-*; do
		other=${one##*-}
		if [ "$other" = "$unique" ] || [ ! -e "$one" ]; then
			continue
		fi
		if queue_is_ours "$other"; then
			for old in "$queue"/ticket-*-"$other"; do
				old=${old#"$queue/ticket-"}
				[ "${old%%-*}" = '*' ] || time=${old%%-*}
			done
			for slot in "$queue"/slot-*; do
				unique_there=
				read -r unique_there _ 2>/dev/null <"$slot"
				[ "$unique_there" != "$other" ] || had_slot=yes
			done
			queue_drop "$other"
		elif ! keeper_find "$other"; then
			queue_drop "$other"
		fi
		queue_enter_again || return 1
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
		! is_number "$other" || [ "$other" -lt "$time" ] || time=$((other + 1))
	done
}

# A new place, and its keeper. Behind the door. Fails, and sets $said, if there can be none.
queue_stand() {
	time='' had_slot='' ahead=''
	queue_name_machine
	queue_sweep || return 1
	queue_drop "$unique"
	queue_enter_again || return 1
	ticket_time
	ticket=$queue/ticket-$time-$unique
	said=$({ printf '%s\n' "$machine" | cat >"$queue/machine-$unique" && echo | cat >"$queue/state-$unique" && : >"$ticket"; } 2>&1) || {
		queue_drop "$unique"
		said=${said##*: }
		return 1
	}
	true >"$queue/heard-$unique"
	exec 7>>"$ticket"
	flock -n -x 7
	[ -n "$had_slot" ] || keeper_look_ahead
	if [ -n "$ahead" ] || ! keeper_take; then
		if [ -n "${queue_try:-}" ]; then
			exec 7>&-
			queue_drop "$unique"
			said='no slot is free'
			return 1
		fi
		queue_tell
	fi
	keeper_run &
	keeper=$!
	exec 7>&- 8>&-
	said=$({ printf '%s %s\n' $keeper "$(process_start $keeper)" | cat >"$queue/keeper-$unique"; } 2>&1) || {
		kill -s KILL $keeper
		wait $keeper 2>/dev/null
		queue_drop "$unique"
		said=${said##*: }
		return 1
	}
	stood=yes
}

# Sets $stands where there is no place to be had, for the reason $said. Where others convert already, to
# begin without one would be one too many.
queue_refused() {
	stands="none $said"
	[ -z "${queue_try:-}" ] && workdir_ours "$queue" || return 0
	slots_count
	[ "$taken" -eq 0 ] ||
		stands="warning the server's queue cannot be written ($said), and others convert there: it is asked again"
}

# Takes a place, or finds the one that it has, and says how it stands, in a line that queue.sh explains.
# Sets $stands to that, and $stood if it is a new place. Fails where nobody can read it.
queue_join() {
	# shellcheck disable=SC2034 # for probe.sh
	stood=
	stands='none there is no program "flock" (util-linux)'
	if command -v flock >/dev/null; then
		queue_find
		while :; do
			if ! queue_enter; then
				queue_refused
			elif keeper_find "$unique"; then
				echo >"$queue/heard-$unique"
				stands=$(tail -n 1 "$queue/state-$unique")
			elif queue_stand; then
				stands=$(tail -n 1 "$queue/state-$unique")
			else
				queue_refused
				queue_close
				[ "${stands%% *}" != none ] || [ -e "$queue" ] || ! queue_move || continue
			fi
			queue_close
			break
		done
	fi
	queue_say "$stands"
}

# Prints how it would stand here, and takes no place: "look OURS SLOT PLACE TAKEN SLOTS SECONDS". The
# first two: whether this machine has a place or slot here, and whether that is a slot (yes, no).
queue_look() {
	command -v flock >/dev/null || return 0
	queue_find
	queue_name_machine
	ours=no slot_ours=no place=1 seconds=0 taken=0
	if [ -d "$queue" ] && queue_enter; then
		for file in "$queue"/ticket-*; do
			# Or of one that was killed.
			[ -e "$file" ] && ! slot_is_free "$file" || continue
			! queue_is_ours "${file##*-}" || ours=yes
			[ $ours = no ] || break
			place=$((place + 1))
		done
		slots_count
		for other in $holders; do
			! queue_is_ours "$other" || slot_ours=yes ours=yes
		done
		slots_limit
		if [ $slot_ours = no ] && { [ $place -gt 1 ] || [ "$taken" -ge "$limit" ]; }; then
			seconds=$(slots_wait $place | tail -n 1)
		fi
		queue_close
	else
		slots_limit
	fi
	queue_say "look $ours $slot_ours $place $taken $limit $seconds"
}
