# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Ends a conversion: virt-v2v and all processes that it started. Returns when they
# are gone and their incomplete files are removed. If the conversion had already
# ended, its guest stays, unless "discard" is yes. It is also end.sh in the work directory,
# for people and for the next start of the machine; then it has no value workdir.
#
# Values: workdir, sudo, output, storage, connection, name, grace; discard (yes, no). In the environment: stay
# (yes), where only the slot is to be left.

exec </dev/null
[ -n "$workdir" ] || workdir=$(cd "$(dirname "$0")" && pwd -P)
[ -d "$workdir" ] && cd "$workdir" || exit 0
converter_init

process_find
started=$?
if [ $started -eq 2 ]; then
	echo 'it cannot be found out now whether virt-v2v is running' >&2
	exit 1
elif [ $started -eq 0 ]; then
	# On TERM the wrapper does all of this by itself. The rest is for the case that it cannot.
	if [ "$wrapper_alive" = yes ]; then
		kill -s TERM "$wrapper" 2>/dev/null
		if [ "$sudo" = yes ] && [ "$elevate" = no ]; then
			relay_end
			echo 'sudo allows only virt-v2v, so it cannot be stopped: it ends by itself when it loses its disks' >&2
			exit 1
		fi
	fi
	tries=0
	while process_find && [ "$wrapper_alive" = yes ] && [ $tries -lt $(((grace + 10) * 5)) ]; do
		sleep 0.2
		tries=$((tries + 1))
	done
	[ "$wrapper_alive" = no ] || grace=0 # it had its time
	if ! process_end "$wrapper"; then
		printf 'processes of virt-v2v are still running: %s\n' "$(process_family "$wrapper")" >&2
		exit 1
	fi
	if [ "$wrapper_alive" = yes ]; then
		kill -s KILL "$wrapper" 2>/dev/null
	fi
fi

relay_end
rm -f key-* .room .full map-*
if [ "$(cat status 2>/dev/null)" = 99 ] || [ "$discard" = yes ]; then
	if [ "$discard" = yes ] || ! output_complete; then
		output_remove >&2
	fi
	output_unlock
	{ printf '143\n' >.status.new && mv -f .status.new status; } 2>/dev/null || {
		rm -f .status.new
		printf '143\n' 1<>status # as the wrapper does
	}
fi
if [ "${stay:-}" = yes ]; then # p2vd begins anew, and its slot is kept for it
	{ true >may-follow; } 2>/dev/null
else
	rm -f may-follow
	queue_leave "${workdir##*-}"
fi
code=$(cat status)
echo "The conversion has ended with exit code $code."
# p2vd knows this sentence.
if [ "$discard" != yes ] && { [ "$code" = 0 ] || [ "$code" = 143 ]; } && output_complete; then
	echo 'virt-v2v had made all of the guest, and it stays.'
fi
exit 0
