# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The parts of machines to boot, by their usual names. Read after qemu.sh.
#
#	machine_parts NAME WORD…	puts QEMU's arguments into the array $parts, for
#					machine_start NAME "${parts[@]}"
#
#	bios, uefi, secure	the firmware; secure: Secure Boot on, Microsoft's keys
#	memory:MIB		1024 if not given
#	cd:ISO, usb:ISO, usb-cd:ISO	what it starts from: a SATA drive, a USB stick with
#				that on it, the USB drive that a BMC emulates
#	pxe, http		starts from its first card: by PXE, by UEFI HTTP Boot
#	disk:BUS:FILE		a disk with the contents of FILE on BUS: ahci nvme virtio-blk
#				virtio-scsi lsi53c895a megasas mptsas1068 pvscsi sdhci usb.
#				The drives are named disk0, disk1 … for machine_untouched.
#				These are also their serial numbers, if the bus has such
#	card:MODEL[:TAP:MAC]	a network card: e1000 e1000e igb rtl8139 vmxnet3 virtio-net
#				pcnet usb-net. It is in the network of the interface TAP,
#				else in one of QEMU's own (the first in 10.0.2.0/24, the
#				second in 10.0.3.0/24 …, this host is .2, with DHCP). Only
#				the first card has a boot ROM
#
# Other arguments of QEMU can follow "${parts[@]}".

machine_parts() {
	local name=$1 word disks=0 cards=0 memory=1024 machine=q35
	shift
	parts=(-smp 2 -device "qemu-xhci,id=usb")
	for word; do
		case $word in
		bios) ;;
		uefi) parts_uefi "$name" /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF_VARS_4M.fd ;;
		secure)
			# The variables can be changed only from System Management Mode.
			machine=q35,smm=on
			parts+=(-global "driver=cfi.pflash01,property=secure,value=on"
				-global ICH9-LPC.disable_s3=1)
			parts_uefi "$name" /usr/share/OVMF/OVMF_CODE_4M.ms.fd /usr/share/OVMF/OVMF_VARS_4M.ms.fd
			;;
		memory:*) memory=${word#*:} ;;
		cd:* | usb:* | usb-cd:*) parts_medium "${word%%:*}" "${word#*:}" ;;
		pxe) parts_boot_from_card=,bootindex=0 ;;
		http)
			parts_boot_from_card=,bootindex=0
			# This firmware would first try PXE for two minutes.
			parts+=(-fw_cfg 'name=opt/org.tianocore/IPv4PXESupport,string=no'
				-fw_cfg 'name=opt/org.tianocore/IPv6PXESupport,string=no')
			;;
		disk:*:*)
			word=${word#disk:}
			parts_disk "${word%%:*}" "${word#*:}" disk$disks
			disks=$((disks + 1))
			;;
		card:*)
			parts_card "${word#card:}" net$cards
			cards=$((cards + 1))
			;;
		*) fail "machine_parts: no such part '$word'" ;;
		esac
	done
	parts+=(-machine "$machine" -m "$memory")
	parts_boot_from_card=
}
parts_boot_from_card=

parts_uefi() {
	cp "$3" "$tmp/$1.vars"
	# The firmware's TCP needs random numbers.
	parts+=(-object 'rng-random,id=random,filename=/dev/urandom' -device 'virtio-rng-pci,rng=random')
	parts+=(-drive "if=pflash,unit=0,format=raw,readonly=on,file=$2"
		-drive "if=pflash,unit=1,format=raw,file=$tmp/$1.vars")
}

parts_medium() {
	local drive="if=none,id=medium,format=raw,readonly=on,file=$2"
	case $1 in
	cd) parts+=(-drive "$drive,media=cdrom" -device "ide-cd,bus=ide.5,drive=medium,bootindex=0") ;;
	usb) parts+=(-drive "$drive" -device "usb-storage,bus=usb.0,drive=medium,bootindex=0,removable=on") ;;
	usb-cd) parts+=(-drive "$drive,media=cdrom" -device "usb-storage,bus=usb.0,drive=medium,bootindex=0") ;;
	esac
}

# The firmware looks only at disks in its boot order. So all disks are in it, after the
# medium.
parts_disk() {
	local bus=$1 id=$3 drive
	drive="drive=$id,serial=$id,bootindex=$((${id#disk} + 1))"
	parts+=(-drive "if=none,id=$id,format=raw,file=$2")
	case $bus in
	ahci) parts+=(-device "ide-hd,bus=ide.${id#disk},$drive") ;;
	nvme) parts+=(-device "nvme,$drive") ;;
	virtio-blk) parts+=(-device "virtio-blk-pci,$drive") ;;
	virtio-scsi) parts+=(-device "virtio-scsi-pci,id=bus-$id" -device "scsi-hd,bus=bus-$id.0,$drive") ;;
	lsi53c895a | megasas | pvscsi)
		parts+=(-device "$bus,id=bus-$id" -device "scsi-hd,bus=bus-$id.0,$drive")
		;;
	# Linux ignores a SAS disk without an address.
	mptsas1068)
		parts+=(-device "$bus,id=bus-$id"
			-device "scsi-hd,bus=bus-$id.0,$drive,wwn=0x5000c5000000000${id#disk}")
		;;
	sdhci) parts+=(-device "sdhci-pci,id=bus-$id" -device "sd-card,drive=$id") ;;
	usb) parts+=(-device "usb-storage,bus=usb.0,$drive") ;;
	*) fail "machine_parts: no such bus '$bus'" ;;
	esac
}

parts_card() {
	local model tap mac id=$2 number=${2#net} device
	IFS=: read -r model tap mac <<<"$1:"
	case $model in
	virtio-net) device=virtio-net-pci ;;
	usb-net) device=usb-net,bus=usb.0 ;;
	*) device=$model ;;
	esac
	# Other cards get no ROM: each would wait for a key.
	[ "$number" = 0 ] || [ "$model" = usb-net ] || device+=,romfile=
	if [ -n "$tap" ]; then
		parts+=(-netdev "tap,id=$id,ifname=$tap,script=no,downscript=no")
		device+=,mac=${mac%:}
	else
		parts+=(-netdev "user,id=$id,net=10.0.$((number + 2)).0/24")
	fi
	parts+=(-device "$device,netdev=$id$parts_boot_from_card")
	parts_boot_from_card=
}
