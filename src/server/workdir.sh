# shellcheck shell=sh disable=SC2154 # values
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the work directory, /tmp/virt-p2v-YYYYMMDD-UNIQUE, writes files into it and prints
# its path. mkdir fails if anything with this name exists, even a link, so that no other
# user's directory is ever used. One of the same UNIQUE that is ours, from before the
# connection was lost, is used again.
#
# The files' contents are the input, one after the other. relay.sh stands behind it.
#
# Values: unique; files, as for files_write() of common.sh.

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

message=$(files_write "$directory") || fail "$message"
exec </dev/null
printf '%s\n' "$directory"
# shellcheck disable=SC2034 # for relay.sh
workdir=$directory
