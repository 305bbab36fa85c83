# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Disks that a system would write to if it used them. Read after harness.sh and qemu.sh.
#
#	source_disks		makes all of them, $tmp/disk-CONTENT:
#
#	ext4, xfs	mounted when the power failed: the log is to be replayed
#	ntfs		marked dirty: Windows is to check it
#	hibernated	a swap partition with the image of a hibernated system, which has the
#			appliance's kernel: resuming it would delete the image
#	lvm		a volume group, with an ext4 in its logical volume
#	raid1, raid2	the halves of a mirror by MD, with an ext4
#	luks		encrypted
#
# Each has one partition. The sizes are powers of two, because an SD card's must be.

requires guestfish sfdisk python3 xfs_logprint dumpe2fs ntfsfix ntfsinfo mkswap cryptsetup cpio modinfo

# source_part CONTENT: copies the partition, to be looked at, and prints the copy's name.
source_part() {
	dd if="$tmp/disk-$1" of="$tmp/part" bs=1M skip=1 count=30 conv=sparse status=none
	echo "$tmp/part"
}

# Runs a machine with only this disk and tests/props/hibernate.c, until it is off.
source_sleeper() {
	machine_start sleeper -m 256 -kernel /boot/vmlinuz-* -initrd "$tmp/sleeper.img" \
		-append 'console=ttyS0 panic=-1' -drive "if=virtio,format=raw,file=$1"
	machine_off sleeper 120
	machine_end sleeper
}

# Then resumes a copy of the disk, to see that the image works. The disk itself must not be
# resumed.
source_hibernate() {
	local tree=$tmp/sleeper kernel
	kernel=$(basename /boot/vmlinuz-*)
	mkdir -p "$tree/dev" "$tree/sys"
	cp build/hibernate "$tree/init"
	cp "$(modinfo -k "${kernel#vmlinuz-}" -n virtio_blk)" "$tree/virtio_blk.ko"
	(cd "$tree" && find . | cpio -o -H newc --quiet >"$tmp/sleeper.img")
	# 30 MiB, in KiB.
	mkswap --quiet --offset $((1 << 20)) "$tmp/disk-hibernated" 30720
	source_sleeper "$tmp/disk-hibernated"
	cp --sparse=always "$tmp/disk-hibernated" "$tmp/resumed"
	source_sleeper "$tmp/resumed"
	machine_has_said sleeper 'AWAKE from the image' ||
		fail "the hibernated machine does not wake up: $(machine_said sleeper | tail -n 25)"
	rm "$tmp/resumed"
}

source_disks() {
	local content partition
	echo 'makes disks that are not to be touched'
	for content in ext4 xfs ntfs hibernated lvm raid1 raid2 luks; do
		truncate -s 32M "$tmp/disk-$content"
		echo 'start=1MiB, size=30MiB' | sfdisk --quiet --label gpt "$tmp/disk-$content"
	done
	# Smaller than mkfs.xfs recommends.
	partition=$(source_part xfs)
	mkfs.xfs -q --unsupported "$partition" >/dev/null 2>&1
	dd if="$partition" of="$tmp/disk-xfs" bs=1M seek=1 conv=notrunc,sparse status=none
	source_hibernate
	[ "$(accelerator)" = kvm ] || export LIBGUESTFS_BACKEND_SETTINGS=force_tcg
	# Without autosync, ending it is like a power failure.
	LIBGUESTFS_BACKEND=direct guestfish --keys-from-stdin <<-END >"$tmp/guestfish.log" 2>&1 ||
		set-autosync false
		add $tmp/disk-ext4 format:raw
		add $tmp/disk-xfs format:raw
		add $tmp/disk-ntfs format:raw
		add $tmp/disk-lvm format:raw
		add $tmp/disk-raid1 format:raw
		add $tmp/disk-raid2 format:raw
		add $tmp/disk-luks format:raw
		run
		mkfs ext4 /dev/sda1
		mkfs ntfs /dev/sdc1
		ntfsfix /dev/sdc1
		pvcreate /dev/sdd1
		vgcreate group /dev/sdd1
		lvcreate volume group 16
		mkfs ext4 /dev/group/volume
		md-create mirror "/dev/sde1 /dev/sdf1" level:raid1
		mkfs ext4 /dev/md127
		luks-format /dev/sdg1 0
		passphrase of a test
		vg-activate-all false
		md-stop /dev/md127
		sync
		mkmountpoint /ext4
		mkmountpoint /xfs
		mount /dev/sda1 /ext4
		mount /dev/sdb1 /xfs
		write /ext4/file "lost when the journal is lost"
		write /xfs/file "lost when the log is lost"
		debug sh "sync"
		kill-subprocess
	END
		fail "guestfish: $(cat "$tmp/guestfish.log")"

	dumpe2fs -h "$(source_part ext4)" 2>/dev/null | grep needs_recovery >/dev/null || fail 'the ext4 is clean'
	xfs_logprint -t "$(source_part xfs)" >"$tmp/logprint" 2>&1 || true
	grep -q '<DIRTY>' "$tmp/logprint" || fail 'the XFS is clean'
	ntfsinfo -fm "$(source_part ntfs)" 2>/dev/null | grep 'Volume Flags:.*DIRTY' >/dev/null || fail 'the NTFS is clean'
	for content in hibernated:swsuspend lvm:LVM2_member raid1:linux_raid_member \
		raid2:linux_raid_member luks:crypto_LUKS; do
		[ "$(blkid -p -o value -s TYPE "$(source_part "${content%:*}")")" = "${content#*:}" ] ||
			fail "no ${content#*:} on disk-${content%:*}"
	done
	rm "$tmp/part"
}
