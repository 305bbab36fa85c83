# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Volume groups and arrays without a device mapper and without MD in this kernel. LVM's own tool writes
# all that it writes; no volume is activated. Where a volume lies is chosen here, and so what is in it
# can be put there, and got back. Read after harness.sh.
#
#	volume_attach FILE	a loop device of it, $loop
#	volume_detach
#	volume_lvm COMMAND…	LVM, which sees only the devices in $volume_loops, and asks no daemon
#	volume_group FILE…	a volume group "vg" on these files, pv0, pv1 …, with extents of 4 MiB of
#				which the first is at 1 MiB, and with the volumes that standard input
#				describes: lines "NAME:", then for each segment a tab, its number of
#				extents, and LVM's own words
#	volume_put IMAGE FILE STRIPES STRIPE OFFSET…	writes FILE to stripes that begin there (bytes)
#	volume_get IMAGE FILE STRIPES STRIPE SIZE OFFSET…	the other way
#	volume_md IMAGE VERSION LEVEL SIZE	makes it a member of an MD array, as mdadm does, with
#				$volume_md_tail bytes free at its end. Its data is at 2 MiB, for version
#				1.0 at 0

# shellcheck disable=SC2034 # for tests
volume_linear='type = "striped"; stripe_count = 1; stripes = '
volume_md_tail=$((2 << 20))
volume_loops=()

volume_attach() {
	loop=$(losetup --show -f "$1")
	volume_loops=("$loop")
}
volume_detach() {
	losetup -d "${volume_loops[@]}"
	volume_loops=()
}

volume_lvm() {
	local accepted
	accepted=$(printf '"a|^%s$|", ' "${volume_loops[@]}")
	lvm "$@" --config "
		devices { scan_lvs = 0 use_devicesfile = 0 filter = [ $accepted \"r|.*|\" ] md_component_detection = 0 }
		activation { monitoring = 0 udev_sync = 0 udev_rules = 0 }
		backup { backup = 0 archive = 0 }
		global { event_activation = 0 locking_type = 1 }" >>"$tmp/lvm.out" 2>&1 ||
		skip "'lvm $*' does not work here: $(tail -n 3 "$tmp/lvm.out")"
}

# lvcreate would want a device mapper; restoring a group does not.
volume_group() {
	local file
	volume_loops=()
	for file; do
		volume_loops+=("$(losetup --show -f "$file")")
	done
	volume_lvm pvcreate "${volume_loops[@]}"
	volume_lvm vgcreate -s 4m vg "${volume_loops[@]}"
	volume_lvm vgcfgbackup -f "$tmp/backup" vg
	python3 - "$tmp/backup" 3<&0 <<-'END'
		import re, sys
		text = open(sys.argv[1]).read()
		volumes = open(3).read()
		number, made = 0, ""
		for volume in re.findall(r"^(\w+):\n((?:\t.*\n)+)", volumes, re.M):
		    name, segments = volume
		    number += 1
		    made += f'{name} {{\nid = "{number:06d}-AAAA-AAAA-AAAA-AAAA-AAAA-AAAAAA"\nstatus = ["READ", "WRITE", "VISIBLE"]\nflags = []\n'
		    lines = segments.strip().splitlines()
		    made += f'creation_time = 1\ncreation_host = "x"\nsegment_count = {len(lines)}\n'
		    start = 0
		    for i, line in enumerate(lines, 1):
		        count, rest = line.strip().split(None, 1)
		        made += f"segment{i} {{\nstart_extent = {start}\nextent_count = {count}\n"
		        made += rest.replace("; ", "\n") + "\n}\n"
		        start += int(count)
		    made += "}\n"
		end = text.rindex("}")
		open(sys.argv[1], "w").write(text[:end] + "logical_volumes {\n" + made + "}\n" + text[end:])
	END
	volume_lvm vgcfgrestore --force -f "$tmp/backup" vg
	volume_detach
}

volume_put() {
	python3 - "$@" <<-'END'
		import sys
		image, path, stripes, stripe = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
		places = [int(x) for x in sys.argv[5:]]
		with open(path, "rb") as source, open(image, "r+b") as target:
		    number = 0
		    while chunk := source.read(stripe):
		        if chunk.strip(b"\0"):
		            target.seek(places[number % stripes] + number // stripes * stripe)
		            target.write(chunk)
		        number += 1
	END
}

volume_get() {
	python3 - "$@" <<-'END'
		import sys
		image, path, stripes, stripe, size = sys.argv[1], sys.argv[2], *[int(x) for x in sys.argv[3:6]]
		places = [int(x) for x in sys.argv[6:]]
		with open(path, "wb") as target, open(image, "rb") as source:
		    for number in range(size // stripe):
		        source.seek(places[number % stripes] + number // stripes * stripe)
		        target.write(source.read(stripe))
	END
}

volume_md() {
	python3 - "$@" "$volume_md_tail" <<-'END'
		import struct, sys
		version, level, size, tail = sys.argv[2], *[int(x) for x in sys.argv[3:6]]
		place = {"1.0": (size // 512 - 16) & ~7, "1.1": 0, "1.2": 8}[version]
		data = 0 if version == "1.0" else 4096
		sectors = (size - tail) // 512 - 4096
		block = bytearray(256 + 2 * 8)
		struct.pack_into("<III", block, 0, 0xa92b4efc, 1, 0)
		block[16:32] = bytes(range(16))
		block[32:37] = b"array"
		struct.pack_into("<iIQII", block, 72, level, 0, sectors, 0, 2)
		struct.pack_into("<QQQQ", block, 128, data, sectors, place, 0)
		struct.pack_into("<QQQ", block, 192, 1, 1, 0xffffffffffffffff)
		struct.pack_into("<I", block, 220, 8)
		total = sum(struct.unpack("<%dI" % (len(block) // 4), block))
		struct.pack_into("<I", block, 216, ((total & 0xffffffff) + (total >> 32)) & 0xffffffff)
		with open(sys.argv[1], "r+b") as file:
		    file.seek(place * 512)
		    file.write(block)
	END
}
