#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The dracut module "p2v": the whole system that turns a physical machine into
# a guest, in one initramfs that never looks for a root file system.
#
# Nothing in it opens a source disk for writing. So nearly everything that could is left out:
# file systems, md, LVM, mounting and checking what fstab lists, resume. The device mapper is there
# for multipath, if the user asks for it, and for p2v-map.
# Two programs could write, but are there to read metadata: xfs_db and btrfs. p2vd itself never runs
# them; p2v-map does, as the user nobody, with a /dev that has no disk in it but a read-only loop
# device on one that was opened for reading, and, for a volume in several parts, a read-only
# device of the device mapper on such a loop device (src/blocks/broker.h, block_device.h). tests/boot/test-blocks
# sees to that. dracut's own boot sequence (base,
# dracut-systemd, rd.* hooks and their emergency shells) is left out, too: systemd
# boots directly into p2v.target.

# Programs that p2vd and the image's scripts run, and programs for a person at the shell.
p2v_daemon_needs=(qemu-nbd ssh curl lspci lsusb lsscsi lscpu dmesg dmidecode depmod sulogin)
p2v_person_needs=(
	awk basename blkid blockdev cat chmod chown cp cut date dd df dirname du env
	ethtool false find free grep head hexdump hostname id ip journalctl kill less ln
	loadkeys ls lsblk lsmod mkdir mknod mktemp modinfo modprobe more mount mv nmcli nmtui od ping
	printf ps pwd readlink rm rmdir rmmod sed sh sha256sum sleep sort ss stat stty
	sync tail tar tee test timeout top touch tr true tty udevadm umount uname uniq
	uptime vi wc xargs
)

# Programs that p2v-map runs. Without one, what it is for is copied as a whole: RHEL has no btrfs.
p2v_map_needs=(xfs_db xfs_logprint btrfs)

# Files of Debian, Fedora and RHEL. If their paths differ, all of them are listed.
p2v_network_files=(
	/usr/lib/nm-initrd-generator /usr/libexec/nm-initrd-generator
	/usr/lib/nm-daemon-helper /usr/libexec/nm-daemon-helper
	/usr/share/dbus-1/system.d/org.freedesktop.NetworkManager.conf
	/usr/lib/systemd/network/99-default.link
	/usr/lib/systemd/network/73-usb-net-by-mac.link
	/usr/lib/udev/rules.d/84-nm-drivers.rules
	/usr/lib/udev/rules.d/85-nm-unmanaged.rules
)
# Disks on a storage network. These start only if the kernel command line asks for them
# (p2v-iscsi.service, p2v-multipath.service).
p2v_storage_network_needs=(iscsid iscsiadm iscsi-iname multipathd)
p2v_storage_network_modules=(
	iscsi_tcp dm_multipath dm_service_time dm_round_robin dm_queue_length
)

# logind handles the power button and systemctl poweroff; nobody logs in.
p2v_power_files=(
	/usr/lib/systemd/systemd-logind
	/usr/share/dbus-1/system.d/org.freedesktop.login1.conf
	/usr/share/dbus-1/system-services/org.freedesktop.login1.service
	/usr/lib/systemd/system/systemd-logind.service
	/usr/lib/systemd/system/user.slice
	/usr/lib/udev/rules.d/70-power-switch.rules
)
p2v_data_files=(
	/usr/share/misc/pci.ids /usr/share/hwdata/pci.ids
	/usr/share/misc/usb.ids /usr/share/hwdata/usb.ids
	/usr/share/terminfo/l/linux /usr/share/terminfo/v/vt100 /usr/share/terminfo/v/vt102
	/usr/share/terminfo/v/vt220 /usr/share/terminfo/x/xterm /usr/share/terminfo/x/xterm-256color
	/usr/share/terminfo/a/ansi /usr/share/terminfo/s/screen /usr/share/terminfo/d/dumb
	/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt
	/etc/ssl/openssl.cnf /usr/lib/ssl/openssl.cnf /etc/pki/tls/openssl.cnf
	/etc/host.conf /etc/gai.conf /etc/services /etc/protocols
)

# Rules that would start or register an array, a volume or a file system, and rules for
# devices that the image does not use.
p2v_rules_not_wanted=(
	'*-dm*' '*-lvm*' '*-md-*' '*-btrfs*' '*-ext4*' '*-xfs*' '*-mtd*' '*-probe_mtd*'
	'*-alsa*' '*-v4l*' '*-sound*' '*-joystick*' '*-fido-id*' '*-sensor*' '*-drm*'
	'*-uaccess*' '*-seat*'
)

check() {
	require_binaries NetworkManager "${p2v_daemon_needs[@]}" || return 1
	# 255: only if dracut is told to use it, for it is a system of its own.
	return 255
}

depends() {
	echo systemd systemd-journald systemd-udevd systemd-tmpfiles systemd-sysctl \
		systemd-modules-load systemd-sysusers dbus bash
}

installkernel() {
	# Drivers for every wired card and every storage controller, not only for those of
	# the machine that builds the image. Most come from whole directories of the
	# kernel, the others are named one by one. tests/image/test-drivers finds those
	# that a new kernel adds. dracut adds the firmware that the modules ask for.
	hostonly='' instmods \
		'=drivers/net/ethernet' '=drivers/net/phy' '=drivers/net/mdio' '=drivers/net/pcs' \
		'=drivers/net/usb' '=drivers/net/hyperv' '=drivers/net/vmxnet3' '=drivers/net/bonding' \
		'=drivers/net/team' virtio_net xen-netfront fjes 8021q bridge \
		ib_ipoib mlx4_ib mlx5_ib ib_mthca ib_qib hfi1 ib_srp ib_iser \
		'=drivers/ata' '=drivers/scsi' '=drivers/nvme' '=drivers/message/fusion' '=drivers/cdrom' \
		'=drivers/mmc/core' '=drivers/mmc/host' '=drivers/memstick' '=drivers/ufs' \
		'=drivers/usb/storage' '=drivers/firewire' '=drivers/nvdimm' virtio_blk virtio_scsi xen-blkfront \
		mtip32xx floppy nfit sg st iscsi_ibft \
		'=drivers/pci/controller' '=drivers/virtio' '=drivers/hv' '=drivers/usb/host' '=drivers/usb/typec' \
		'=drivers/hid' '=drivers/input/keyboard' '=drivers/input/serio' \
		'=drivers/tty/serial' virtio_console ipmi_si ipmi_devintf dmi-sysfs efivarfs edd \
		crc32c_generic crc32c-intel crct10dif_generic crct10dif-pclmul aesni-intel \
		af_packet loop dm_mod "${p2v_storage_network_modules[@]}"

	# Debian's firmware package lacks some links: nfp asks for the files by these names.
	local file
	for file in $(modinfo -k "$kernel" -F firmware nfp); do
		if [ ! -e "/usr/lib/firmware/$file" ] && [ -e "/usr/lib/firmware/netronome/nic/${file##*/}" ]; then
			inst_simple "/usr/lib/firmware/netronome/nic/${file##*/}" "/usr/lib/firmware/$file"
		fi
	done
}

# Layouts of a PC's keyboard, all that loadkeys itself can read. They are unpacked: there is no gzip
# in the image, and so they pack better together.
p2v_install_keymaps() {
	local directory file root=${dracutsysrootdir:-}
	for directory in /usr/share/keymaps/i386 /usr/lib/kbd/keymaps/legacy/i386 \
		/usr/lib/kbd/keymaps/legacy/include; do
		[ -d "$root$directory" ] || continue
		mkdir -p "$initdir$directory"
		cp -R "$root$directory/." "$initdir$directory"
		gzip -dqr "$initdir$directory"
		for file in "$initdir$directory"/*/*.*map; do
			[[ $file == */include/* ]] || loadkeys --parse "$file" >/dev/null 2>&1 || rm -f "$file"
		done
	done
}

install() {
	local file rule unit

	# The first file that is unpacked, and the last one: see p2v-init.c.
	rm -f "$initdir/init"
	inst_binary "${P2VD_INIT:-/usr/libexec/p2v-init}" /init
	mkdir -p "$initdir/var/lib"
	: >"$initdir/var/lib/p2v-complete"

	inst_binary "${P2VD:-/usr/sbin/p2vd}" /usr/sbin/p2vd
	inst_binary "${P2VCTL:-/usr/sbin/p2vctl}" /usr/sbin/p2vctl
	inst_binary "${P2V_CONSOLE:-/usr/sbin/p2v-console}" /usr/sbin/p2v-console
	inst_binary "${P2V_MAP:-/usr/sbin/p2v-map}" /usr/sbin/p2v-map
	inst_multiple "${p2v_daemon_needs[@]}"
	inst_multiple -o "${p2v_map_needs[@]}"
	inst_multiple -o "${p2v_person_needs[@]}"
	inst_multiple -o "${p2v_data_files[@]}"
	p2v_install_keymaps
	# Keys on a stick; mtools needs the code page in which FAT has its names.
	inst_multiple -o mtools mdir mtype
	inst_libdir_file 'gconv/IBM850.so' 'gconv/gconv-modules*' 'gconv/gconv-modules.d/*'
	[ -e "$initdir/usr/bin/vi" ] || ! find_binary vim.tiny >/dev/null ||
		inst_binary vim.tiny /usr/bin/vi

	# The network: NetworkManager as it is in an installed system.
	inst_multiple NetworkManager nmcli nm-online
	inst_multiple -o "${p2v_network_files[@]}"
	inst_libdir_dir "NetworkManager/$(NetworkManager --version)" 2>/dev/null || true
	inst_simple "$systemdsystemunitdir/NetworkManager.service"
	inst_simple "$moddir/NetworkManager.conf" /etc/NetworkManager/NetworkManager.conf
	inst_simple "$moddir/NetworkManager-hostname.conf" \
		"$systemdsystemunitdir/NetworkManager.service.d/p2v.conf"
	mkdir -p "$initdir/var/lib/NetworkManager"

	inst_multiple "${p2v_storage_network_needs[@]}"
	inst_libdir_file 'multipath/libcheck*' 'multipath/libprio*'
	inst_simple /etc/iscsi/iscsid.conf /etc/iscsi/iscsid.conf.image
	inst_simple "$moddir/multipath.conf" /etc/multipath.conf
	inst_simple "$moddir/p2v-iscsi" /usr/libexec/p2v-iscsi
	inst_simple "$moddir/p2v-multipath" /usr/libexec/p2v-multipath

	inst_multiple -o "${p2v_power_files[@]}"
	ln -sfn systemd-logind.service "$initdir$systemdsystemunitdir/dbus-org.freedesktop.login1.service"
	inst_simple "$moddir/logind.conf" /etc/systemd/logind.conf.d/p2v.conf

	# Users that programs look up. Only root ever gets a shell.
	grep -q '^root:' "$initdir/etc/passwd" || echo 'root:x:0:0:root:/root:/bin/bash' >>"$initdir/etc/passwd"
	sed -i 's,^\(root:[^:]*:0:0:[^:]*\):.*,\1:/root:/bin/bash,' "$initdir/etc/passwd"
	grep -q '^nobody:' "$initdir/etc/passwd" ||
		echo 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin' >>"$initdir/etc/passwd"
	mkdir -p "$initdir/root"
	chmod 0700 "$initdir/root"
	printf '127.0.0.1 localhost\n::1 localhost\n' >"$initdir/etc/hosts"
	printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$initdir/etc/nsswitch.conf"
	# A default host name, which DHCP or ip= can replace; a static one would override both.
	grep -h '^\(ID\|VERSION_ID\|VERSION_CODENAME\)=' "${dracutsysrootdir}/etc/os-release" >"$initdir/etc/os-release"
	printf 'NAME=p2vd\nPRETTY_NAME="p2vd %s"\nDEFAULT_HOSTNAME=p2v\n' "${P2VD_VERSION:-}" \
		>>"$initdir/etc/os-release"
	rm -f "$initdir/etc/hostname" "$initdir/etc/initrd-release"

	# Units: there is one target. Every other name that a kernel command line could ask
	# for is a link to it, so that no such word opens a shell or ends in a panic.
	# emergency.target cannot be a link (sysinit.target conflicts with it), so it is
	# removed; then systemd uses rescue.target.
	for unit in p2v.target p2v.service p2v-early.service p2v-modules.service p2v-shell.service \
		p2v-console@.service p2v-lean.service p2v-iscsi.service p2v-multipath.service; do
		inst_simple "$moddir/$unit" "$systemdsystemunitdir/$unit"
	done
	for unit in default multi-user graphical initrd rescue \
		runlevel1 runlevel2 runlevel3 runlevel4 runlevel5; do
		ln -sfn p2v.target "$initdir$systemdsystemunitdir/$unit.target"
	done
	rm -f "$initdir$systemdsystemunitdir"/{debug-shell.service,emergency.target,{emergency,rescue}.service} \
		"$initdir$systemdutildir"/system-generators/*
	inst_simple "$moddir/p2v-console-generator" "$systemdutildir/system-generators/p2v-console-generator"
	inst_simple "$moddir/p2v-trouble" /usr/libexec/p2v-trouble
	inst_simple "$moddir/p2v-early" /usr/libexec/p2v-early
	inst_simple "$moddir/p2v-shell" /usr/sbin/p2v-shell
	inst_simple "$moddir/p2v-shell-allowed" /usr/libexec/p2v-shell-allowed
	inst_simple "$moddir/p2v-lean" /usr/libexec/p2v-lean
	mkdir -p "$initdir$systemdsystemunitdir/p2v.target.wants"
	ln -sfn ../p2v-lean.service "$initdir$systemdsystemunitdir/p2v.target.wants/p2v-lean.service"
	inst_simple "$moddir/journald.conf" /etc/systemd/journald.conf.d/p2v.conf
	inst_simple "$moddir/sysctl.conf" /usr/lib/sysctl.d/60-p2v.conf
	inst_multiple -o "$systemdsystemunitdir/kmod-static-nodes.service" \
		"$systemdsystemunitdir/sysinit.target.wants/kmod-static-nodes.service"

	for rule in "${p2v_rules_not_wanted[@]}"; do
		# shellcheck disable=SC2086 # a pattern
		rm -f "$initdir"/usr/lib/udev/rules.d/$rule.rules "$initdir"/etc/udev/rules.d/$rule.rules
	done

	# Check what the comment at the top promises.
	for file in mdadm lvm dmsetup mkfs swapon fsck e2fsck resume; do
		[ ! -e "$initdir/usr/sbin/$file" ] || { derror "p2v: $file must not be in the image"; return 1; }
	done
}
