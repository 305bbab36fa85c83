# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running p2v-pxe on a tree of the test. Read after harness.sh.
#
#	pxe ARGUMENT…		$code is its exit code; $tmp/said, $tmp/out
#	machines LINE…		$tmp/machines.csv
#	fleet COUNT SERVER	$tmp/machines.csv, so many machines with 12 columns
#	expect_code N, expect_said TEXT, expect_out TEXT
#	expect_entries N	so many files are in the tree
#	count_processes COMMAND…	$started: how many processes this has started

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

fleet() {
	local i row='52:54:00:00:%02x:%02x,web%d,,,/data/%d,,,%dM,%d,"echo ""it is %d""",ip=192.0.2.%d::192.0.2.1:24::eno1:none,%d'
	{
		echo 'mac,name,p2v.server,p2v.identity,p2v.os,p2v.network,p2v.done,p2v.memory,p2v.vcpus,p2v.post,kernel,#rack'
		echo "all,,$2,https://boot.example.com/key,/images,\"em1:front,back\",http://boot.example.com:8067/done/{mac},,,,,"
		for ((i = 0; i < $1; i++)); do
			# shellcheck disable=SC2059 # the format of a row
			printf "$row\n" $((i / 256)) $((i % 256)) $i $i $((1024 + i)) $((i % 8 + 1)) $i \
				$((i % 200 + 2)) $((i / 20))
		done
	} >"$tmp/machines.csv"
	chmod 600 "$tmp/machines.csv"
}

# Processes of this namespace are numbered one after the other. /proc/loadavg ends with the
# last number.
count_processes() {
	local before after
	read -r _ _ _ _ before </proc/loadavg
	"$@"
	read -r _ _ _ _ after </proc/loadavg
	# After the greatest number, they begin again at 300.
	[ "$after" -ge "$before" ] || after=$((after + $(cat /proc/sys/kernel/pid_max) - 300))
	# shellcheck disable=SC2034 # for the test
	started=$((after - before))
}

pxe() {
	code=0
	called=$*
	"${P2V_PXE:-$top/pxe/p2v-pxe}" --tree="$served" --machines="$tmp/machines.csv" --p2vd="$tmp/p2vd" "$@" \
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
