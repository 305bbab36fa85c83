# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints the state of the conversion, one of these lines:
#	none		it was never started
#	running		virt-v2v is running, or what it left is being removed
#	ended N		it ended with exit code N; 143 when it was cancelled. What follows are lines of
#			the file bad-sectors
#	refused REASON	the work directory could not be written before virt-v2v ran
#	lost		its processes are gone without a status (killed)
#	gone		the work directory is
#	restarted	it ran, or is gone, and the server was restarted meanwhile
#
# Values: workdir; boot_before, the server's boot id at the test, or empty.

# Exits with 1 when that cannot be found out now: p2vd asks again. So nothing here needs another
# program, and a file that is not to be read is not taken for one that is not there.

exec </dev/null
if ! cd "$workdir"; then
	[ ! -e "$workdir" ] || exit 1 # it may be entered again in a moment
	state=gone
	! boot_changed || state=restarted
	echo $state
	exit 0
fi
process_find
started=$? reason=
[ $started -ne 2 ] || exit 1
# Only now, after the look at its process: it writes its status before it ends.
if ! read -r code reason 2>/dev/null <status; then
	[ -x . ] && [ ! -s status ] || exit 1
	code=99
fi
if [ -n "$reason" ]; then
	printf 'refused %s\n' "$reason"
elif [ "$code" -ne 99 ]; then
	echo "ended $code"
	count=0
	while [ $count -lt 1000 ] && IFS= read -r place; do
		printf '%s\n' "$place"
		count=$((count + 1))
	done 2>/dev/null <bad-sectors
elif boot_changed; then
	echo restarted
elif [ "$wrapper_alive" = yes ]; then
	echo running
elif [ -n "$wrapper" ] && [ ! -e v2v-version ] && ! said=$({ : >>heard; } 2>&1); then
	# It could not even write its status.
	printf "refused cannot write '%s': %s\n" "$workdir/heard" "${said##*: }"
elif [ -n "$wrapper" ]; then
	echo lost
else
	echo none
fi
exit 0
