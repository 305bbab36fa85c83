# shellcheck shell=sh disable=SC2154 # values
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Leaves the queue (slots.sh), from whatever place.
#
# Values: unique.

exec </dev/null
queue_leave "$unique"
exit 0
