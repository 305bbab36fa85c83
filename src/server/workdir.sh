# shellcheck shell=sh disable=SC2154 # values
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the work directory, /tmp/virt-p2v-YYYYMMDD-UNIQUE, writes files into it and prints
# its path. mkdir fails if anything with this name exists, even a link, so that no other
# user's directory is ever used. One of the same UNIQUE that is ours, from before the
# connection was lost, is used again.
#
# The files' contents are the input, one after the other. Each file is written as a whole
# or not at all, so that a broken connection does not leave half a file.
#
# Values: unique; files, a line `SIZE NAME` for each, with the size in bytes and a plain name.

umask 077

fail() {
	printf '%s\n' "$1" >&2
	exit 1
}

directory=
for old in /tmp/virt-p2v-*-"$unique"; do
	if workdir_ours "$old"; then
		directory=$old
	fi
done
if [ -z "$directory" ]; then
	directory=/tmp/virt-p2v-$(date +%Y%m%d)-$unique
	message=$(mkdir -m 0700 "$directory" 2>&1) || fail "$message"
	# Only the owner of /tmp could have replaced it between mkdir and here.
	workdir_ours "$directory" || fail "'$directory' is not what was created: does another user own /tmp?"
fi

newline='
'
new=
trap 'rm -f "$new"' EXIT
while [ -n "$files" ]; do
	line=${files%%"$newline"*}
	files=${files#*"$newline"}
	size=${line%% *}
	file=${line#* }
	case $file in
	'' | .* | -* | */*) fail "'$file' is not a plain file name" ;;
	esac
	new=$directory/.$file.new
	message=$({ head -c "$size" >"$new"; } 2>&1) || fail "cannot write '$directory/$file': $message"
	got=$(($(wc -c <"$new")))
	[ "$got" -eq "$size" ] || fail "only $got of $size bytes of '$file' arrived"
	mv -f "$new" "$directory/$file" || exit 1
done
printf '%s\n' "$directory"
