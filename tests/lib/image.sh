# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Looking into the image. Read after harness.sh, in build/root, where the image was made.
#
#	image_list	puts the paths of all files in the initramfs, sorted, without a
#			leading slash, into $tmp/files

requires zstd cpio
[ -n "${P2VD_IN_ROOT:-}" ] || skip 'looks at the image with the tools of build/root'
[ -e "$top/build/pxe/initrd.img" ] || skip "there is no 'build/pxe/initrd.img': make pxe"

image_list() {
	zstd -dc "$top/build/pxe/initrd.img" | cpio --list --quiet | sort >"$tmp/files"
	[ "$(wc -l <"$tmp/files")" -gt 1000 ] || fail 'there is hardly anything in the image'
}
