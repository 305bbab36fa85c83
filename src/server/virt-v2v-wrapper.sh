# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs virt-v2v on behalf of p2vd, detached from any login: what it says goes to
# virt-v2v-conversion-log.txt, how it ended to status (99 until then). On TERM,
# INT, or when virt-v2v fails, what the conversion left half-made is removed.
#
# Values: workdir, sudo, output, storage, connection, name, grace; the
# arguments are virt-v2v's.

login_umask=$(umask)
umask 077
cd "$workdir" || exit 1

# What virt-v2v says is explained by p2vd, which reads English.
unset LC_ALL LANGUAGE
LC_MESSAGES=C
export LC_MESSAGES

# shellcheck disable=SC2317,SC2329 # called below and by the trap
status() {
	printf '%s\n' "$1" >.status.new && mv -f .status.new status
}

# shellcheck disable=SC2317,SC2329 # the trap calls it
cancel() {
	trap '' TERM INT
	cancelled=yes
	process_end $$
	# Where /proc shows nobody else's processes, sudo passes this on.
	[ -z "$child" ] || process_signal TERM "$child"
}

child=
cancelled=
status 99
process_record
trap cancel TERM INT
trap '' HUP

date >"time"
printenv >environment
converter_init
if ! output_lock; then
	echo "virt-v2v-wrapper.sh: another conversion to this guest's files is under way" \
		>>virt-v2v-conversion-log.txt
	status 1
	exit 0
fi
output_files "$(output_directory)" >.output-before.new && mv -f .output-before.new output-before

if [ -z "$cancelled" ]; then
	(
		umask "$login_umask"
		if [ "$sudo" = yes ]; then
			# shellcheck disable=SC2024 # the file is ours, not root's
			sudo -n virt-v2v --version >v2v-version 2>&1 </dev/null
			exec sudo -n virt-v2v "$@"
		fi
		virt-v2v --version >v2v-version 2>&1 </dev/null
		exec virt-v2v "$@"
	) >>virt-v2v-conversion-log.txt 2>&1 </dev/null &
	child=$!
fi

code=143
if [ -n "$child" ]; then
	wait "$child"
	code=$?
	# Cancelled: that wait was interrupted, and what virt-v2v says does not count.
	if [ -n "$cancelled" ]; then
		wait "$child"
		code=143
	fi
fi

# Nothing that virt-v2v started may outlive it.
process_end $$
[ "$code" -eq 0 ] || output_remove >>virt-v2v-conversion-log.txt
output_unlock
status "$code"
exit 0
