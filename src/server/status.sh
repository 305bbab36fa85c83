# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints the state of the conversion, one of these lines:
#	none		it was never started
#	running		virt-v2v is running, or what it left is being removed
#	ended N		it ended with exit code N; 143 when it was cancelled
#	lost		its processes are gone without a status (killed, server rebooted)
#	gone		the work directory is
#
# Values: workdir.

exec </dev/null
if ! cd "$workdir"; then
	[ ! -e "$workdir" ] || exit 1 # it may be entered again in a moment
	echo gone
	exit 0
fi
alive=no
if process_find; then
	alive=$wrapper_alive
fi
# Only now, after the look at its process: it writes its status before it ends.
code=$(cat status 2>/dev/null)
if [ ! -f process ]; then
	echo none
elif [ "${code:-99}" -ne 99 ]; then
	echo "ended $code"
elif [ "$alive" = yes ]; then
	echo running
else
	echo lost
fi
exit 0
