# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writing the new image: to a temporary file beside FILE, which is renamed when it is
# complete and on the disk.
#
#	write_archive FILE	writes $scratch/new.img as custom.img of a directory
#	write_iso FILE		writes an ISO with it, and with all that makes it boot
#
# $was_secret, $now_secret: whether the old and the new image hold a secret.

# beside FILE: makes the temporary file $new in FILE's directory. It is removed at the end
# unless it was renamed. It is locked: a temporary file without a lock is left from a
# program that was killed, and is removed.
new=
beside() {
	local directory old lock
	directory=$(dirname "$1")
	for old in "$directory"/.p2v-customize.??????; do
		[ ! -e "$old" ] || flock -n "$old" rm -f "$old" 2>/dev/null || true
	done
	[ ! -e "$1" ] || [ ! -k "$directory" ] || [ -O "$1" ] || [ -O "$directory" ] || [ $EUID = 0 ] ||
		die "cannot replace '$1': it belongs to another user, in a directory with the sticky bit"
	new=$(mktemp "$directory/.p2v-customize.XXXXXX" 2>/dev/null) || die "cannot write into '$directory'"
	unfinished+=("$new")
	exec {lock}<"$new"
	flock -n "$lock"
}

# into_place FILE: renames $new to FILE when it is on the disk. If the image now holds a
# secret for the first time, only its owner may read it. Later its mode is kept: the owner
# may have let others read it.
into_place() {
	local mode=600
	[ -n "$output" ] || [ $now_secret != $was_secret ] || mode=same
	$now_secret || secret_in "$scratch/baked" || [ $mode = same ] || mode=$(printf '%o' $((0666 & ~umask_of_user)))
	# If the group cannot be kept, do not let another group read a secret.
	[ ! -e "$1" ] || chown --reference="$1" "$new" 2>/dev/null || chgrp --reference="$1" "$new" 2>/dev/null ||
		! $now_secret || mode=600
	# cp keeps the access list, too. chmod would not: stat shows its mask as the group's mode.
	[ $mode != same ] || cp --attributes-only --preserve=mode "$1" "$new" 2>/dev/null || mode=600
	[ $mode = same ] || chmod $mode "$new"
	sync "$new" || die "cannot write '$1': is the disk full?"
	mv -f "$new" "$1"
	sync "$(dirname "$1")" 2>/dev/null || true
}

# room SIZE FILE: checks that there is room for SIZE bytes.
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
		say "only you can read '$1': let the boot server's user read it, too (chgrp, chmod 640)"
	fi
}

# boots ISO: prints what makes it boot, without block addresses, which change.
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
	# Checksums: beside the ISO, and beside the symbolic link by which the user named it.
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
	# From here on ignore signals. If p2v-customize is killed, a checksum may be missing, but
	# is never that of another ISO.
	trap '' INT TERM HUP
	rm -f "${names[@]/%/.sha256}"
	into_place "$1"
	for name in "${!names[@]}"; do
		mv -f "${sums[name]}" "${names[name]}.sha256"
	done
}
