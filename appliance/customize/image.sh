# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The image: an ISO, or a directory of files for network boot.
#
#	open_image FILE		sets $kind (iso, tree) and $image; its custom.img is in
#				$scratch then, and $scratch/baked has the p2v.* words of an
#				ISO's boot menu
#	find_kernel		sets $kernel, the version of its kernel
#	extract NAME FILE	a file of the ISO's /boot
#	run_xorriso ARGUMENT…	false, and $complaint, if xorriso has one

# Runs xorriso, quietly; its complaint is in $complaint.
complaint=
run_xorriso() {
	if xorriso -report_about SORRY -return_with SORRY 32 "$@" >"$scratch/xorriso.log" 2>&1; then
		return 0
	fi
	complaint=$(grep -E ': (SORRY|FAILURE|FATAL) :' "$scratch/xorriso.log" | sed 's/^[a-z]* : [A-Z]* : //' |
		head -n 1 || true)
	return 1
}

# extract NAME FILE: a file of the ISO's /boot.
extract() {
	run_xorriso -osirrox on -indev "stdio:$image" -extract "/boot/$1" "$2"
}

# one_at_a_time PATH: or what one puts in, the other would write over. PATH is what
# stays when an image is written anew.
one_at_a_time() {
	[ -r "$1" ] || return 0
	exec 9<"$1"
	flock -w 60 9 || die "another p2v-customize has been at work beside '$1' for a minute"
}

# Sets $kind, $image; its custom.img is in $scratch then.
open_image() {
	local file blocks
	[ -e "$1" ] || die "there is no '$1'"
	image=$(readlink -f -- "$1")
	if [ -d "$image" ]; then
		kind=tree
		for file in vmlinuz initrd.img custom.img; do
			[ -f "$image/$file" ] || die "'$1' is no directory of p2vd's files for network boot: it has no $file"
			[ -r "$image/$file" ] || die "cannot read '$image/$file'"
		done
		# Not the directory: p2v-pxe locks that.
		one_at_a_time "$image/initrd.img"
		cp "$image/custom.img" "$scratch/custom.img"
		return
	fi
	kind=iso
	need xorriso
	[ -f "$image" ] || die "'$1' is neither an ISO nor a directory"
	[ -r "$image" ] || die "cannot read '$1'"
	one_at_a_time "$(dirname "$image")"
	[ "$(dd if="$image" bs=1 skip=32769 count=5 status=none | tr -d '\0')" = CD001 ] || die "'$1' is no ISO"
	# How many blocks it has stands in its primary volume descriptor (ECMA-119, 8.4.8).
	blocks=$(od -An -tu4 -j32848 -N4 "$image")
	[ $((blocks * 2048)) -le "$(stat -c %s "$image")" ] ||
		die "'$1' is cut off: it has $(stat -c %s "$image") of $((blocks * 2048)) bytes; fetch it again"
	extract custom.img "$scratch/custom.img" || no_room ||
		die "'$1' is no ISO of p2vd, or one of before there was p2v-customize: it has no /boot/custom.img"
	[ -e "$scratch/custom.img" ] || exit 1
	# The words that it was made with, out of GRUB's quotes, as --parameters has them.
	extract grub/grub.cfg "$scratch/menu" || die "'$1' has no menu: $complaint"
	sed -n '/^[^\x27]*vmlinuz [^\x27]* quiet \x27/{s///; s/\x27$//; s/\x27\\\x27\x27/\x01/g; s/\x27 \x27/\n/g
		s/\x01/\x27/g; s/[\\"]/\\&/g; p; q}' "$scratch/menu" | sed -n 's/^p2v\..*/"&"/p' >"$scratch/baked"
}

# The kernel's version from its own header (Linux' Documentation/arch/x86/boot.rst).
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
