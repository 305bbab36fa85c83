# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Creates the work directory, /tmp/virt-p2v-YYYYMMDD-XXXXXXXX, and prints its
# path. mkdir fails if anything with this name exists, even a link, so that
# no other user's directory is ever used.

exec </dev/null
umask 077
tries=0
while [ $tries -lt 10 ]; do
	tries=$((tries + 1))
	unique=$(head -c 256 /dev/urandom | LC_ALL=C tr -dc 'a-z0-9' | cut -c 1-8)
	[ ${#unique} -eq 8 ] || continue
	directory=/tmp/virt-p2v-$(date +%Y%m%d)-$unique
	message=$(mkdir -m 0700 "$directory" 2>&1) || continue
	# Only the owner of /tmp could have replaced it between mkdir and here.
	if [ "$(LC_ALL=C stat -c '%u %a %F' "$directory")" != "$(id -u) 700 directory" ]; then
		message="'$directory' is not what was created: does another user own /tmp?"
		break
	fi
	printf '%s\n' "$directory"
	exit 0
done
printf '%s\n' "${message:-/dev/urandom gives no bytes}" >&2
exit 1
