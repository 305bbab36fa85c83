# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running p2v-pxe on a tree of the test. Read after harness.sh.
#
#	pxe ARGUMENT…		$code is its exit code; $tmp/said, $tmp/out
#	machines LINE…		$tmp/machines.csv
#	expect_code N, expect_said TEXT, expect_out TEXT
#	expect_entries N	so many files are in the tree

p2vd=${P2VD:-$top/build/p2vd}
[ -x "$p2vd" ] || skip "there is no '$p2vd': make"
# A copy, so that the original can be rebuilt while the tests run.
cp "$p2vd" "$tmp/p2vd"
served=$tmp/served
mkdir "$served"

machines() {
	printf '%s\n' "$@" >"$tmp/machines.csv"
	chmod 600 "$tmp/machines.csv"
}

pxe() {
	code=0
	called=$*
	"$top/pxe/p2v-pxe" --tree="$served" --machines="$tmp/machines.csv" --p2vd="$tmp/p2vd" "$@" \
		>"$tmp/out" 2>"$tmp/said" || code=$?
}

expect_code() {
	[ "$code" = "$1" ] || fail "exit code $code, not $1, of: $called: $(cat "$tmp/said")"
}

expect_said() {
	grep -Fq -e "$1" "$tmp/said" || fail "'$1' was not said by: $called: $(cat "$tmp/said")"
}

expect_out() {
	grep -Fq -e "$1" "$tmp/out" || fail "'$1' is not in the output of: $called: $(cat "$tmp/out")"
}

expect_entries() {
	local count
	count=$(find "$served" -type f | wc -l)
	[ "$count" = "$1" ] || fail "$count files, not $1: $(find "$served" -type f)"
}

# Prints the whole tree as one text, with modes.
tree_sum() {
	(cd "$served" && find . -type f -printf '%p %m %i\n' | sort && find . -type f -print0 | sort -z | xargs -0 cat) | sha256sum
}
