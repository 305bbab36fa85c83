# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running p2vd against the server of sshd.sh, which is read here, too.
#
#	make_disk NAME [MIB]	$tmp/NAME, a disk of data, holes and an odd size
#	convert [WORD…]		runs p2vd with these p2v.* words and the usual ones; $code is
#				its exit code, $tmp/p2vd.log has its messages
#	convert_start, convert_end	the same in two steps; $p2vd is its process
#	expect_code N, expect_said TEXT, expect_not_said TEXT
#	expect_guest NAME DISK…	the guest's disks have the machine's bytes
#	expect_no_guest NAME	nothing of it is in $out
#	expect_quiet		no process of a conversion is left on either side

# shellcheck source=../lib/sshd.sh
. "$top/tests/lib/sshd.sh"

p2vd_program=${P2VD:-}
if [ -z "$p2vd_program" ]; then
	p2vd_program=$top/build/p2vd
	[ ! -x "$top/build/asan/p2vd" ] || p2vd_program=$top/build/asan/p2vd
fi
[ -x "$p2vd_program" ] || skip "there is no '$p2vd_program': make"
# The exit code if a sanitizer finds something: p2vd itself does not use 99.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}:exitcode=99

# A copy, so that the original can be rebuilt while the tests run.
cp "$p2vd_program" "$tmp/p2vd"
[ ! -x "$top/build/p2v-map" ] || cp "$top/build/p2v-map" "$tmp/p2v-map"
p2vd_program=$tmp/p2vd

# The words of every conversion; a test may set its own first.
usual=()

# More options, and what is to be called when p2vd was started (appliance.sh).
p2vd_options=()
p2vd_started=true

make_disk() {
	local size=$((${2:-6} * 1048576))
	head -c $((size / 3)) /dev/urandom >"$tmp/$1"
	truncate -s $((size * 2 / 3)) "$tmp/$1"
	head -c $((size / 3)) /dev/urandom >>"$tmp/$1"
	truncate -s $((size + 512)) "$tmp/$1"
	printf end | dd of="$tmp/$1" bs=1 seek=$((size + 509)) conv=notrunc status=none
}

# Prints a word for the kernel command line: $1=$2, quoted for p2vd.
word() {
	local value=${2//\\/\\\\}
	printf '%s="%s"' "$1" "${value//\"/\\\"}"
}

convert_start() {
	[ -e "$tmp/disk" ] || make_disk disk
	[ ${#usual[@]} -gt 0 ] || usual=(p2v.server=127.0.0.1 "$(word p2v.password "$password")"
		p2v.name=web "p2v.disks=$tmp/disk" "p2v.os=$out" p2v.connect_timeout=20)
	# Empty the log before p2vd starts: it may still have the messages of the last one.
	: >"$tmp/p2vd.log"
	"$p2vd_program" "${p2vd_options[@]}" --runtime-directory="$tmp/run" --cmdline="${usual[*]} $*" \
		</dev/null >"$tmp/p2vd.log" 2>&1 &
	p2vd=$!
	$p2vd_started
}

convert_end() {
	eventually 60 ended "$p2vd" || fail 'p2vd did not end in 60 seconds'
	code=0
	wait "$p2vd" || code=$?
	! grep -Eq 'AddressSanitizer|LeakSanitizer|runtime error:' "$tmp/p2vd.log" ||
		fail 'a sanitizer found something in p2vd'
}

ended() {
	! alive "$1"
}

convert() {
	convert_start "$@"
	convert_end
}

expect_code() {
	[ "$code" -eq "$1" ] || fail "p2vd's exit code is $code, not $1"
}

expect_said() {
	grep -Fq -e "$1" "$tmp/p2vd.log" || fail "p2vd did not say '$1'"
}

expect_not_said() {
	! grep -Fq -e "$1" "$tmp/p2vd.log" || fail "p2vd said '$1'"
}

said() {
	grep -Fq -e "$1" "$tmp/p2vd.log"
}

expect_guest() {
	local name=$1 disk letter=a
	shift
	for disk; do
		cmp "$tmp/$disk" "$out/$name-sd$letter" || fail "'$name-sd$letter' is not '$disk'"
		letter=$(tr a-y b-z <<<"$letter")
	done
	[ -s "$out/$name.xml" ] || fail "there is no '$name.xml'"
}

expect_no_guest() {
	local files
	files=$(find "$out" -mindepth 1 -name "$1*")
	[ -z "$files" ] || fail "this was left behind: $files"
}

# p2vd's own children end with it; the sessions of sshd end a moment later.
quiet() {
	! processes | grep -E '^(p2vd|qemu-nbd|ssh|nbdkit|nbdcopy|virt-v2v[^ ]*|tail|p2v-relay)( |$)|^sleep 300$' &&
		! processes | grep -E '^(ba|da)?sh -.*(virt-v2v|nbdkit|nbdcopy|tail )|^(sudo|timeout|setsid) '
} >/dev/null

expect_quiet() {
	eventually 10 quiet || fail "processes are left: $(processes)"
}

# Prints the work directories on the server, one per line.
workdirs() {
	find /tmp -mindepth 1 -maxdepth 1 -name 'virt-p2v-*'
}
