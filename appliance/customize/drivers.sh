# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Drivers: kernel modules, and firmware.
#
#	put_firmware FILE|DIRECTORY
#	put_module FILE
#	check_modules		checks that all modules that these need are in the image, too
#	signed FILE		whether the module is signed

put_firmware() {
	local name names
	if [ ! -d "$1" ]; then
		[ "$1" != - ] || die "a firmware file needs its name: give a file, not standard input"
		fetch "$1"
		keep "usr/lib/firmware/${1##*/}" "$1"
		return
	fi
	mapfile -d '' names < <(cd -- "$1" && find -L . -type f -printf '%P\0')
	[ ${#names[@]} -gt 0 ] || die "'$1' holds no file"
	for name in "${names[@]}"; do
		is_ours "usr/lib/firmware/$name" || die "'$1/$name' has a name that no file in the image can have"
	done
	# The same rules as for a single file.
	name=$(cd -- "$1" && find -L . ! -type d \( ! -type f -o -empty -o -size +268435456c \) -printf '%P\n' -quit)
	[ -z "$name" ] || die "'$1/$name' is no file, is empty or is larger than 256 MiB"
	mkdir -p "$tree/usr/lib/firmware"
	cp -rL -- "$1/." "$tree/usr/lib/firmware/" || die "cannot copy '$1'"
}

# information NAME FILE: prints a module's own values of NAME, one per line.
information() {
	LC_ALL=C tr '\0' '\n' <"$2" | LC_ALL=C sed -n "s/^$1=//p"
}

signed() {
	[ "$(tail -c 28 "$1" | tr -d '\0')" = '~Module signature appended~' ]
}

# number BYTES OFFSET: prints a number from the ELF header of $given (elf.h).
number() { od -An "-tu$1" -j"$2" -N"$1" "$given" | tr -d ' '; }

put_module() {
	local name=${1##*/} for_kernel unpacker=
	[ "$1" != - ] || die "a module needs its name: give a file, not standard input"
	fetch "$1"
	case $name in
	*.ko) ;;
	*.ko.xz) unpacker=xz ;;
	*.ko.zst) unpacker=zstd ;;
	*.ko.gz) unpacker=gzip ;;
	*) die "'$1' is no kernel module: its name does not end with .ko" ;;
	esac
	if [ -n "$unpacker" ]; then
		need $unpacker
		$unpacker -dc <"$given" >"$scratch/unpacked" 2>/dev/null || die "'$1' cannot be unpacked"
		mv "$scratch/unpacked" "$given"
	fi
	[ "$(head -c 4 "$given" | tr -d '\0')" = $'\177ELF' ] || die "'$1' is no kernel module"
	[ "$(number 2 18)" = 62 ] || die "'$1' is for another architecture, and the image is for x86-64"
	# The section headers are the last part of the file; only a signature may follow.
	[ "$(stat -c %s "$given")" -ge $(($(number 8 40) + $(number 2 60) * 64)) ] || die "'$1' is cut off"
	for_kernel=$(information vermagic "$given" | cut -d' ' -f1)
	[ -n "$for_kernel" ] || die "'$1' is no kernel module"
	find_kernel
	[ "$for_kernel" = "$kernel" ] ||
		die "'$1' is for the kernel $for_kernel, and the image has $kernel"
	signed "$given" ||
		warn "'$1' is not signed: a machine with Secure Boot on will not load it"
	keep "usr/lib/modules/$kernel/updates/${name%.ko*}.ko" "$1"
}

# Modules may need others. The image must have them, or they must be put in, too.
check_modules() {
	local file needed have
	find_kernel
	need zstd
	local initrd=$image/initrd.img
	if [ $kind = iso ]; then
		initrd=$scratch/initrd.img
		extract initrd.img "$initrd" || die "the image has no initrd.img: $complaint"
	fi
	have=$({ zstd -dc "$initrd" | cpio --list --quiet; find "$tree/usr/lib/modules" -name '*.ko'; } 2>/dev/null |
		sed -nE 's#.*/([^/]*)\.ko(\.[a-z]+)?$#\1#p' | tr - _)
	for file in "$tree/usr/lib/modules/$kernel/updates"/*.ko; do
		[ -e "$file" ] || continue
		for needed in $(information depends "$file" | tr ',' ' '); do
			grep -Fxq "${needed//-/_}" <<<"$have" ||
				die "'${file##*/}' needs the module '$needed', which the image does not have: give both"
		done
	done
}
