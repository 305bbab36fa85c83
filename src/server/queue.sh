# shellcheck shell=sh disable=SC2154 # values, and what common.sh, slots.sh and keeper.sh set
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands in the queue for a conversion (keeper.sh), and prints how that stands until its channel is
# closed, or there is nothing more to say:
#	place PLACE TAKEN SLOTS SECONDS NAME…	it waits; so many slots are taken, by these guests; about
#						how long it will be, or -
#	slot NUMBER				it is its turn, and it has this slot
#	none REASON				there can be no queue here
# For each line of its input it renews the file heard-UNIQUE.
#
# Values: those of keeper.sh.

exec 3<&0 </dev/null
umask 077
if ! queue_join; then
	[ -z "$stood" ] || queue_leave "$unique"
	exit 1
fi
case $stands in
place*) ;;
*) exit 0 ;;
esac
while read -r _; do
	echo >"$queue/heard-$unique"
done <&3 >/dev/null 2>&1 3<&- &
beat=$!
exec 3<&-
tail -s 0.2 --pid="$keeper" -n 1 -f "$queue/state-$unique"
kill $beat 2>/dev/null
exit 0
