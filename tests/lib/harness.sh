# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every integration test begins with
#
#	. "$(dirname "$0")/../../lib/harness.sh"
#
# The test then runs in its own namespaces (mounts, processes, network, host name). So
# nobody else sees what it mounts over /etc, all ports are free, and when it ends, all
# its processes end. $tmp is its directory; it is kept if the test fails or KEEP=1. Exit
# code 77: the test cannot run here, and says why.

set -euo pipefail

top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
test_name=${0##*/}

skip() {
	echo "$test_name: skipped: $*" >&2
	exit 77
}

fail() {
	echo "$test_name: line ${BASH_LINENO[0]}: $*" >&2
	exit 1
}

requires() {
	local command
	for command; do
		command -v "$command" >/dev/null || skip "'$command' is not installed"
	done
}

# pause SECONDS: as sleep, but without a process, which takes longer to start than to wait here.
pause() { read -rt "$1" -u "$harness_never" || true; }

# eventually SECONDS COMMAND…: repeats COMMAND until it succeeds, at first often; fails after
# that time.
eventually() {
	local begin=$SECONDS end=$((SECONDS + $1)) wait=0.05
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		[ $SECONDS -lt $((begin + 3)) ] || wait=0.2
		pause $wait
	done
}

# Whether file $1 begins with a whole line. One that is being written may have half of it.
has_line() { read -r _ <"$1"; } 2>/dev/null

# Whether process $1 exists and is not a zombie. The state stands behind the program's name.
alive() {
	local stat=''
	{ read -rd '' stat <"/proc/$1/stat"; } 2>/dev/null || true
	stat=${stat##*) }
	[ -n "$stat" ] && [ "${stat:0:1}" != Z ]
}

# Prints the command lines of all processes of this test, one per line, except of the first
# in its namespace (see below). Each begins with the program's name without its directory; a
# script counts as the program, not its interpreter. So whatever the directory of this tree
# is called, it is never taken for a program.
processes() {
	local directory argv
	for directory in /proc/[0-9]*; do
		[ "$directory" != /proc/1 ] && alive "${directory#/proc/}" || continue
		{ mapfile -d '' -t argv <"$directory/cmdline"; } 2>/dev/null || continue
		[ ${#argv[@]} != 0 ] || continue # it ends just now
		case ${argv[0]##*/}:${argv[1]:-} in
		sh:[!-]* | bash:[!-]* | dash:[!-]* | python3*:[!-]*) argv=("${argv[@]:1}") ;;
		esac
		argv[0]=${argv[0]##*/}
		printf '%s\n' "${argv[*]//$'\n'/ }"
	done
}

if [ -z "${P2VD_TEST_NAMESPACE:-}" ]; then
	[ "$(id -u)" = 0 ] || skip 'needs root, for its namespaces and for sshd'
	requires unshare ip
	# Inside ./in-root, mounts are already private, and / is not a mount point.
	propagation=private
	[ -z "${P2VD_IN_ROOT:-}" ] || propagation=unchanged
	namespaces=(unshare --mount --propagation "$propagation" --pid --fork --kill-child --net --uts)
	"${namespaces[@]}" true 2>/dev/null || skip 'namespaces are not allowed here'
	export P2VD_TEST_NAMESPACE=1
	# The first process of the namespace gets orphans as children, which confuses bash. So
	# it must not be the test's own shell.
	# shellcheck disable=SC2016 # for the inner shell
	exec "${namespaces[@]}" sh -c '"$@" & wait $!' sh "$0" "$@"
fi
# A test's files are its own: none of them is meant to be one of the host.
unset P2VD_TEST_NAMESPACE TMPDIR P2VD_SEES

mount -t proc proc /proc 2>/dev/null || skip 'needs root: /proc cannot be mounted here'
hostname localhost
ip link set lo up
# A pipe from which nothing comes, for pause.
exec {harness_never}<> <(:)

tmp=$(mktemp -d "/var/tmp/p2vd-$test_name-XXXXXX")
chmod 0711 "$tmp"

# /tmp is the test's own, too ($tmp/tmp outside the namespace), so all files in it are made
# by the test. A source tree in /tmp stays visible.
mkdir -m 1777 "$tmp/tmp"
case $top in
/tmp/*)
	mkdir -p "$tmp$top" "$tmp/tree"
	mount --rbind "$top" "$tmp/tree"
	mount --bind "$tmp/tmp" /tmp
	mount --rbind "$tmp/tree" "$top"
	umount -l "$tmp/tree"
	;;
*)
	mount --bind "$tmp/tmp" /tmp
	;;
esac
cd "$top"

# shellcheck disable=SC2317,SC2329 # the trap calls it
harness_end() {
	local code=$?
	if [ $code -eq 0 ] || [ $code -eq 77 ]; then
		[ -n "${KEEP:-}" ] || {
			cd /
			umount -l /tmp "$tmp"/* "$tmp/tmp"/* 2>/dev/null || true
			rm -rf --one-file-system "$tmp"
		}
	else
		local log
		for log in "$tmp"/*.log; do
			[ -s "$log" ] && [ "${LINES_OF_LOG:-}" != 0 ] || continue
			echo "--- last lines of $log" >&2
			tail -n "${LINES_OF_LOG:-25}" "$log" >&2
		done
		echo "$test_name: failed; its state is in ${P2VD_IN_ROOT:+$top/build/root}$tmp" >&2
	fi
}
trap harness_end EXIT
