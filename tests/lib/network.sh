# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Networks between machines and this test's namespace. Read after harness.sh and qemu.sh.
#
#	lan_start NAME PORT…		a switch (tests/props/switch says which ports);
#				what it says is in $tmp/NAME.lan
#	lan_address TAP ADDRESS/LENGTH…	switches the interface on, with these addresses
#	lan_stop NAME
#	card NAME SLOT [MODEL]		adds a card to the array cards, for machine_start;
#				the machine calls it enp0sSLOT
#	cable MACHINE CARD on|off	pulls or plugs a card's cable
#	dnsmasq_start OPTION…		DHCP, router advertisements, names; says all in
#				$tmp/dnsmasq.log
#	dnsmasq_stop
#	says SECONDS REGEX	waits until p2vd of the machine "machine" has said it; its
#				first failure ends the waiting

requires ip dnsmasq
[ -w /dev/net/tun ] || skip 'needs /dev/net/tun'

cards=()

lan_start() {
	local name=$1
	shift
	: >"$tmp/$name.lan"
	"$top/tests/props/switch" "$tmp" "$@" >"$tmp/$name.lan" 2>&1 &
	echo $! >"$tmp/$name.lan-pid"
	eventually 10 grep -qx ready "$tmp/$name.lan" || fail "no switch: $(cat "$tmp/$name.lan")"
}

lan_stop() {
	local pid
	pid=$(cat "$tmp/$1.lan-pid")
	kill "$pid"
	wait "$pid" 2>/dev/null || true
	rm -f "$tmp/$1".lan* "$tmp"/*.switch "$tmp"/*.card
}

lan_address() {
	local tap=$1 address
	shift
	ip link set "$tap" up
	for address; do
		case $address in
		*:*) ip address add "$address" dev "$tap" nodad ;;
		*) ip address add "$address" dev "$tap" ;;
		esac
	done
}

card() {
	local name=$1 slot=$2 model=${3:-e1000e}
	cards+=(-netdev "dgram,id=$name,local.type=unix,local.path=$tmp/$name.card,remote.type=unix,remote.path=$tmp/$name.switch"
		-device "$model,id=card-$name,netdev=$name,addr=$slot,mac=52:54:00:00:00:0$slot")
}

cable() {
	local up=true
	[ "$3" = on ] || up=false
	machine_ask "$1" set_link "{\"name\": \"card-$2\", \"up\": $up}" >/dev/null
}

dnsmasq_start() {
	dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
		--leasefile-ro --log-dhcp --log-facility=- --pid-file= --bind-dynamic "$@" \
		>>"$tmp/dnsmasq.log" 2>&1 &
	dnsmasq=$!
	eventually 10 grep -q 'started, version' "$tmp/dnsmasq.log" || fail 'dnsmasq did not start'
}

dnsmasq_stop() {
	kill "$dnsmasq"
	wait "$dnsmasq" || true
	rm -f "$tmp/dnsmasq.log"
}

says() {
	machine_expect machine "$1" "$2|failed with exit code"
	machine_has_said machine "$2" || fail "p2vd did not say '$2' but: $(machine_said machine | grep -a '^p2vd:')"
}
