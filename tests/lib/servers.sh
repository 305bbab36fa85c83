# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Several conversion servers at once, each with an address, processes, a /tmp, homes and guests of
# its own, on the network of boot-server.sh. Read after harness.sh, sshd.sh and boot-server.sh.
#
#	servers_start N		192.0.2.11 … 192.0.2.(10 + N), as sshd.sh makes one. Of server I, $tmp/server-I
#				is what is its own: tmp and guests (/mnt, for p2v.os), beside its sshd's log

requires nsenter unshare

servers_start() {
	local i
	for ((i = 1; i <= $1; i++)); do
		server_make "$i"
	done
	for ((i = 1; i <= $1; i++)); do
		eventually 20 grep -q "listening on 192.0.2.$((10 + i)) port $port" "$tmp/server-$i.log" ||
			fail "no sshd: $(cat "$tmp/server-$i.log")"
	done
}

server_make() {
	local directory=$tmp/server-$1 pid
	mkdir -p "$directory/guests" "$directory/home"
	mkdir -m 1777 "$directory/tmp"
	unshare --net sleep infinity &
	pid=$!
	eventually 10 test ! "/proc/$pid/ns/net" -ef /proc/self/ns/net || fail 'no namespace'
	ip link add "server-$1" type veth peer name inside
	ip link set inside netns "$pid"
	ip link set "server-$1" master boot up
	nsenter --net="/proc/$pid/ns/net" sh -c \
		"ip link set lo up; ip link set inside up; ip address add 192.0.2.$((10 + $1))/24 dev inside"
	# shellcheck disable=SC2034 # sshd.sh takes it
	sshd_addresses=("192.0.2.$((10 + $1))")
	sshd_configure "PidFile $directory/sshd.pid"
	mv "$tmp/sshd_config" "$directory/sshd_config"
	# shellcheck disable=SC2016 # for the inner shell
	nsenter --net="/proc/$pid/ns/net" unshare --mount --propagation unchanged --pid --fork --kill-child sh -euc '
		mount -t proc proc /proc
		mount --bind "$0/tmp" /tmp
		mount --bind "$0/guests" /mnt
		mount --bind "$0/home" "$1"
		exec "$(command -v sshd)" -D -e -f "$0/sshd_config"' "$directory" "$home" >"$directory.log" 2>&1 &
}
