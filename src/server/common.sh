# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the scripts on the conversion server share: whose rights virt-v2v has,
# where its output goes, which processes are a conversion's. script.c puts it
# before those that need it; the values come before that (see script.h).

: "${workdir:=}" "${sudo:=no}" "${output:=}" "${storage:=}" "${connection:=}" "${name:=}"

# Whether sudo lets us run more than virt-v2v itself; converter() obeys.
converter_init() {
	elevate=no
	if [ "$sudo" = yes ] && sudo -n sh -c : </dev/null >/dev/null 2>&1; then
		elevate=yes
	fi
}

# Runs a command as the user who runs virt-v2v.
converter() {
	if [ "$elevate" = yes ]; then
		sudo -n "$@"
	else
		"$@"
	fi
}

# virsh, as virt-v2v would reach libvirt, and never longer than 15 seconds.
output_virsh() {
	if [ -n "$connection" ]; then
		converter timeout -k 5 15 virsh -q -c "$connection" "$@"
	else
		converter timeout -k 5 15 virsh -q "$@"
	fi </dev/null
}

# The directory in which this type of output lays the guest's files; nothing
# where it lays none, or the server does not tell.
output_directory() {
	case $output in
	local | disk | qemu | kubevirt | json)
		printf '%s\n' "$storage"
		;;
	libvirt)
		output_virsh pool-dumpxml --pool "${storage:-default}" 2>/dev/null |
			sed -n 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g
				s:^ *<path>\(.*\)</path> *$:\1:p' | head -n 1
		;;
	esac
}

# The files of this guest in directory $1: what follows the guest's name, one a
# line ("-sda", ".xml"). No other part of a path is printed, so that nothing
# that a name or a directory contains can be misread.
output_files() {
	[ -n "$1" ] && [ -n "$name" ] || return 0
	# shellcheck disable=SC2016 # for the inner shell
	converter sh -c '
		for file in "$1/$2"-sd[a-z] "$1/$2"-sd[a-z][a-z] \
			"$1/$2".xml "$1/$2".sh "$1/$2".json "$1/$2".yaml
		do
			if [ -e "$file" ] || [ -L "$file" ]; then
				printf "%s\n" "${file#"$1/$2"}"
			fi
		done' sh "$1" "$name" </dev/null
}

# Removes what this conversion left: the guest's files that the list
# WORKDIR/output-before does not have. Without that list: nothing. Prints what
# it cannot remove (root's files, where sudo allows virt-v2v alone).
output_remove() {
	[ -f "$workdir/output-before" ] || return 0
	directory=$(output_directory)
	output_files "$directory" | while IFS= read -r suffix; do
		grep -Fqx -e "$suffix" "$workdir/output-before" ||
			converter rm -f -- "$directory/$name$suffix" </dev/null 2>/dev/null ||
			printf "cannot remove '%s', which is not complete\n" "$directory/$name$suffix"
	done
}

# Takes this guest's name in this output for ourselves, as virt-v2v does not:
# two of them would write to the same files. The lock ends with the processes
# that have it. Fails when somebody else has it.
output_lock() {
	directory=$(output_directory)
	lock=/tmp/.virt-p2v-lock-$(
		printf '%s\n' "${directory:-$output $connection $storage}" "$name" | sha256sum | cut -c 1-16
	)
	command -v flock >/dev/null || return 0
	(umask 022 && set -C && : >"$lock") 2>/dev/null
	# Without a subshell, exec would end us where it fails.
	(: <"$lock") 2>/dev/null || return 1
	exec 9<"$lock"
	# It may have been removed between the two.
	flock -n 9 && [ "$(stat -L -c %i /proc/self/fd/9 <&9)" = "$(stat -c %i "$lock" 2>/dev/null)" ]
}

# Gives it back, or up what a killed wrapper had.
output_unlock() {
	if output_lock; then
		rm -f "$lock"
	fi
	exec 9<&-
}

# When process $1 was started, in clock ticks since boot; nothing if it is gone.
process_start() {
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
	# The name in parentheses may contain anything: count from its end.
	stat=${stat##*) }
	# shellcheck disable=SC2086 # words are wanted
	set -- $stat
	[ "$1" = Z ] || printf '%s\n' "${20}"
}

# The wrapper's identity: process, its start and the boot it was started in,
# so that a number used again is never taken for ours.
process_record() {
	printf '%s %s %s\n' "$$" "$(process_start $$)" "$(cat /proc/sys/kernel/random/boot_id)" \
		>"$workdir/.process.new" && mv -f "$workdir/.process.new" "$workdir/process"
}

# Reads that record: sets $wrapper, $wrapper_alive. Fails when the wrapper was
# never started or belongs to an earlier boot: then no process is its.
process_find() {
	wrapper=
	wrapper_alive=no
	[ -f "$workdir/process" ] || return 1
	read -r wrapper wrapper_start boot <"$workdir/process" || return 1
	[ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 1
	[ -d "/proc/$wrapper" ] || return 0
	[ "$(process_start "$wrapper")" != "$wrapper_start" ] || wrapper_alive=yes
	# A zombie is gone; a stranger with this number means that no process of
	# our session is left, since its number would not be free otherwise.
	[ "$wrapper_alive" = yes ] || [ -z "$(process_start "$wrapper")" ]
}

# The living processes of the conversion whose wrapper is process $1, the
# wrapper not: its descendants, its session, and sessions led by any of them
# (sudo runs its command in one of its own). Numbers, separated by blanks.
# awk reads /proc by itself so that nothing of the search counts as found.
process_family() {
	awk -v root="$1" 'BEGIN {
		if ((getline line < "/proc/self/stat") > 0) {
			split(line, own, " ")
			searching[own[1]] = searching[own[4]] = 1
		}
		for (i = 1; i < ARGC; i++) {
			pid = ARGV[i]
			sub(/^.*\//, "", pid)
			text = ""
			while ((getline line < (ARGV[i] "/stat")) > 0)
				text = text line " "
			close(ARGV[i] "/stat")
			sub(/^.*\) /, "", text)
			if (split(text, field, " ") < 20 || field[1] == "Z" || pid in searching)
				continue
			parent[pid] = field[2]
			session[pid] = field[4]
		}
		family[root] = 1
		do {
			found = 0
			for (pid in parent)
				if (!(pid in family) && (parent[pid] in family || session[pid] in family)) {
					family[pid] = 1
					found = 1
				}
		} while (found)
		for (pid in family)
			if (pid in parent && pid != root)
				printf "%s ", pid
	}' /proc/[0-9]*
}

process_signal() {
	signal=$1
	shift
	if [ "$elevate" = yes ]; then
		# shellcheck disable=SC2016 # for the inner shell
		sudo -n sh -c 'kill -s "$@"' sh "$signal" "$@" </dev/null
	else
		kill -s "$signal" "$@"
	fi 2>/dev/null
}

# Ends the processes of wrapper $1: asks each once, waits up to $grace seconds,
# then kills. Fails when some are still there (sudo that allows virt-v2v alone).
process_end() {
	tries=0
	patience=$((${grace:-20} * 5))
	asked=' '
	while :; do
		members=$(process_family "$1")
		[ -n "$members" ] || return 0
		if [ $tries -ge $((patience + 50)) ]; then
			return 1
		elif [ $tries -ge $patience ]; then
			# shellcheck disable=SC2086 # words are wanted
			process_signal KILL $members
		else
			for member in $members; do
				case $asked in
				*" $member "*) ;;
				*)
					process_signal TERM "$member"
					asked="$asked$member "
					;;
				esac
			done
		fi
		tries=$((tries + 1))
		sleep 0.2
	done
}
