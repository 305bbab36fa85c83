# shellcheck shell=sh disable=SC2154 # values
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Leaves the queue (slots.sh), from whatever place: all that this machine has there.
#
# Values: unique; identity and own, as for keeper.sh, may be empty.

exec </dev/null
queue_leave "$unique"
queue_name_machine
for file in "$queue"/keeper-*; do
	[ ! -e "$file" ] || ! queue_is_ours "${file##*-}" || queue_leave "${file##*-}"
done
exit 0
