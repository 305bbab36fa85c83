# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machines to boot. Read after harness.sh. All files are in $tmp.
#
#	accelerator			prints kvm if it works here, else tcg
#	machine_start NAME ARGUMENT…	starts QEMU; its serial port is $tmp/NAME.serial
#	machine_expect NAME SECONDS REGEX	waits until the serial port has said it. Here and
#				where the next wait, a machine that stalls while it boots is
#				started again, once (stall.sh)
#	machine_has_said NAME REGEX	whether the serial port has said it
#	machine_started NAME SECONDS	waits until p2vd has started; says how long it took
#	machine_off NAME SECONDS	waits until the machine has switched itself off
#	machine_type NAME TEXT		types on the serial port, printf escapes allowed
#	machine_shell NAME		opens the shell that p2v-console offers on the serial port
#	machine_run NAME COMMAND	runs a command in that shell; fails if the command fails
#	machine_ask NAME COMMAND	one QMP command; prints what it returns as JSON
#	machine_untouched NAME DRIVE…	fails if a drive was written, trimmed or never read. A
#				flush of its cache is allowed: the kernel sends one when
#				the machine is switched off. DRIVE:sd is an SD card, for
#				which QEMU counts only the last byte that was written
#	machine_took NAME		prints the seconds since machine_start
#	machine_spent NAME		prints the seconds of processor time that QEMU has used,
#				which hardly depend on other work on this host
#	machine_end NAME		ends a machine
#	machine_screen NAME FILE.png	saves what its screen shows
#	machine_shows NAME SECONDS REGEX	waits until a line of its screen matches; only in
#				text mode. Lines that were just scrolled away count
#	machine_draws NAME SECONDS REGEX	waits until a line of the terminal at its serial port
#				matches, which a program draws on
#	machine_says NAME SECONDS REGEX [REGEX]	waits until the serial port has said the first
#				and, 10 s later at most, the screen shows the second: it
#				folds long lines
#	machine_press NAME KEY…		presses keys of its keyboard together: alt f2
#	machine_keys NAME TEXT		presses one key after the other, as on a US keyboard; printf
#				escapes allowed
#	machine_local_disk FILE		makes a disk that says LOCAL DISK on the serial port when
#				a BIOS starts it
#	machine_local_disk_uefi FILE	the same for UEFI, with or without Secure Boot. The loader
#				is in an installer's directory, not in the firmware's
#				default one, so that our GRUB must find it
#
# QEMU runs with -no-shutdown until machine_end, so that a machine that has switched itself
# off can still be asked for its statistics.

requires qemu-system-x86_64 python3

# shellcheck source=stall.sh
. "$top/tests/lib/stall.sh"

# That /dev/kvm can be opened proves nothing: under some hypervisors a guest runs for a
# while and then hangs on an instruction that KVM cannot emulate. So a real kernel must
# boot until it misses its root file system.
accelerator_probe() {
	[ -w /dev/kvm ] || return 1
	timeout -s KILL 20 qemu-system-x86_64 -accel kvm -m 512 -display none -nodefaults \
		-no-reboot -serial "file:$1/probe.serial" -kernel /boot/vmlinuz-* \
		-append 'console=ttyS0 panic=-1' >/dev/null 2>&1 || true
	grep -q 'Unable to mount root' "$1/probe.serial"
}

# The answer is kept until the host is restarted.
accelerator() {
	local kept
	kept=$top/build/accelerator-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -e "$kept" ]; then
		rm -f "$top"/build/accelerator-*
		if accelerator_probe "$tmp"; then echo kvm; else echo tcg; fi >"$tmp/accelerator"
		mv "$tmp/accelerator" "$kept"
	fi
	cat "$kept"
}

machine_start() {
	local name=$1 accelerator
	shift
	: >"$tmp/$name.serial"
	printf '%s\0' "$@" >"$tmp/$name.arguments"
	accelerator=$(accelerator) # which may take longer than QEMU to start
	echo "$EPOCHREALTIME" >"$tmp/$name.begin"
	qemu-system-x86_64 -name "$name" -accel "$accelerator" -nodefaults -display none -vga std \
		-no-shutdown -no-reboot -serial chardev:serial \
		-chardev "socket,id=serial,path=$tmp/$name.tty,server=on,wait=off,logfile=$tmp/$name.serial" \
		-qmp "unix:$tmp/$name.qmp,server=on,wait=off" "$@" >"$tmp/$name.log" 2>&1 &
	echo $! >"$tmp/$name.pid"
	eventually 10 test -S "$tmp/$name.qmp" || fail "QEMU did not start: $(cat "$tmp/$name.log")"
}

machine_took() {
	local now=$EPOCHREALTIME begin
	begin=$(cat "$tmp/$1.begin")
	echo $(((${now/./} - ${begin/./}) / 1000000))
}

machine_spent() {
	local fields
	# utime and stime, counted from the end of the program's name, which may have blanks.
	read -ra fields < <(sed 's/.*) //' "/proc/$(cat "$tmp/$1.pid")/stat")
	echo $(((fields[11] + fields[12]) / $(getconf CLK_TCK)))
}

machine_alive() {
	alive "$(cat "$tmp/$1.pid")"
}

# Prints the log without control sequences and carriage returns. Its output must be read to
# the end: with pipefail, a grep -q that ends first would make a long log a failure.
machine_said() {
	sed 's/\x1b\[[0-9;?!]*[a-zA-Z]//g; s/\r//g' "$tmp/$1.serial"
}

machine_has_said() {
	machine_said "$1" | grep -Ea -- "$2" >/dev/null
}

# Waits until the serial port says more, or for a second: to look through all that it has said
# takes processes, for which the machine would have to wait.
machine_says_more() {
	: >"$tmp/$1.looked"
	pause 0.2
	for _ in 1 2 3 4; do
		[ ! "$tmp/$1.serial" -nt "$tmp/$1.looked" ] || return 0
		pause 0.2
	done
}

# machine_wait NAME SECONDS COMMAND…: repeats COMMAND until it succeeds; fails after that time.
machine_wait() {
	local name=$1 seconds=$2 end=$((SECONDS + $2)) looked=0
	shift 2
	until "$@"; do
		if [ $SECONDS != $looked ] && looked=$SECONDS && machine_stalled "$name"; then
			machine_again "$name"
			end=$((SECONDS + seconds))
		fi
		[ $SECONDS -lt $end ] || return 1
		machine_says_more "$name"
	done
}

machine_says_now() {
	machine_has_said "$1" "$2" && return
	machine_alive "$1" || machine_crashed "$1" || fail "$1 is gone: $(cat "$tmp/$1.log")"
	return 1
}

machine_expect() {
	machine_wait "$1" "$2" machine_says_now "$1" "$3" && return
	machine_said "$1" | grep -av '^$' | tail -n 25 >&2
	fail "$1 did not say '$3' within $2 s"
}

machine_started() {
	machine_expect "$1" "$2" 'p2vd .* started'
	echo "run: $1: p2vd started $(machine_took "$1") s after power-on, $(machine_spent "$1") s of processor time"
}

# Leaves the line only when nothing comes: a character that QEMU sends just then, it logs twice.
machine_type() {
	: >"$tmp/$1.touched"
	python3 - "$tmp/$1.tty" "$(printf '%b.' "$2")" <<-'END'
		import select, socket, sys, time
		line = socket.socket(socket.AF_UNIX)
		line.connect(sys.argv[1])
		for byte in sys.argv[2][:-1].encode():
		    line.send(bytes([byte]))
		    time.sleep(0.005)
		end = time.monotonic() + 5
		while time.monotonic() < end and select.select([line], [], [], 0.2)[0] and line.recv(65536):
		    pass
	END
}

machine_shell() {
	machine_expect "$1" 60 "press 's' for a shell"
	# Without a server, forms are there a moment later.
	! machine_has_said "$1" 'no p2v\.server' || machine_expect "$1" 30 '<Open>'
	machine_type "$1" s
	machine_expect "$1" 60 '# $'
}

machine_run() {
	local token=done-$RANDOM
	machine_type "$1" "$2; echo $token \"\$?\"\\r"
	# What was typed comes back too, but with a quotation mark behind the token. A number stands
	# there only once the shell has run it, at whatever place of a line.
	machine_expect "$1" 60 "$token [0-9]"
	machine_has_said "$1" "$token 0" || fail "in $1: $2"
}

machine_ask() {
	python3 "$top/tests/lib/qmp.py" "$tmp/$1.qmp" "$2" "${3:-{\}}"
}

machine_is_off() {
	! machine_alive "$1" || machine_ask "$1" query-status 2>/dev/null | grep -q '"status": "shutdown"'
}

machine_off() {
	machine_wait "$1" "$2" machine_is_off "$1" && machine_alive "$1" && return
	machine_said "$1" | grep -av '^$' | tail -n 25 >&2
	fail "$1 did not switch itself off within $2 s"
}

machine_untouched() {
	local name=$1
	shift
	machine_ask "$name" query-blockstats >"$tmp/$name.blockstats"
	python3 - "$tmp/$name.blockstats" "$@" <<-'END' || fail "$name wrote to a disk of its own"
		import json, sys
		found = {}
		for device in json.load(open(sys.argv[1])):
		    name = device.get("qdev", "").rsplit("/", 1)[-1] or device.get("device", "")
		    found[name] = found[device.get("device", "")] = device["stats"]
		wrong = 0
		for word in sys.argv[2:]:
		    name, _, kind = word.partition(":")
		    stats = found[name]
		    written = {key: value for key, value in stats.items()
		               if isinstance(value, int) and value
				               and key in ("wr_bytes", "wr_operations", "wr_merged", "wr_highest_offset",
		                           "unmap_bytes", "unmap_operations",
		                           "failed_wr_operations", "invalid_wr_operations",
		                           "failed_unmap_operations")}
		    print("%s: %d reads, %d bytes read, written: %s, cache flushes: %d"
		          % (name, stats["rd_operations"], stats["rd_bytes"], written or "nothing",
		             stats["flush_operations"]))
		    wrong += bool(written) or (stats["rd_operations"] == 0 and kind != "sd")
		sys.exit(wrong != 0)
	END
}

machine_screen() {
	machine_ask "$1" screendump "{\"filename\": \"$2\", \"format\": \"png\"}" >/dev/null
}

# The memory of VGA's text modes: 80 characters per line, each followed by its colours.
machine_text() {
	machine_ask "$1" pmemsave "{\"val\": 753664, \"size\": 32768, \"filename\": \"$tmp/$1.text\"}" >/dev/null
	python3 - "$tmp/$1.text" <<-'END'
		import sys
		text = open(sys.argv[1], "rb").read()[::2].decode("cp437").replace("\0", " ")
		for start in range(0, len(text), 80):
		    if line := text[start:start + 80].rstrip():
		        print(line)
	END
}

machine_shows_now() {
	machine_text "$1" | grep -E -- "$2" >/dev/null
}

machine_shows() {
	machine_wait "$1" "$2" machine_shows_now "$1" "$3" && return
	machine_text "$1" >&2 || true
	fail "the screen of $1 did not show '$3' within $2 s"
}

# What a terminal with 24 lines of 80 characters at the serial port shows. Where somebody stays
# connected to that port and does not read at once, QEMU logs a character twice: once for the try, and
# once when it is sent. So what such a one has read, $tmp/NAME.seen, counts more than the log.
machine_terminal() {
	local seen=$tmp/$1.seen
	[ -e "$seen" ] || seen=$tmp/$1.serial
	python3 - "$seen" <<-'END'
		import pyte, sys
		screen = pyte.Screen(80, 24)
		pyte.ByteStream(screen).feed(open(sys.argv[1], "rb").read())
		for line in screen.display:
		    if line := line.rstrip():
		        print(line)
	END
}

machine_draws_now() {
	machine_terminal "$1" | grep -E -- "$2" >/dev/null
}

machine_draws() {
	machine_wait "$1" "$2" machine_draws_now "$1" "$3" && return
	machine_terminal "$1" >&2
	fail "the terminal of $1 did not show '$3' within $2 s"
}

machine_says() {
	machine_expect "$1" "$2" "$3"
	machine_shows "$1" 10 "${4:-$3}"
}

machine_press() {
	local name=$1 keys='' key
	: >"$tmp/$name.touched"
	shift
	for key; do
		keys+=${keys:+, }"{\"type\": \"qcode\", \"data\": \"$key\"}"
	done
	machine_ask "$name" send-key "{\"keys\": [$keys]}" >/dev/null
}

machine_keys() {
	local text
	: >"$tmp/$1.touched"
	printf -v text '%b.' "$2" # the dot keeps a newline at the end
	python3 "$top/tests/lib/qmp.py" "$tmp/$1.qmp" --keys "${text%.}"
}

# A boot sector that writes on the serial port.
machine_local_disk() {
	printf '\xfc\x31\xc0\x8e\xd8\xba\xf8\x03\xbe\x16\x7c\xac\x84\xc0\x74\x03\xee\xeb\xf8\xf4\xeb\xfd%s\r\n' 'LOCAL DISK' >"$1"
	truncate -s 510 "$1"
	printf '\x55\xaa' >>"$1"
	truncate -s 8M "$1"
}

# Makes an EFI system partition with Debian's signed loaders, as an installer does.
machine_local_disk_uefi() {
	local part=$1@@1M
	truncate -s 48M "$1"
	sfdisk -q "$1" <<<$'label: gpt\nstart=2048, size=90112, type=uefi'
	mformat -i "$part" -T 90112 -F ::
	mmd -i "$part" ::/EFI ::/EFI/arch ::/EFI/debian
	mcopy -i "$part" /usr/lib/shim/shimx64.efi.signed ::/EFI/arch/shimx64.efi
	mcopy -i "$part" /usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed ::/EFI/arch/grubx64.efi
	echo 'echo LOCAL DISK; sleep 600' | mcopy -i "$part" - ::/EFI/debian/grub.cfg
}

machine_end() {
	local pid
	pid=$(cat "$tmp/$1.pid")
	machine_ask "$1" quit >/dev/null 2>&1 || kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}
