# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the scripts on the conversion server share: as which user virt-v2v runs,
# where its output goes, which processes belong to a conversion. script.c puts it
# in front of the scripts that need it, and the values in front of that (script.h).

: "${grace:=6}" "${workdir:=}" "${sudo:=no}" "${output:=}" "${storage:=}" "${connection:=}" "${name:=}"

# Sets $elevate, for converter(): whether sudo lets us run more than just virt-v2v.
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

# virsh, connected to the same libvirt as virt-v2v will be, for at most 15 seconds.
output_virsh() {
	if [ -n "$connection" ]; then
		converter timeout -k 5 15 virsh -q -c "$connection" "$@"
	else
		converter timeout -k 5 15 virsh -q "$@"
	fi </dev/null
}

# Prints the directory into which this type of output writes the guest's files.
# Prints nothing if there is none, or if it cannot be found out.
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

# Prints which files of this guest are in directory $1, one per line, and of each
# only what follows the guest's name ("-sda", ".xml"): a line break in a name or a
# directory would look like two files.
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

# Removes what this conversion left in WORKDIR/output-directory: the guest's files that are
# not in the list WORKDIR/output-before. Without these two it removes nothing. Prints what it
# cannot remove (root's files, where sudo allows only virt-v2v).
output_remove() {
	[ -f "$workdir/output-before" ] && [ -f "$workdir/output-directory" ] || return 0
	directory=$(cat "$workdir/output-directory")
	output_files "$directory" | while IFS= read -r suffix; do
		grep -Fqx -e "$suffix" "$workdir/output-before" ||
			converter rm -f -- "$directory/$name$suffix" </dev/null 2>/dev/null ||
			printf "cannot remove the incomplete file '%s'\n" "$directory/$name$suffix"
	done
}

# Whether virt-v2v had come to its last step: all of its guest is there.
output_complete() {
	grep -q '^\[ *[0-9.]*\] Finishing off$' "$workdir/virt-v2v-conversion-log.txt" 2>/dev/null
}

# Prints the path of the lock for this guest's name in this output: the one that the wrapper
# has taken, if it runs already.
output_lock_path() {
	if [ -n "$workdir" ] && [ -s "$workdir/lock" ]; then
		cat "$workdir/lock"
		return
	fi
	directory=$(output_directory)
	printf '/tmp/.virt-p2v-lock-%s\n' "$(
		printf '%s\n' "${directory:-$output $connection $storage}" "$name" | sha256sum | cut -c 1-16
	)"
}

# Locks this guest's name in this output. virt-v2v itself does not: two of them would
# write the same files. The lock ends with the processes that have it open. Fails
# when another conversion has it, or it cannot be made.
output_lock() {
	lock=$(output_lock_path)
	command -v flock >/dev/null || return 0
	(umask 022 && set -C && : >"$lock") 2>/dev/null
	# exec would end this shell if it failed: so first try it in a subshell.
	(: <"$lock") 2>/dev/null || return 1
	exec 9<"$lock"
	# The file can have been removed between opening and locking it.
	flock -n 9 && [ "$(stat -L -c %i /proc/self/fd/9 <&9)" = "$(stat -c %i "$lock" 2>/dev/null)" ]
}

# Removes the lock, ours or that of a wrapper that was killed.
output_unlock() {
	if output_lock; then
		rm -f "$lock"
	fi
	exec 9<&-
}

# Prints when process $1 was started, in clock ticks since boot; nothing if it is gone.
# Needs no other program: what cannot be started here must not look like a process that is gone.
process_start() {
	stat=
	{
		while IFS= read -r stat_line; do
			stat="$stat$stat_line "
		done
	} 2>/dev/null <"/proc/$1/stat" || return 0
	# The name in parentheses can contain anything, so count fields from its end.
	stat=${stat##*) }
	# shellcheck disable=SC2086 # words are wanted
	set -- $stat
	[ "${1:-Z}" = Z ] || printf '%s\n' "${20}"
}

# process_record FILE NUMBER: records a process in WORKDIR/FILE: its number, its start time
# and the boot. So a later process with the same number is never taken for it.
process_record() {
	# cat says why it cannot write; what is built into sh says "I/O error".
	printf '%s %s %s\n' "$2" "$(process_start "$2")" "$(cat /proc/sys/kernel/random/boot_id)" |
		cat >"$workdir/.$1.new" && mv -f "$workdir/.$1.new" "$workdir/$1" && return
	rm -f "$workdir/.$1.new"
	return 1
}

# Whether the server was restarted since its boot id was $boot_before. Where one of the two is not
# known, it counts as not restarted.
boot_changed() {
	boot_now=
	read -r boot_now 2>/dev/null </proc/sys/kernel/random/boot_id
	[ -n "${boot_before:-}" ] && [ -n "$boot_now" ] && [ "$boot_now" != "$boot_before" ]
}

# Reads that record: sets $wrapper and $wrapper_alive. Returns 1 when the wrapper was
# never started or was started in an earlier boot: then it has no processes. Returns 2
# when that cannot be found out now.
process_find() {
	wrapper=
	wrapper_alive=no
	if ! read -r wrapper wrapper_start boot 2>/dev/null <"$workdir/process"; then
		[ -x "$workdir" ] && [ ! -e "$workdir/process" ] || return 2
		return 1
	fi
	read -r boot_now 2>/dev/null </proc/sys/kernel/random/boot_id || return 2
	[ "$boot" = "$boot_now" ] || return 1
	[ -d "/proc/$wrapper" ] || return 0
	[ "$(process_start "$wrapper")" != "$wrapper_start" ] || wrapper_alive=yes
	# A zombie counts as gone. If another process has this number, no process of our
	# session is left either: until then the number would not be free.
	[ "$wrapper_alive" = yes ] || [ -z "$(process_start "$wrapper")" ]
}

# Prints the numbers of the conversion's processes, whose wrapper is process $1, but
# not the wrapper: its descendants, its session, and the sessions that any of them
# leads (sudo runs its command in a new one). awk reads /proc by itself, so that no
# process of this search is found.
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

# Ends the processes of wrapper $1: TERM to each once, up to $grace seconds, then KILL.
# Fails when some are still running (where sudo allows only virt-v2v).
process_end() {
	tries=0
	patience=$((grace * 5))
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

# Reads WORKDIR/relay, the record of the relay. Returns 1 if the relay is gone, 2 if there was none.
relay_find() {
	relay_start=
	read -r relay relay_start boot 2>/dev/null <"$workdir/relay" || [ -n "$relay_start" ] || return 2
	read -r boot_now 2>/dev/null </proc/sys/kernel/random/boot_id
	[ "$boot" = "$boot_now" ] && [ "$(process_start "$relay")" = "$relay_start" ]
}

# Whether p2v-relay is there, which has for another try what has come. Its substitute keeps nothing,
# and ends with the wrapper.
relay_keeps() {
	relay_find && ! grep -qa substitute.sh "/proc/$relay/cmdline" 2>/dev/null
}

# Ends the relay, waits until it is gone, and removes the sockets of its tunnels, which sshd
# leaves behind, and what a relay that was killed had half written. Without tunnels/ no sshd can
# make another socket: over a connection that was broken, p2vd's request for one may come later
# still. It is moved away first, so that none comes while it is emptied.
relay_end() {
	signal=TERM tries=0
	while relay_find && [ $tries -lt 50 ]; do
		kill -s $signal "$relay" 2>/dev/null
		tries=$((tries + 1))
		[ $tries -lt 25 ] || signal=KILL
		sleep 0.2
	done
	[ -e "$workdir/relay" ] || return 0
	mv -f "$workdir/tunnels" "$workdir/.tunnels" 2>/dev/null
	rm -rf "$workdir/.tunnels" "$workdir/relay-progress.new"
}

# Writes what standard input has into directory $1: of each line `SIZE NAME` of $files so many
# bytes, into the file NAME, a plain name or tunnels/ and one. Each is written as a whole or not
# at all, so that a broken connection does not leave half a file. Who is to know of a tunnel may
# have ended: then tunnels/ is gone, and that file is not written. Prints why it cannot, and fails.
files_write() {
	newline='
'
	while [ -n "$files" ]; do
		line=${files%%"$newline"*}
		files=${files#*"$newline"}
		size=${line%% *}
		file=${line#* }
		plain=${file#tunnels/}
		case $plain in
		'' | .* | -* | */*)
			echo "cannot write '$1/$file': the name is neither a plain one nor tunnels/ and a plain one"
			return 1
			;;
		esac
		if [ "$plain" != "$file" ] && [ ! -e "$1/tunnels" ]; then
			head -c "$size" >/dev/null
			continue
		fi
		new=$1/${file%"$plain"}.$plain.new
		message=$({ head -c "$size" >"$new"; } 2>&1) || {
			rm -f "$new"
			echo "cannot write '$1/$file': $message"
			return 1
		}
		got=$(($(wc -c <"$new")))
		if [ "$got" -ne "$size" ]; then
			rm -f "$new"
			echo "only $got of $size bytes of '$file' arrived"
			return 1
		fi
		message=$(mv -f "$new" "$1/$file" 2>&1) || {
			rm -f "$new"
			echo "cannot write '$1/$file': $message"
			return 1
		}
	done
}
