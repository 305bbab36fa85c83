# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints virt-v2v's log from byte OFFSET on, as it grows, until the wrapper has ended
# and everything has been printed. Prints nothing else. When the connection breaks,
# tail notices that nobody reads its output, and ends (GNU coreutils 8.28 and later;
# an older one ends at the next line).
#
# Values: workdir, offset.

exec </dev/null
cd "$workdir" || exit 1
first=$((offset + 1))
if process_find && [ "$wrapper_alive" = yes ]; then
	exec tail -s 0.2 --pid="$wrapper" -c +"$first" -f virt-v2v-conversion-log.txt
fi
exec tail -c +"$first" virt-v2v-conversion-log.txt
