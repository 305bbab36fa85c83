# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints what this server can do, one fact per line: `key value`. server.c reads it and
# ignores unknown keys. `end` comes last, to show that the answer was not cut off.
# Each step has a time limit. It changes nothing but this: it ends conversions of this
# machine that are unfinished, because it was reset, removes what an earlier try has left, and, where it
# is given "unique", takes a place in the queue: keeper.sh stands in front of it.
#
# Values: sudo (yes, no), output, storage, connection, name: as for virt-v2v; identity, of
# machine_identity.h, or empty; port: the one that the server has just forwarded, or empty;
# socket: likewise; store (p2v.store); again, what the work directory of this conversion ends with if
# virt-v2v ran already, else empty; before, what the first test has found of the guest, a name per line;
# age, how many seconds ago the server was lost, or empty; own, likewise of a work directory: of a
# conversion that a p2vd before this one has begun, or empty; and those of keeper.sh, unique being empty
# where no place is wanted; look, yes where only what a place would be is asked.

exec </dev/null
LC_ALL=C
# All that the commands below start has this in its environment, even as a daemon.
P2VD_PROBE=$$-$(date +%s%N)
export LC_ALL P2VD_PROBE
trap '' PIPE # to come to the end even if nobody reads the answer

bounded() {
	timeout -k 5 20 "$@" </dev/null
}

# The same as the user who runs virt-v2v.
converter_bounded() {
	converter env "P2VD_PROBE=$P2VD_PROBE" timeout -k 5 20 "$@" </dev/null
}

leftovers() {
	converter grep -lsz "^P2VD_PROBE=$P2VD_PROBE\$" /proc/[0-9]*/environ </dev/null 2>/dev/null |
		sed 's/[^0-9]//g'
}

say() {
	printf '%s %s\n' "$1" "$2"
}

# Prints how many bytes ordinary users can still write into directory $1, - if unknown.
free() {
	bytes=$(converter timeout -k 5 10 df --output=avail -B1 -- "$1" 2>/dev/null </dev/null |
		sed -n '2{s/[^0-9]//g;p;}')
	printf '%s\n' "${bytes:--}"
}

# Prints why command $1 (converter, or command for ourselves) cannot write into directory
# $2, nothing if it can. Only a try tells: read-only, full, without inodes, over a quota.
refusal() {
	# shellcheck disable=SC2016 # for the inner shell
	said=$("$1" timeout -k 5 20 sh -c '
		umask 077
		file=$(mktemp "$1/.virt-p2v-XXXXXX") || exit
		uname >"$file" # which says why it cannot; what is built into sh says "I/O error"
		code=$?
		rm -f "$file"
		exit $code' sh "$2" 2>&1 </dev/null) ||
		printf '%s\n' "${said:-no answer}" | sed -n '$s/.*: //;$p'
}

# What our scripts use. First, because what comes next would be wrong without it.
for program in awk cat chmod cp cut date grep head id mkdir mkfifo mktemp mv rm sed setsid sha256sum sleep \
	stat tail timeout uname wc; do
	command -v "$program" >/dev/null || say missing "$program"
done
say user "$(id -un)"
say uid "$(id -u)"
say arch "$(uname -m)"
say processors "$(nproc 2>/dev/null)"
boot_now=
read -r boot_now 2>/dev/null </proc/sys/kernel/random/boot_id
say boot "$boot_now"
# Whose queue it is: the same by whatever name the server was reached.
[ -z "$boot_now" ] ||
	say queue-of "$boot_now $(id -u) $(stat -L -c %d:%i /tmp) $(stat -L -c %d:%i "${HOME:-/}" 2>/dev/null)"
say system "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\).*/\1/p' /etc/os-release 2>/dev/null | head -n 1)"

# On which addresses this port can be reached, as the kernel writes them.
if [ -n "${port:-}" ]; then
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf '%04X' "$port")" '
		$4 == "0A" && split($2, part, ":") == 2 && part[2] == port { print "listens", part[1] }'
fi

# sshd leaves the socket of the test behind.
if [ -n "${socket:-}" ]; then
	rm -f "${socket%-*}"-*
	# Those of a p2vd that was ended before it came here: sshd leaves them.
	find /tmp -maxdepth 1 -name '.virt-p2v-trial-*' -type s -user "$(id -u)" -mmin +60 \
		-exec rm -f {} + 2>/dev/null
fi

# virt-v2v, called by sudo if that is how it will be run. A user whom sudo allows
# nothing but virt-v2v can convert, too.
converter_init
run=
if [ "$sudo" = yes ]; then
	if ! command -v sudo >/dev/null; then
		say sudo missing
	elif answer=$(bounded sudo -n virt-v2v --version 2>&1); then
		say sudo ok
		run='sudo -n'
	else
		case $elevate$answer in
		yes* | *'virt-v2v: command not found'*)
			# sudo works. virt-v2v does not, or it is not in the PATH that sudo gives it.
			say sudo ok
			run='sudo -n'
			;;
		# The second are the words of sudo-rs.
		*'password is required'* | *'authentication is required'*) say sudo password ;;
		*'must have a tty'*) say sudo tty ;;
		*) say sudo refused ;;
		esac
		say sudo-message "$(printf '%s\n' "$answer" | grep -v 'unable to resolve host' | head -n 1)"
	fi
fi

# shellcheck disable=SC2086 # $run is empty or two words
if version=$(bounded $run virt-v2v --version 2>&1); then
	say virt-v2v "$(printf '%s\n' "$version" | sed -n 's/^virt-v2v \([0-9]\)/\1/p' | head -n 1)"
	bounded $run virt-v2v --machine-readable 2>/dev/null |
		while IFS= read -r line; do
			say capability "$line"
		done
elif path=$(command -v virt-v2v); then
	say virt-v2v-path "$path"
	say virt-v2v-said "$(printf '%s\n' "$version" | grep -v 'unable to resolve host' | head -n 1)"
fi

# The programs by which virt-v2v since 2.0 reads an NBD disk. nbdkit takes options only
# before the plugin where POSIXLY_CORRECT is set, and serves what is no option.
if converter_bounded nbdkit --dump-plugin nbd >/dev/null 2>&1; then
	say nbdkit nbd
elif converter_bounded nbdkit --version >/dev/null 2>&1; then
	say nbdkit bare
fi
if converter_bounded nbdcopy --version >/dev/null 2>&1; then
	say nbdcopy yes
fi

# Whether the conversion in the work directory $1 is one of this machine.
of_this_machine() {
	[ -n "$identity" ] && [ "$(cat "$1/machine-identity" 2>/dev/null)" = "$identity" ] && return
	[ -n "${own:-}" ] && [ "${1%-"$own"}" != "$1" ]
}

# Conversions of this user that have not ended. Those of this machine cannot go on, as it
# has been started anew. Of the others, those to the same guest are told.
lock=$(output_lock_path)
for directory in /tmp/virt-p2v-*; do
	workdir_ours "$directory" || continue
	if [ -n "${again:-}" ] && [ "${directory%-"$again"}" != "$directory" ]; then
		if message=$(discard=yes stay=yes timeout -k 5 60 sh "$directory/end.sh" 2>&1); then
			rm -f "$directory/process" # the relay's substitute would take it for the next one
		else
			say unended "$directory $(printf '%s\n' "$message" | head -n 1)"
		fi
		continue
	fi
	if [ ! -e "$directory/status" ] && [ -e "$directory/relay" ] && of_this_machine "$directory"; then
		# The connection was lost, or the machine reset, before virt-v2v was started.
		timeout -k 5 60 sh "$directory/end.sh" >/dev/null 2>&1
	fi
	state=$(cat "$directory/status" 2>/dev/null)
	if [ "$state" != 99 ]; then
		# It had failed, and its relay waits for another try, which does not come any more.
		# shellcheck disable=SC2034 # for common.sh
		[ -n "$state" ] && [ -e "$directory/relay" ] && of_this_machine "$directory" &&
			(workdir=$directory && relay_end)
		continue
	fi
	since=$(date -r "$directory/process" '+%Y-%m-%d %H:%M:%S' 2>/dev/null)
	if of_this_machine "$directory"; then
		if message=$(timeout -k 5 60 sh "$directory/end.sh" 2>&1); then
			say ended "$directory $since"
			continue
		fi
		say unended "$directory $(printf '%s\n' "$message" | head -n 1)"
	fi
	[ "$(cat "$directory/lock" 2>/dev/null)" != "$lock" ] || say rival "$directory $since"
done

# What root can do is not known where sudo allows only virt-v2v.
known=yes
if [ -n "$run" ] && [ "$elevate" = no ]; then
	known=no
fi

# Free space for virt-v2v's overlays, and for our work directory. The last two are where
# libguestfs keeps sockets, and the system that it boots.
# shellcheck disable=SC2016 # for the inner shell
converter sh -c 'printf "%s\n" "${TMPDIR:-/var/tmp}" "${VIRT_V2V_TMPDIR:-/var/tmp}" \
	"${LIBGUESTFS_TMPDIR:-${TMPDIR:-/tmp}}" "${LIBGUESTFS_CACHEDIR:-${TMPDIR:-/var/tmp}}"' </dev/null | {
	for use in overlays overlays sockets appliance; do
		IFS= read -r directory
		[ $use != overlays ] || say temporary "$(free "$directory") $directory"
		why=
		[ $known = no ] || why=$(refusal converter "$directory")
		[ -z "$why" ] || say temporary-refused "'$directory' ($why)"
	done
}
say work "$(free /tmp) /tmp"
# Where a file system has a number of inodes at all, and df shows it.
say work-inodes "$(df --output=itotal,iavail /tmp 2>/dev/null | awk 'NR == 2 && $1 > 0 { print $2 }')"
why=$(refusal command /tmp)
[ -z "$why" ] || say work-refused "$why"
case ${store:-} in
/*)
	why=$(refusal command "$store")
	[ -z "$why" ] || say store-refused "$why"
	;;
esac

if [ "$output" = libvirt ]; then
	if ! command -v virsh >/dev/null; then
		say virsh missing
	elif output_virsh list --name >/dev/null 2>&1; then
		say virsh ok
		if output_virsh pool-info --pool "${storage:-default}" >/dev/null 2>&1; then
			say pool yes
		else
			say pool no
		fi
		if [ -n "$name" ] && output_virsh domstate --domain "$name" >/dev/null 2>&1; then
			say domain yes
		fi
	else
		say virsh refused
	fi
fi

directory=$(output_directory)
if [ -n "$directory" ]; then
	say storage "$directory"
	if converter test -d "$directory"; then
		state='readonly'
		if converter test -w "$directory" && converter test -x "$directory"; then
			state=writable
		fi
		# Where sudo runs virt-v2v alone, what this user cannot write virt-v2v may.
		why=
		[ $known = no ] && [ $state != writable ] || why=$(refusal converter "$directory")
		[ -z "$why" ] || say storage-refused "$why"
	elif converter test -e "$directory"; then
		state=other
	else
		state=missing
		above=$directory
		while [ "${above#/}" != "$above" ] && ! converter test -d "$above"; do
			above=${above%/*}
		done
		# It may be there, but not for this user.
		converter test -x "${above:-/}" || state='readonly'
	fi
	[ $known = yes ] || [ $state = writable ] || state=unknown
	say storage-state $state
	# The server was restarted, and with /tmp the record of what virt-v2v had half made is gone: it is
	# what was not there at first, and was not written since then, but for the half minute in which a
	# server that goes down may be silent already.
	if [ -n "${age:-}" ] && (output_lock); then
		since=$(($(date +%s) - age + 30))
		output_files "$directory" | while IFS= read -r suffix; do
			printf '%s\n' "$before" | grep -Fqx -e "$name$suffix" ||
				converter find "$directory/$name$suffix" -maxdepth 0 ! -newermt "@$since" -delete \
					</dev/null 2>/dev/null
		done
	fi
	say storage-free "$(free "$directory")"
	output_files "$directory" | while IFS= read -r suffix; do
		say storage-file "$name$suffix"
	done
fi

# A kernel for libguestfs. On some systems only root can read those in /boot.
kernel=
for file in /boot/vmlinu[xz]-* /lib/modules/*/vmlinuz; do
	if converter test -r "$file"; then
		kernel=readable
		break
	elif [ -e "$file" ]; then
		kernel=$file
	fi
done
[ $known = no ] || [ "${kernel:-readable}" = readable ] || say kernel-unreadable "$kernel"

left=$(leftovers)
if [ -n "$left" ]; then
	# shellcheck disable=SC2086 # words are wanted
	process_signal TERM $left
	sleep 1
	left=$(leftovers)
	# shellcheck disable=SC2086 # words are wanted
	[ -z "$left" ] || process_signal KILL $left
fi

# What stands in the queue outlives this script, and must not be counted among the leftovers. Who has gone
# meanwhile, as a conversion that is cancelled, wants no place.
if [ "${look:-}" = yes ]; then
	# shellcheck disable=SC2034 # for keeper.sh
	queue_prefix='queue '
	queue_look
elif [ -n "${unique:-}" ]; then
	unset P2VD_PROBE
	umask 077
	# shellcheck disable=SC2034 # for keeper.sh
	queue_prefix='queue '
	slots_of_file /etc/p2vd/slots >/dev/null || {
		why='does not begin with a number from 1 to 9999'
		[ -r /etc/p2vd/slots ] || why="cannot be read by '$(id -un)'"
		queue_say "warning the server's /etc/p2vd/slots $why: it has no effect"
	}
	if say queue asked; then
		queue_join || [ -z "$stood" ] || queue_leave "$unique"
	fi
fi

# The server's clock, last: so only the network delays its way to the reader.
say time "$(date +%s)"
say end yes
exit 0
