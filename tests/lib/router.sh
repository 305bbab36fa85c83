# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A machine that is not in the server's network: p2vd in a network namespace of its own, behind a
# router in another one. The server is 192.0.2.1, server.test; the machine is 198.51.100.7. Read
# after p2vd.sh and before sshd_start.
#
#	router_start		makes both, and $p2vd_program begins in the machine's from now on
#	forward 1|0		whether the router forwards anything; it tells nobody
#	address ADDRESS		gives the machine another address, in 198.51.100.0/24
#	names LINE		what is known of names, in the format of /etc/hosts
#	in_machine COMMAND…	runs it in the machine's network

requires ip nsenter

space() { nsenter --net="/proc/$1/ns/net" "${@:2}"; }
in_machine() { space "$machine" "$@"; }
in_space() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

address() {
	in_machine ip address flush dev machine0
	in_machine ip address add "$1/24" dev machine0
	in_machine ip route add default via 198.51.100.254
}
forward() { space "$router" sh -c "echo $1 >/proc/sys/net/ipv4/ip_forward"; }
names() { printf '127.0.0.1 localhost\n%s\n' "$1" >"$tmp/etc/hosts"; }

router_start() {
	unshare --net sleep infinity &
	router=$!
	unshare --net sleep infinity &
	machine=$!
	eventually 10 in_space $router && eventually 10 in_space $machine || fail 'no namespaces'
	ip link add server0 type veth peer name router0
	ip link add router1 type veth peer name machine0
	ip link set router0 netns $router && ip link set router1 netns $router
	ip link set machine0 netns $machine
	ip address add 192.0.2.1/24 dev server0 && ip link set server0 up
	ip route add 198.51.100.0/24 via 192.0.2.254
	space $router ip address add 192.0.2.254/24 dev router0
	space $router ip address add 198.51.100.254/24 dev router1
	space $router ip link set router0 up && space $router ip link set router1 up
	in_machine ip link set machine0 up
	address 198.51.100.7
	forward 1
	printf '#!/bin/sh\nexec nsenter --net=/proc/%s/ns/net %s "$@"\n' $machine "$p2vd_program" \
		>"$tmp/p2vd-in-machine"
	chmod +x "$tmp/p2vd-in-machine"
	p2vd_program=$tmp/p2vd-in-machine
	# shellcheck disable=SC2034 # sshd.sh takes them
	sshd_addresses=(192.0.2.1)
}
