# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The new image: written beside its place, moved there when it is whole and on the disk.
#
#	write_archive FILE	custom.img of a directory, out of $scratch/new.img
#	write_iso FILE		an ISO around that, with all that makes it boot
#
# $was_secret, $now_secret: whether the old and the new image hold a secret.

# beside FILE: a new file in its directory, in $new, removed unless it gets its name.
# It is locked while this runs. What is not, is of one that was killed.
new=
beside() {
	local directory old lock
	directory=$(dirname "$1")
	for old in "$directory"/.p2v-customize.??????; do
		[ ! -e "$old" ] || flock -n "$old" rm -f "$old" 2>/dev/null || true
	done
	[ ! -e "$1" ] || [ ! -k "$directory" ] || [ -O "$1" ] || [ -O "$directory" ] || [ $EUID = 0 ] ||
		die "cannot replace '$1': it is another user's, in a directory where nobody else may"
	new=$(mktemp "$directory/.p2v-customize.XXXXXX" 2>/dev/null) || die "cannot write into '$directory'"
	unfinished+=("$new")
	exec {lock}<"$new"
	flock -n "$lock"
}

# into_place FILE: $new gets its name, once it is on the disk. Who may read it: its
# owner alone as soon as it holds a secret, and whoever was let in since then.
into_place() {
	local mode=600
	[ -n "$output" ] || [ $now_secret != $was_secret ] || mode=same
	$now_secret || secret_in "$scratch/baked" || [ $mode = same ] || mode=$(printf '%o' $((0666 & ~umask_of_user)))
	# What its group may read, another one may not.
	[ ! -e "$1" ] || chown --reference="$1" "$new" 2>/dev/null || chgrp --reference="$1" "$new" 2>/dev/null ||
		! $now_secret || mode=600
	# With the mode goes the access list, whose mask stat takes for the group's bits.
	[ $mode != same ] || cp --attributes-only --preserve=mode "$1" "$new" 2>/dev/null || mode=600
	[ $mode = same ] || chmod $mode "$new"
	sync "$new" || die "cannot write '$1': is the disk full?"
	mv -f "$new" "$1"
	sync "$(dirname "$1")" 2>/dev/null || true
}

# room SIZE FILE
room() {
	local free
	free=$(df --output=avail -B1 "$(dirname "$2")" | tail -n 1)
	[ "$free" -ge "$1" ] ||
		die "there is no room for '$2': $((($1 + 1048575) >> 20)) MiB are needed, $((free >> 20)) MiB are free"
}

write_archive() {
	room "$(stat -c %s "$scratch/new.img")" "$1"
	beside "$1"
	cp "$scratch/new.img" "$new" || die "cannot write '$1': is the disk full?"
	into_place "$1"
	if $now_secret && ! $was_secret; then
		say "'$1' can be read by you alone: let the boot server's user have it, too (chgrp, chmod 640)"
	fi
}

# What makes an ISO boot, without the places of things, which move.
boots() {
	run_xorriso -indev "stdio:$1" -report_el_torito plain -report_system_area plain || return 1
	tr -s ' ' <"$scratch/xorriso.log" | sed -nE -e 's/^(El Torito boot img .*) [0-9]+$/\1/p' -e '/^El Torito img (path|opts)/p' \
		-e '/^(System area|Partition offset)/p' -e 's/^(MBR partition : [0-9]+ 0x.. 0x..).*/\1/p' \
		-e '/^GPT type GUID/p'
}

write_iso() {
	local before after iso link name names=() sums=()
	room $(($(stat -c %s "$image") + $(stat -c %s "$scratch/new.img") + 1048576)) "$1"
	before=$(boots "$image") || die "the ISO cannot be read: $complaint"
	[ -n "$before" ] || die "the ISO has nothing that makes it boot"
	beside "$1"
	run_xorriso -indev "stdio:$image" -outdev "stdio:$new" -boot_image any replay \
		-map "$scratch/new.img" /boot/custom.img -chown 0 /boot/custom.img -- -chgrp 0 /boot/custom.img -- \
		-chmod a=r,u+w /boot/custom.img -- || die "cannot write '$1': $complaint"
	after=$(boots "$new") || die "the new ISO cannot be read: $complaint"
	[ "$before" = "$after" ] || die "this xorriso does not keep what makes the ISO boot; version 1.5.4 does"
	run_xorriso -osirrox on -indev "stdio:$new" -extract /boot/custom.img "$scratch/back.img" &&
		cmp -s "$scratch/back.img" "$scratch/new.img" || die "'$1' does not hold what was written: is the disk full?"
	# Checksums: of the ISO, and beside a link by whose name it was given.
	iso=$new
	[ ! -e "$image.sha256" ] && [ ! -e "$1.sha256" ] || names+=("$1")
	link=$(realpath -s -- "${output:-$argument}")
	[ ! -e "$link.sha256" ] || [ "$link.sha256" -ef "$1.sha256" ] || names+=("$link")
	for name in "${names[@]}"; do
		beside "$name.sha256"
		printf '%s  %s\n' "$(sha256sum <"$iso" | cut -c1-64)" "${name##*/}" >"$new" && sync "$new" ||
			die "cannot write '$name.sha256': is the disk full?"
		chmod "$(printf '%o' $((0666 & ~umask_of_user)))" "$new"
		sums+=("$new")
	done
	new=$iso
	# A checksum is of its ISO or is not there, wherever this is ended.
	trap '' INT TERM HUP
	rm -f "${names[@]/%/.sha256}"
	into_place "$1"
	for name in "${!names[@]}"; do
		mv -f "${sums[name]}" "${names[name]}.sha256"
	done
}
