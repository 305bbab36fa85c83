# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints virt-v2v's log from byte OFFSET on, as it grows, until the wrapper has ended
# and everything has been printed. For each line of its input it renews
# the file "heard", so that the wrapper knows that the machine is still there, and prints how far the
# relay is on its error output: the lines of its file "relay-progress", behind "relay ". The line "copying"
# makes the file of this name, by which the relay knows that virt-v2v copies. When the connection
# breaks, tail notices that nobody reads its output, and ends (GNU coreutils 8.28 and later;
# an older one ends at the next line).
#
# Values: workdir, offset.

exec 3<&0 </dev/null
cd "$workdir" || exit 1
umask 077
# It ends with the channel, or with tail: the channel stays open as long as somebody can write to it.
# `true`, because dash ends where a redirection of `:` fails.
# Where a start-up file has made one of both outputs, the log stands alone.
report=yes
# shellcheck disable=SC3013 # each sh of today has it
[ ! /proc/self/fd/1 -ef /proc/self/fd/2 ] || report=
while read -r word; do
	true >heard
	[ "$word" != copying ] || true >copying
	[ -z "$report" ] || [ ! -r relay-progress ] || while IFS= read -r line; do
		printf 'relay %s\n' "$line" >&4
	done <relay-progress
done 4>&2 <&3 >/dev/null 2>&1 3<&- &
beat=$!
exec 3<&-
first=$((offset + 1))
code=0
if process_find && [ "$wrapper_alive" = yes ]; then
	tail -s 0.2 --pid="$wrapper" -c +"$first" -f virt-v2v-conversion-log.txt || code=$?
else
	tail -c +"$first" virt-v2v-conversion-log.txt || code=$?
fi
kill $beat 2>/dev/null || true
exit $code
