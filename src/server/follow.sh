# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints virt-v2v's log from byte OFFSET on, as it grows, until the wrapper has ended
# and everything has been printed. Prints nothing else. For each line of its input it renews
# the file "heard", so that the wrapper knows that the machine is still there. When the connection breaks,
# tail notices that nobody reads its output, and ends (GNU coreutils 8.28 and later;
# an older one ends at the next line).
#
# Values: workdir, offset.

exec 3<&0 </dev/null
cd "$workdir" || exit 1
umask 077
# It ends with the channel. `true`, because dash ends where a redirection of `:` fails.
while read -r _; do
	true >heard
done <&3 >/dev/null 2>&1 3<&- &
exec 3<&-
first=$((offset + 1))
if process_find && [ "$wrapper_alive" = yes ]; then
	exec tail -s 0.2 --pid="$wrapper" -c +"$first" -f virt-v2v-conversion-log.txt
fi
exec tail -c +"$first" virt-v2v-conversion-log.txt
