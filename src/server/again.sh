# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands in front of launch.sh, and makes room for another try in the same work directory: of
# the one before only its log stays, with its number in its name. Does nothing for the first try, and
# nothing the second time.
#
# Prints `restarted` if the server was restarted since the test, or `no-relay` if the relay has ended
# or only its substitute is there, and ends; the work directory is then as for the next try, if it is there.
#
# Values: workdir, sudo, output, storage, connection, name, grace; try, its number; relay_wanted (yes,
# no); boot_before, the server's boot id at the test, or empty.

umask_login=$(umask)
umask 077
if boot_changed; then
	echo restarted
	exit 0
fi
cd "$workdir" || exit 1

try_before=1
read -r try_before 2>/dev/null <try || try_before=1
if [ "$try_before" -lt "$try" ]; then
	converter_init
	process_find
	started=$?
	if [ $started -eq 2 ] || [ "$wrapper_alive" = yes ]; then
		echo "try $try_before has not ended" >&2
		exit 1
	fi
	# It may have been killed.
	[ $started -ne 0 ] || process_end "$wrapper" || {
		printf 'processes of virt-v2v are still running: %s\n' "$(process_family "$wrapper")" >&2
		exit 1
	}
	rm -f key-*
	if [ "$(cat status 2>/dev/null)" = 99 ]; then
		output_remove >>virt-v2v-conversion-log.txt
		output_unlock
	fi
	[ ! -e virt-v2v-conversion-log.txt ] ||
		mv -f virt-v2v-conversion-log.txt "virt-v2v-conversion-log.try-$try_before.txt" || exit 1
	rm -f copying v2v-version output-before output-directory status process || exit 1
	# The relay looks for it: the connections of this try are counted anew.
	said=$({ echo "$try" | cat >.try.new && mv -f .try.new try; } 2>&1) || {
		printf "cannot write '%s/try': %s\n" "$workdir" "${said##*: }" >&2
		exit 1
	}
	if [ "$relay_wanted" = yes ] && ! relay_keeps; then
		relay_end
		echo no-relay
		exit 0
	fi
fi
umask "$umask_login"
