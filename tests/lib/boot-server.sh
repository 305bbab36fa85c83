# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A network from which machines boot. Read after harness.sh, qemu.sh and parts.sh. It is a
# bridge in the test's namespace, with the boot server at 192.0.2.2. In another namespace
# there is a DHCP server that knows nothing of booting.
#
#	boot_tree		$boot, a copy of build/pxe, served by HTTP
#	boot_entries OPTION…	p2v-pxe on $boot and $tmp/machines.csv
#	boot_dhcp proxy|ipxe|http	starts dnsmasq with pxe/dnsmasq.conf.example: for
#				firmware other than iPXE, for iPXE, or as the only DHCP
#				server with HTTP Boot
#	boot_tap NAME		makes an interface on the bridge, for a machine's card
#	boot_machine NAME MAC ARGUMENT…	a machine that boots from a card there, and then
#				from $tmp/NAME.disk (disk0). The first argument may be
#				uefi or http: Secure Boot, with PXE or UEFI HTTP Boot
#	boot_expect_words NAME GUEST VALUE	opens its shell and asks p2vd: p2v.name must be
#				GUEST, p2v.pre and p2v.post must be VALUE

requires dnsmasq ip python3

boot=$tmp/boot

ip link add boot type bridge
ip address add 192.0.2.2/24 dev boot
ip link set boot up
unshare --net sleep infinity &
dhcp=$!
in_dhcp() { nsenter --target "$dhcp" --net "$@"; }
# Waits until the process has left this namespace.
eventually 10 eval "[ \"\$(readlink /proc/$dhcp/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ]" || fail 'no namespace'
ip link add dhcp0 type veth peer name dhcp1
ip link set dhcp1 netns "$dhcp"
ip link set dhcp0 master boot up
in_dhcp ip address add 192.0.2.3/24 dev dhcp1
in_dhcp ip link set dhcp1 up

boot_tree() {
	cp -r "$top/build/pxe" "$boot"
	rm -rf "$boot"/pxelinux.cfg "$boot"/grub/p2v "$boot"/ipxe
	# As in the example: only dnsmasq can read entries with a password.
	chown -R nobody "$boot"
	python3 -m http.server --bind 192.0.2.2 --directory "$boot" 80 >"$tmp/http.requests" 2>&1 &
	eventually 10 curl -sf -o /dev/null http://192.0.2.2/p2v.ipxe || fail 'the web server does not answer'
}

boot_entries() {
	"$top/pxe/p2v-pxe" --tree="$boot" --machines="$tmp/machines.csv" --p2vd="$top/build/p2vd" "$@" 2>>"$tmp/p2v-pxe.log" ||
		fail "p2v-pxe $*: $(cat "$tmp/p2v-pxe.log")"
}

boot_dhcp_end() {
	local pid
	for pid in $(cat "$tmp"/dhcp-*.pid 2>/dev/null); do
		kill "$pid"
		eventually 10 eval "! alive $pid" || fail 'dnsmasq does not end'
	done
	rm -f "$tmp"/dhcp-*.pid
}

boot_dhcp() {
	local example=$top/pxe/dnsmasq.conf.example
	local common=(--user=nobody --keep-in-foreground --bind-interfaces --log-facility=-)
	boot_dhcp_end
	case $1 in
	proxy) sed '/tag:ipxe\|dhcp-userclass/d' "$example" ;;
	ipxe) cat "$example" ;;
	http) sed 's/^#dhcp-/dhcp-/; s/^dhcp-range=.*/dhcp-range=192.0.2.100,192.0.2.199/' "$example" ;;
	esac | sed "s,/srv/tftp,$boot," >"$tmp/dnsmasq.conf"
	dnsmasq "${common[@]}" --conf-file="$tmp/dnsmasq.conf" --interface=boot --except-interface=lo \
		--leasefile-ro --pid-file="$tmp/dhcp-boot.pid" >>"$tmp/dnsmasq.log" 2>&1 &
	eventually 10 test -s "$tmp/dhcp-boot.pid" || fail 'dnsmasq does not start'
	[ "$1" != http ] || return 0
	in_dhcp dnsmasq "${common[@]}" --conf-file=/dev/null --port=0 --interface=dhcp1 \
		--dhcp-range=192.0.2.100,192.0.2.199 --leasefile-ro \
		--pid-file="$tmp/dhcp-other.pid" >>"$tmp/dnsmasq-other.log" 2>&1 &
	eventually 10 test -s "$tmp/dhcp-other.pid" || fail 'dnsmasq does not start'
}

boot_tap() {
	ip link show "$1" >/dev/null 2>&1 || ip tuntap add "$1" mode tap
	ip link set "$1" master boot up
}

boot_machine() {
	local name=$1 mac=$2 words=(bios pxe)
	shift 2
	case ${1:-} in
	uefi) words=(secure pxe) ;;
	http) words=(secure http) ;;
	esac
	if [ "${words[0]}" = secure ]; then
		shift
		[ -e "$tmp/$name.disk" ] || machine_local_disk_uefi "$tmp/$name.disk"
	fi
	[ -e "$tmp/$name.disk" ] || machine_local_disk "$tmp/$name.disk"
	boot_tap "$name"
	machine_parts "$name" "${words[@]}" "card:virtio-net:$name:$mac" "disk:ahci:$tmp/$name.disk"
	machine_start "$name" "${parts[@]}" "$@"
}

boot_expect_words() {
	local sum
	sum=$(printf 'pre %s\npost %s\n' "$3" "$3" | sha256sum | cut -c1-64)
	machine_shell "$1"
	machine_run "$1" "p2vd --print-config 2>/dev/null | grep -E '^(pre|post) ' | sha256sum | grep $sum"
	machine_run "$1" "p2vd --print-config 2>/dev/null | grep -x 'guestname $2'"
}
