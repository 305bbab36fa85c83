# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# p2v-relay for tests, with real exports (qemu-nbd) in the place of tunnels. After harness.sh.
#
#	make_disk FILE SIZE [OFFSET LENGTH]…	a sparse file with random data at these places
#	work_make				empties $work, the work directory, or makes it
#	relay_start OPTION… NAME:SIZE:EXPORT…	begins p2v-relay in $work: $relay_pid, ${ports[@]}
#	relay_stop				ends it, which must succeed
#	relay_said TEXT				whether relay.log has it
#	export_start NUMBER FILE [DISK]		what is read through tunnels/DISK-NUMBER: $export_pid
#	export_stop PID				ends that
#
# nbd.py is found by Python.
#
# $relay is the program: the one with sanitizers if it was built, unless a test sets another.

requires qemu-nbd python3
relay=$top/build/asan/p2v-relay
[ -x "$relay" ] || relay=$top/build/p2v-relay
[ -s "$relay" ] || skip "there is no '$relay' (make build/p2v-relay)"
export PYTHONPATH=$top/tests/lib PYTHONDONTWRITEBYTECODE=1
work=$tmp/work
work_make() {
	rm -rf "$work"
	mkdir -m 700 "$work" "$work/tunnels"
}
work_make
export_name=p2v-test

make_disk() {
	local file=$1
	truncate -s "$2" "$file"
	shift 2
	while [ $# -gt 0 ]; do
		head -c "$2" /dev/urandom | dd of="$file" bs=1M oflag=seek_bytes seek="$1" conv=notrunc status=none
		shift 2
	done
}

relay_start() {
	rm -f "$tmp/ports"
	"$relay" --foreground --directory="$work" "$@" >"$tmp/ports" 2>"$tmp/relay-error.log" &
	relay_pid=$!
	local disks=0 word
	for word; do
		[[ $word == --* ]] || disks=$((disks + 1))
	done
	eventually 30 ports_are "$disks" || fail "no ports: $(cat "$tmp/relay-error.log")"
	# shellcheck disable=SC2034 # for the tests
	mapfile -t ports < <(sed 's/^port //' "$tmp/ports")
}
ports_are() { [ -e "$tmp/ports" ] && [ "$(wc -l <"$tmp/ports")" = "$1" ]; }

relay_stop() {
	local code=0
	kill -s TERM "$relay_pid"
	wait "$relay_pid" || code=$?
	[ $code = 0 ] || fail "the relay ended with $code: $(cat "$tmp/relay-error.log")"
}

relay_said() { grep -qF -e "$1" "$work/relay.log"; }

export_start() {
	local socket=$work/tunnels/${3:-0}-$1
	qemu-nbd -r -t -e 16 -x "$export_name" -f raw -k "$socket" "$2" 2>>"$tmp/export-error.log" &
	# shellcheck disable=SC2034 # for the tests
	export_pid=$!
	eventually 30 test -S "$socket" || fail 'qemu-nbd did not start'
}

export_stop() {
	kill -s TERM "$1"
	wait "$1" || true
}
