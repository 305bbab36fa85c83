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
