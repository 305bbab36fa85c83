# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands behind again.sh. Starts WORKDIR/virt-v2v-wrapper.sh in a session of its own and returns as
# soon as it has recorded itself. A second call does nothing: when the connection
# was lost during the first, it can be repeated.
#
# The input is physical.xml, which virt-v2v reads.
#
# Values: workdir; files, as for files_write() of common.sh; keys, one per line, and what else is
# secret (v2v_secrets() in v2v.h), which the wrapper gets through a pipe: they are never in a file
# or an argument here.

umask 077
if [ -f process ]; then
	exit 0
fi
said=$(files_write "$workdir") || {
	printf '%s\n' "$said" >&2
	exit 1
}
exec </dev/null
if [ -n "$keys" ] && [ "$(command -v printf)" != printf ]; then
	echo "sh has no built-in printf, and a key must not be an argument of another program" >&2
	exit 1
fi
: >>virt-v2v-conversion-log.txt || exit 1
# A line, so that there is a block for what the wrapper says when the last one is taken.
said=$({ echo | cat >launch.txt; } 2>&1) || {
	printf "cannot write '%s/launch.txt': %s\n" "$workdir" "${said##*: }" >&2
	rm -f launch.txt
	exit 1
}
umask "$umask_login"
printf '%s' "$keys" | setsid sh ./virt-v2v-wrapper.sh >/dev/null 2<>launch.txt 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
tries=0
while [ ! -f process ]; do
	tries=$((tries + 1))
	if [ $tries -gt 100 ] || ! kill -0 $! 2>/dev/null; then
		[ ! -f process ] || break
		printf 'virt-v2v-wrapper.sh did not start: %s\n' "$(cat launch.txt)" >&2
		rm -f launch.txt
		exit 1
	fi
	sleep 0.1
done
rm -f launch.txt
exit 0
