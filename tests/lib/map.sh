# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests of p2v-map:
#
#	map_make IMAGE               maps it: the map is $tmp/map, what p2v-map said $tmp/said, and
#	                             how many microseconds that took $map_took
#	map_said EXPRESSION…         Python, which has what it said as "map" and the pieces as "piece"
#	map_whole IMAGE REASON       maps it: one piece is used wholly, for a reason that matches
#	map_copy IMAGE               maps it; then $tmp/copy has what is used, and else rubbish
#	ext_free IMAGE               how many blocks of an ext2, ext3 or ext4 are free, by dumpe2fs
#	ext_unread IMAGE             how many bytes of it nobody reads: those, all but the first block of a
#	                             journal that is empty, blocks of inodes that were never used, and what
#	                             is reserved for descriptors behind copies of them

map_py=$top/tests/lib/map.py

map_make() {
	local begun=${EPOCHREALTIME/./}
	rm -f "$tmp/map"
	"$top/build/p2v-map" "--output=$tmp/map" ${map_options[@]+"${map_options[@]}"} "$1" >"$tmp/said" || fail "p2v-map has failed"
	# shellcheck disable=SC2034 # for tests
	map_took=$((${EPOCHREALTIME/./} - begun))
}

map_said() {
	python3 - "$tmp/said" "$@" <<-'END' || fail "not so: $*: $(cat "$tmp/said")"
		import json, sys
		map = json.load(open(sys.argv[1]))
		piece = map["pieces"]
		sys.exit(not all(eval(text) for text in sys.argv[2:]))
	END
}

map_whole() {
	map_make "$1"
	python3 - "$tmp/said" "$2" <<-'END' || fail "not wholly for '$2': $(cat "$tmp/said")"
		import json, re, sys
		map = json.load(open(sys.argv[1]))
		found = [x for x in [map] + map["pieces"] if x.get("reason") and re.search(sys.argv[2], x["reason"])]
		sys.exit(not found or any(x["used"] != x["size"] for x in found))
	END
}

map_copy() {
	map_make "$1"
	rm -f "$tmp/copy"
	python3 "$map_py" keep "$tmp/map" "$1" "$tmp/copy" || fail "the map cannot be used"
}

ext_free() { dumpe2fs -h "$1" 2>/dev/null | sed -n 's/^Free blocks: *//p'; }

ext_unread() {
	dumpe2fs "$1" 2>/dev/null | awk '
		/^Block size:/ { size = $3 }
		/^Inode size:/ { inode = $3 }
		/^Free blocks:/ { n += $3 }
		/^Total journal blocks:/ { journal = $4 - 1 }
		/^Journal start: *0$/ { n += journal }
		/^Group [1-9]/ { copies = 1 }
		copies && /Reserved GDT blocks at/ { split($NF, block, "-"); n += block[2] - block[1] + 1 }
		/ unused inodes$/ { n += int($(NF - 2) * inode / size) }
		END { print n * size }'
}
