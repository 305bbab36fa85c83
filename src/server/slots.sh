# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The queue of a login user on this server: who may convert now, and who waits. Stands behind
# common.sh, in front of the scripts that use it; keeper.sh behind it takes a place.
#
# All of it is in one directory, which only this user can enter, and what counts there are flock()s:
#	door			locked while something here is changed
#	ticket-TIME-UNIQUE	of one who waits, locked by its keeper (keeper.sh). Their names are the order
#	slot-NUMBER		of one who converts: its UNIQUE, since when, its guest. Locked, shared, by its
#				keeper, by its wrapper and by what the wrapper runs: free when all are gone
#	state-UNIQUE		what p2vd is told, a line each time; the last one counts
#	keeper-UNIQUE		the process of the keeper, and when it was started
#	machine-UNIQUE		by what the machine is known again, or empty
#	heard-UNIQUE		is written when p2vd is heard of
# UNIQUE is what the work directory's name ends with. The last one to leave removes the directory.
#
# The directory is in the home, where nobody else can have made one of the same name; it has
# the boot id in its name, for a home can be that of several servers. Where the home is no such place,
# or full, it is in /tmp; and while it is there, it stays there.

queue_find() {
	read -r boot_now 2>/dev/null </proc/sys/kernel/random/boot_id
	queue=/tmp/.virt-p2v-queue-$(id -u)
	case $(LC_ALL=C stat -L -c '%u %a %F' "${HOME:-/}" 2>/dev/null) in
	*[2367]?\ directory | *[2367]\ directory) ;; # others can write into it
	"$(id -u) "*\ directory)
		[ ! -w "$HOME" ] || { workdir_ours "$queue" && [ ! -d "$HOME/.virt-p2v-queue-$boot_now" ]; } ||
			queue=$HOME/.virt-p2v-queue-$boot_now
		;;
	esac
}

# Goes to /tmp where the queue cannot be made in the home. Fails where it is there, or is there already.
queue_move() {
	[ ! -e "$queue" ] || rmdir "$queue" 2>/dev/null || return 1
	[ "$queue" != "/tmp/.virt-p2v-queue-$(id -u)" ] && queue=/tmp/.virt-p2v-queue-$(id -u)
}

# Goes to /tmp where it cannot be made, or nothing be made in it. That one step has failed does not say
# so: the last one in it may just have removed it. Who went to /tmp for that would be in a queue of its own.
queue_move_if_refused() {
	try=$(mktemp -d "$queue.XXXXXX" 2>/dev/null) && { true >"$try/door"; } 2>/dev/null
	fits=$?
	[ -z "$try" ] || rm -rf "$try"
	[ $fits -eq 0 ] || queue_move || true
}

queue_is_locked() {
	[ "$(stat -L -c %i "/proc/self/fd/5" 2>/dev/null)" = "$(stat -c %i "$queue/door" 2>/dev/null)" ]
}

# Locks the door. Fails, and sets $said, if the queue cannot be used.
queue_enter() {
	entering=0
	while [ $entering -lt 50 ]; do
		entering=$((entering + 1))
		# One that nothing was made in for so long is of an earlier boot, or of another server's.
		said=$(mkdir -m 0700 "$queue" 2>&1) && [ "$queue" != "/tmp/.virt-p2v-queue-$(id -u)" ] &&
			find "$HOME" -maxdepth 1 -name '.virt-p2v-queue-*' -type d -user "$(id -u)" -mtime +30 \
				-exec rm -rf {} + 2>/dev/null
		if ! workdir_ours "$queue"; then
			said=${said:-"cannot create '$queue'"}
			# Twice: it may have gone, and come again.
			if [ -e "$queue" ] && ! workdir_ours "$queue"; then
				said="'$queue' is not a directory that only this user can enter"
				queue_move || true
			else
				queue_move_if_refused
			fi
			continue
		fi
		said=$( (umask 077 && true >>"$queue/door") 2>&1) || {
			queue_move_if_refused
			continue
		}
		{ command exec 5>>"$queue/door"; } 2>/dev/null || continue
		said=$(flock -x 5 2>&1) || {
			said="cannot lock '$queue/door': ${said:-flock has failed}"
			exec 5>&-
			return 1
		}
		# The last one may have removed it before we had the lock.
		! queue_is_locked || return 0
		exec 5>&-
	done
	return 1
}

queue_close() { exec 5>&-; }

# Whether the keeper of $1 runs; sets $keeper.
keeper_find() {
	keeper=
	read -r keeper keeper_start 2>/dev/null <"$queue/keeper-$1" &&
		[ -n "$keeper_start" ] && [ "$(process_start "$keeper")" = "$keeper_start" ]
}

# Whether file $1 is locked by nobody. flock would make one that is not there.
slot_is_free() { [ ! -e "$1" ] || flock -n -x "$1" true 2>/dev/null; }

is_number() {
	case $1 in
	'' | *[!0-9]*) return 1 ;;
	esac
}

# Sets $taken, how many slots are, $free, the number of one that is not, and $holders, the UNIQUEs.
slots_count() {
	taken=0 free='' holders='' highest=0
	for slot in "$queue"/slot-*; do
		[ -e "$slot" ] || continue
		number=${slot##*-}
		is_number "$number" || continue
		[ "$number" -le "$highest" ] || highest=$number
		if slot_is_free "$slot"; then
			free=$number
			continue
		fi
		taken=$((taken + 1))
		holder=
		read -r holder _ 2>/dev/null <"$slot"
		holders="$holders $holder"
	done
	free=${free:-$((highest + 1))}
}

# Prints a number of slots that is in file $1, or nothing. Fails where it is no number, or may not be read.
slots_of_file() {
	[ -e "$1" ] || { [ -d "${1%/*}" ] && [ ! -x "${1%/*}" ]; } || return 0
	text=
	read -r text 2>/dev/null <"$1" || [ -n "$text" ] || [ -r "$1" ] || text='(it cannot be read)'
	case $text in
	'' | *[!0-9]* | 0* | ?????*) return 1 ;;
	esac
	echo "$text"
}

# Sets $limit, how many there are: what $slots or /etc/p2vd/slots says, of both the less; else what
# processors, memory and, now that $taken are taken, the room for virt-v2v's overlays allow.
slots_limit() {
	limit=$(slots_of_file /etc/p2vd/slots)
	[ -z "$slots" ] || [ "${limit:-$slots}" -lt "$slots" ] || limit=$slots
	[ -z "$limit" ] || return 0
	processors=$(nproc 2>/dev/null)
	limit=$((${processors:-2} / 2))
	memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null)
	[ -z "$memory" ] || [ $((memory / 3145728)) -ge $limit ] || limit=$((memory / 3145728))
	room=$(timeout -k 5 10 df --output=avail -k -- "${VIRT_V2V_TMPDIR:-${TMPDIR:-/var/tmp}}" 2>/dev/null |
		sed -n '2{s/[^0-9]//g;p;}')
	# As much as the test of the server asks for.
	[ -z "$room" ] || [ $((taken + room / 1048576)) -ge $limit ] || limit=$((taken + room / 1048576))
	[ $limit -ge 1 ] || limit=1
}

# Prints of each who converts: seconds since it began, bytes that are used, bytes that have come.
# The last two are 0 where they are not known.
slots_progress() {
	now=$(date +%s)
	for holder in $holders; do
		for slot in "$queue"/slot-*; do
			read -r unique_there began _ 2>/dev/null <"$slot" || continue
			[ "$unique_there" = "$holder" ] || continue
			used=0 fetched=0
			for report in /tmp/virt-p2v-*-"$holder"/relay-progress; do
				[ -r "$report" ] || continue
				while read -r word _ used_there fetched_there; do
					[ "$word" = disk ] || continue
					used=$((used + used_there))
					fetched=$((fetched + fetched_there))
				done <"$report"
			done
			echo "$((now - began)) $used $fetched"
		done
	done
}

# Prints for each of $1 places after how many seconds it will begin, - if that is not known: by the
# rates of those who convert now, as if all were of their size.
slots_wait() {
	slots_progress | awk -v places="$1" -v limit="$limit" '
		$1 > 0 && $2 > 0 && $3 > $2 / 50 { # a clock that was set back tells nothing
			total = $1 * $2 / $3
			sum += total
			left[n++] = total - $1 > $1 / 10 ? total - $1 : $1 / 10 # what comes after the disks
		}
		END {
			for (i = 1; i < n; i++)
				for (j = i; j > 0 && left[j] < left[j - 1]; j--) {
					t = left[j]
					left[j] = left[j - 1]
					left[j - 1] = t
				}
			for (i = 0; i < places; i++)
				if (!n)
					print "-"
				else {
					slot = i % limit
					round = int(i / limit)
					printf "%d\n", (slot < n ? left[slot] : left[n - 1]) + round * sum / n
				}
		}'
}

# Tells each who waits its place. Behind the door.
queue_tell() {
	waiting=0
	for ticket_there in "$queue"/ticket-*; do
		[ ! -e "$ticket_there" ] || waiting=$((waiting + 1))
	done
	[ $waiting -gt 0 ] || return 0
	slots_count
	slots_limit
	names=
	for slot in "$queue"/slot-*; do
		read -r unique_there _ name_there 2>/dev/null <"$slot" || continue
		case " $holders " in
		*" $unique_there "*) names="$names $name_there" ;;
		esac
	done
	place=0
	slots_wait $waiting | for ticket_there in "$queue"/ticket-*; do
		read -r seconds || seconds=-
		place=$((place + 1))
		printf 'place %s %s %s %s%s\n' $place $taken "$limit" "$seconds" "$names" \
			>>"$queue/state-${ticket_there##*-}"
	done
}

# Removes all of $1 from the queue; its keeper ends, if it is not the one who calls. Behind the door.
queue_drop() {
	if keeper_find "$1" && [ "$keeper" != "${myself:-}" ]; then
		kill -s KILL "$keeper" 2>/dev/null
		while keeper_find "$1"; do
			sleep 0.1 5>&- 7>&- 8>&-
		done
	fi
	rm -f "$queue"/ticket-*-"$1" "$queue/state-$1" "$queue/keeper-$1" "$queue/machine-$1" "$queue/heard-$1"
	for slot in "$queue"/slot-*; do
		read -r unique_there _ 2>/dev/null <"$slot" || continue
		[ "$unique_there" != "$1" ] || ! slot_is_free "$slot" || rm -f "$slot"
	done
	for file in "$queue"/*-*; do
		case $file in
		*/slot-*) ! slot_is_free "$file" || continue ;;
		esac
		[ ! -e "$file" ] || return 0
	done
	rm -rf "$queue"
}

# Takes $1 out of the queue, wherever it stands.
queue_leave() {
	queue_find
	[ -d "$queue" ] || return 0
	queue_enter || return 0
	queue_drop "$1"
	queue_close
}

# Sets $machine, by which the machine of $identity is known in the queue; empty: it is not.
queue_name_machine() {
	machine=
	[ -z "$identity" ] || machine=$(printf '%s' "$identity" | sha256sum | cut -c 1-16)
}

# Whether $1 is this machine: by its UNIQUE ($unique, $own), or by $machine.
queue_is_ours() {
	[ "$1" != "$unique" ] && [ "$1" != "${own:-}" ] || return 0
	machine_there=
	[ -n "$machine" ] && read -r machine_there 2>/dev/null <"$queue/machine-$1" &&
		[ "$machine" = "$machine_there" ]
}

# Holds slot $1 on descriptor 8, for the wrapper and all that it runs. Fails if it is ours no more.
slot_hold() {
	queue_find
	unique_there=
	{ command exec 8<"$queue/slot-$1"; } 2>/dev/null && flock -n -s 8 &&
		read -r unique_there _ 2>/dev/null <"$queue/slot-$1" && [ "$unique_there" = "${workdir##*-}" ]
}
