# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Several conversion servers at once, each with an address, processes, a /tmp, homes and guests of
# its own. Read after harness.sh and sshd.sh.
#
#	server_place I BRIDGE ADDRESS SSHD-LINE…
#				what server I needs before its sshd can start. $tmp/server-I has what is its own:
#				tmp and guests, sshd_config, and in network a process of its network namespace,
#				which BRIDGE leads to by the interface server-I
#	servers_start N		192.0.2.11 … 192.0.2.(10 + N) on the network of boot-server.sh, as sshd.sh makes
#				one. guests is /mnt there (for p2v.os)

requires ip nsenter unshare

server_place() {
	local directory=$tmp/server-$1 bridge=$2 address=$3 pid
	mkdir -p "$directory/guests"
	mkdir -m 1777 "$directory/tmp"
	unshare --net sleep infinity &
	pid=$!
	eventually 10 test ! "/proc/$pid/ns/net" -ef /proc/self/ns/net || fail 'no namespace'
	ip link add "server-$1" type veth peer name inside
	ip link set inside netns "$pid"
	ip link set "server-$1" master "$bridge" up
	nsenter --net="/proc/$pid/ns/net" sh -c \
		"ip link set lo up; ip link set inside up; ip address add $address/24 dev inside"
	echo "$pid" >"$directory/network"
	# shellcheck disable=SC2034 # sshd.sh takes it
	sshd_addresses=("$address")
	sshd_configure "PidFile $directory/sshd.pid" "${@:4}"
	mv "$tmp/sshd_config" "$directory/sshd_config"
}

servers_start() {
	local i
	for ((i = 1; i <= $1; i++)); do
		server_place "$i" boot "192.0.2.$((10 + i))"
		server_start "$i"
	done
	for ((i = 1; i <= $1; i++)); do
		eventually 20 grep -q "listening on 192.0.2.$((10 + i)) port $port" "$tmp/server-$i.log" ||
			fail "no sshd: $(cat "$tmp/server-$i.log")"
	done
}

server_start() {
	local directory=$tmp/server-$1
	mkdir "$directory/home"
	# shellcheck disable=SC2016 # for the inner shell
	nsenter --net="/proc/$(cat "$directory/network")/ns/net" \
		unshare --mount --propagation unchanged --pid --fork --kill-child sh -euc '
		mount -t proc proc /proc
		mount --bind "$0/tmp" /tmp
		mount --bind "$0/guests" /mnt
		mount --bind "$0/home" "$1"
		exec "$(command -v sshd)" -D -e -f "$0/sshd_config"' "$directory" "$home" >"$directory.log" 2>&1 &
}
