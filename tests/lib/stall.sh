# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machines that stall while they boot. Under emulation, on a busy host, a guest's kernel
# sometimes misses its timer: it gives up, or sleeps for ever. With "quiet" the screen then
# stays black. Or it measures its TSC while QEMU has no processor, takes 161 MHz for 2095, and
# its clock is 13 times too fast: it tells stalls and lockups that are none ("PIT calibration
# deviates from HPET" stands before them), and goes on. And QEMU itself ends now and then by an
# assertion (msix_table_mmio_write). Part of qemu.sh.
#
#	machine_stalled NAME	whether the machine stands still, and has not booted yet
#	machine_crashed NAME	whether QEMU ended by an assertion of its own while it boots
#	machine_again NAME	starts it again and says so; fails where it has been done once
#
# How long it must be silent and idle, in seconds. A machine that boots works, and one that
# gets no processor waits for it: neither is idle.
stall_seconds=30

# What a kernel says that goes no further. That RCU detected a stall is no such thing: most
# guests that say so recover within seconds.
stall_words="IO-APIC \+ timer doesn't work"
stall_booted='p2vd .* started|^p2vd: |LEGACY IS UP'

# Prints the milliseconds for which QEMU's threads have worked or waited for a processor.
stall_busy() {
	local task worked waited sum=0
	for task in "/proc/$(cat "$tmp/$1.pid")"/task/*/schedstat; do
		{ read -r worked waited _ <"$task"; } 2>/dev/null || continue
		sum=$((sum + worked + waited))
	done
	echo $((sum / 1000000))
}

# Whether it has not booted yet, and nobody has touched it.
machine_boots() {
	[ ! -e "$tmp/$1.touched" ] && ! machine_has_said "$1" "$stall_booted"
}

# Keeps in NAME.watch since when the machine is watched, and its output and work until then.
machine_stalled() {
	local name=$1 since size busy now_size now_busy
	machine_boots "$name" || return 1
	! machine_crashed "$name" || return 0
	! machine_has_said "$name" "$stall_words" || return 0
	now_size=$(stat -c %s "$tmp/$name.serial")
	read -r since size busy 2>/dev/null <"$tmp/$name.watch" || since=-1 size=-1 busy=0
	if [ "$now_size" = "$size" ] && [ $((SECONDS - since)) -lt $stall_seconds ]; then
		return 1
	fi
	now_busy=$(stall_busy "$name")
	if [ "$now_size" = "$size" ] && [ $((now_busy - busy)) -lt $(((SECONDS - since) * 1000 / 5)) ]; then
		return 0
	fi
	echo "$SECONDS $now_size $now_busy" >"$tmp/$name.watch"
	return 1
}

machine_crashed() {
	! machine_alive "$1" && machine_boots "$1" && grep -q 'Assertion .* failed' "$tmp/$1.log"
}

machine_again() {
	local name=$1 arguments
	[ ! -e "$tmp/$name.serial.stalled" ] || fail "$name stalled at boot once more, see $tmp/$name.serial"
	echo "run: $name: stalled at boot after $(machine_took "$name") s, is started again"
	machine_end "$name"
	mv "$tmp/$name.serial" "$tmp/$name.serial.stalled"
	rm -f "$tmp/$name.watch" "$tmp/$name.qmp"
	mapfile -d '' -t arguments <"$tmp/$name.arguments"
	machine_start "$name" "${arguments[@]}"
}
