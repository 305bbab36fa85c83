# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The image: an ISO, or a directory of files for network boot.
#
#	open_image FILE		sets $kind (iso, tree) and $image; copies its custom.img to
#				$scratch, and the p2v.* words of an ISO's boot menu to
#				$scratch/baked
#	find_kernel		sets $kernel, the version of its kernel
#	extract NAME FILE	extracts a file of the ISO's /boot
#	run_xorriso ARGUMENT…	on failure, sets $complaint to xorriso's message

# Runs xorriso without output. On failure, $complaint is its message.
complaint=
run_xorriso() {
	if xorriso -report_about SORRY -return_with SORRY 32 "$@" >"$scratch/xorriso.log" 2>&1; then
		return 0
	fi
	complaint=$(grep -E ': (SORRY|FAILURE|FATAL) :' "$scratch/xorriso.log" | sed 's/^[a-z]* : [A-Z]* : //' |
		head -n 1 || true)
	return 1
}

extract() {
	run_xorriso -osirrox on -indev "stdio:$image" -extract "/boot/$1" "$2"
}

# one_at_a_time PATH: locks PATH, so that no other p2v-customize overwrites what this one
# puts in. PATH must be something that is not replaced when the image is written.
one_at_a_time() {
	[ -r "$1" ] || return 0
	exec 9<"$1"
	flock -w 60 9 || die "another p2v-customize has been running on '$1' for a minute"
}

# no_iso FILE: ends the program: FILE is a file, but no ISO.
no_iso() {
	[ "$(head -c 2 "$1" | od -An -tx1)" != ' 1f 8b' ] ||
		die "'$1' is no ISO: if it is an archive that -o wrote for a directory, make it the custom.img of that directory, and name the directory"
	die "'$1' is no ISO"
}

# Sets $kind and $image, and copies the image's custom.img to $scratch.
open_image() {
	local file blocks
	there_is "$1"
	image=$(readlink -f -- "$1")
	if [ -d "$image" ]; then
		kind=tree
		for file in vmlinuz initrd.img custom.img; do
			[ -f "$image/$file" ] || die "'$1' is no directory of p2vd's files for network boot: it has no $file"
			[ -r "$image/$file" ] || die "cannot read '$image/$file'"
		done
		# Do not lock the directory: p2v-pxe does.
		one_at_a_time "$image/initrd.img"
		cp "$image/custom.img" "$scratch/custom.img"
		return
	fi
	kind=iso
	need xorriso
	[ -f "$image" ] || die "'$1' is neither an ISO nor a directory"
	[ -r "$image" ] || die "cannot read '$1'"
	one_at_a_time "$(dirname "$image")"
	[ "$(dd if="$image" bs=1 skip=32769 count=5 status=none | tr -d '\0')" = CD001 ] || no_iso "$1"
	# The number of blocks is in the primary volume descriptor (ECMA-119, 8.4.8).
	blocks=$(od -An -tu4 -j32848 -N4 "$image")
	[ $((blocks * 2048)) -le "$(stat -c %s "$image")" ] ||
		die "'$1' is cut off: it has $(stat -c %s "$image") of $((blocks * 2048)) bytes; fetch it again"
	extract custom.img "$scratch/custom.img" || no_room ||
		die "'$1' is no ISO of p2vd, or an old one that p2v-customize cannot change: it has no /boot/custom.img"
	[ -e "$scratch/custom.img" ] || exit 1
	# The p2v.* words of the boot menu: without GRUB's quotes, in the form of --parameters.
	extract grub/grub.cfg "$scratch/menu" || die "'$1' has no menu: $complaint"
	LC_ALL=C sed -n '/^[^\x27]*vmlinuz [^\x27]* quiet \x27/{s///
		s/\x27$//; s/\x27\\\x27\x27/\x01/g; s/\x27 \x27/\n/g
		s/\x01/\x27/g; s/[\\"]/\\&/g; p; q}' "$scratch/menu" | LC_ALL=C sed -n 's/^p2v\..*/"&"/p' >"$scratch/baked"
}

# Reads the version from the kernel's header (Documentation/arch/x86/boot.rst of Linux).
kernel=
find_kernel() {
	local vmlinuz=$image/vmlinuz offset
	[ -z "$kernel" ] || return 0
	if [ $kind = iso ]; then
		vmlinuz=$scratch/vmlinuz
		extract vmlinuz "$vmlinuz" || die "the image has no kernel: $complaint"
	fi
	[ "$(dd if="$vmlinuz" bs=1 skip=514 count=4 status=none | tr -d '\0')" = HdrS ] ||
		die "the image's vmlinuz is no kernel for x86"
	offset=$(od -An -tu2 -j526 -N2 "$vmlinuz")
	kernel=$(dd if="$vmlinuz" bs=1 skip=$((offset + 512)) count=128 status=none | tr '\0' '\n' | sed -n '1s/ .*//p')
}
