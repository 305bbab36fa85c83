# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A whole conversion with real programs: a machine with a SATA disk boots our ISO with
# only p2v.* words added, a real sshd and a real virt-v2v make a guest of it, it switches
# itself off, and the guest boots from a virtio disk. For test-convert and the demo. Read
# after harness.sh.
#
#	conversion NAME DIRECTORY [WORDS]	the guest's files are left in DIRECTORY; WORDS come behind
#					the other p2v.* words

. "$top/tests/lib/stages.sh"
. "$top/tests/lib/sshd.sh"
. "$top/tests/lib/qemu.sh"

requires virt-v2v cmp

# As a user would write it on a kernel command line.
quoted() {
	local value=${1//\\/\\\\}
	printf '"%s"' "${value//\"/\\\"}"
}

# server_start [OPTION…]: starts sshd, with lines for its sshd_config, and the real virt-v2v; other
# tests use the stand-in.
server_start() {
	rm "$bin/virt-v2v"
	local environment="PATH=$PATH LIBGUESTFS_BACKEND=direct"
	[ "$(accelerator)" = kvm ] || environment+=' LIBGUESTFS_BACKEND_SETTINGS=force_tcg'
	sshd_start "SetEnv $environment" "$@"
}

iso_make() {
	CMDLINE=$1 "$top/appliance/make/build-iso" "$top/build/pxe" "$2"
}

# $patience: seconds that a machine may take to start, where it is no fault if that takes long.

# in_time NAME SECONDS REGEX: waits until the machine has said it, as machine_expect does. What it
# said instead would tell a newcomer nothing, so only its place is told.
in_time() {
	machine_wait "$1" "$2" machine_says_now "$1" "$3" ||
		fail "the $1 did not say '$3' within $2 s: this host may be too busy, then try again; what it said is in ${P2VD_IN_ROOT:+$top/build/root}$tmp/$1.serial"
}

# Prints what p2vd writes on the console, as it comes; its status only now and then.
follow() {
	local shown=0 quiet=0 lines bar
	while sleep 2; do
		lines=$(machine_said "$1" | grep -a '^p2vd: ' | tail -n "+$((shown + 1))") || true
		if [ -n "$lines" ]; then
			shown=$((shown + $(wc -l <<<"$lines"))) quiet=0
			sed 's/^/    | /' <<<"$lines"
		elif [ $((quiet += 2)) -ge 10 ]; then
			quiet=0
			bar=$(machine_said "$1" | grep -a '\[[#.]*\].* of .*/s' | tail -n 1) || true
			[ -z "$bar" ] || echo "    | $bar"
		fi
	done
}

# Waits until the machine is off, or fails as soon as the conversion has failed.
conversion_wait() {
	local name=$1 end=$((SECONDS + $2))
	until machine_is_off "$name"; do
		if machine_has_said "$name" 'error: failed with exit code'; then
			sleep 3
			machine_said "$name" | grep -a '^p2vd: ' | tail -n 40 >&2
			find /tmp -name virt-v2v-conversion-log.txt -exec tail -n 30 {} + >&2
			fail 'the conversion failed'
		fi
		if [ $SECONDS -ge $end ]; then
			machine_said "$name" | grep -av '^$' | tail -n 40 >&2
			fail "$name is not done after $2 s: this host may be too busy, then try again"
		fi
		sleep 1
	done
}

conversion() {
	local name=$1 directory=$2 begin words follower

	stage 'conversion server: sshd and virt-v2v'
	server_start
	echo "    $(virt-v2v --version), $(accelerator)"
	mkdir -p "$directory"

	stage 'ISO with the parameters of this machine'
	words="p2v.server=10.0.2.2 p2v.port=$port p2v.username=root p2v.password=$(quoted "$password")"
	words+=" p2v.name=$name p2v.os=$(quoted "$directory")${3:+ $3}"
	iso_make "$words" "$tmp/p2v.iso"
	cp --sparse=always "$top/build/guest.img" "$tmp/source.img"

	stage 'power on, until p2vd is started'
	begin=$SECONDS
	machine_start machine -machine q35 -m 1024 -smp 2 \
		-drive if=none,id=cd,media=cdrom,readonly=on,file="$tmp/p2v.iso" -device ide-cd,bus=ide.0,drive=cd,bootindex=0 \
		-drive if=none,id=disk,format=raw,file="$tmp/source.img" -device ide-hd,bus=ide.1,drive=disk,bootindex=1 \
		-netdev user,id=net -device e1000e,netdev=net
	in_time machine "${patience:-90}" 'p2vd .* started'
	echo "    started $((SECONDS - begin)) s after power-on, 5 s of them in the boot menu"

	stage 'conversion, until the machine has switched itself off'
	follow machine &
	follower=$!
	conversion_wait machine 1200
	sleep 2
	kill $follower 2>/dev/null || true
	wait $follower 2>/dev/null || true

	stage 'nothing was written to the source disk'
	machine_untouched machine disk | sed 's/^/    /'
	machine_end machine
	cmp "$tmp/source.img" "$top/build/guest.img" || fail 'the source disk has changed'

	stage 'the guest boots from virtio'
	[ -s "$directory/$name.xml" ] || fail "there is no $directory/$name.xml: $(ls -l "$directory")"
	grep -q "bus=['\"]virtio['\"]" "$directory/$name.xml" || fail 'the guest has no virtio disk'
	machine_start guest -machine q35 -m 1024 -smp 2 -snapshot \
		-drive if=none,id=disk,format=raw,file="$directory/$name-sda" -device virtio-blk-pci,drive=disk
	in_time guest "${patience:-240}" 'LEGACY IS UP: root on /dev/vda1'
	machine_said guest | grep -a 'LEGACY IS UP' | tail -n 1 | sed 's/^.*LEGACY/    LEGACY/'
	machine_end guest
	stages_end
}
