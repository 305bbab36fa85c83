# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running p2v-fleet, and BMCs for it. Read after harness.sh.
#
#	fleet ARGUMENT…		$code is its exit code; $tmp/said, $tmp/out
#	pxe_apply		what $tmp/machines.csv says into the tree $tmp/served
#	fleetd_start, fleetd_stop	a real p2v-fleetd, on $tmp/control and 127.0.0.1:8067
#	redfish_start WORD…	BMCs on all addresses of this machine (tests/props/redfish-server), on
#				$bmc_port; $tmp/redfish is their log, $tmp/bmc.pem their certificate
#	redfish_stop
#	redfish_sessions_end	fails if a session is left
#	bmc_is ADDRESS POWER BOOT	whether the machine behind it is so
#	bmc_set ADDRESS POWER
#	expect_code N, expect_said TEXT, expect_out TEXT

fleet_program=${P2V_FLEET:-$top/build/p2v-fleet}
[ -x "$fleet_program" ] || skip "there is no '$fleet_program': make"
cp "$fleet_program" "$tmp/p2v-fleet"
p2vd=${P2VD:-$top/build/p2vd}
fleetd=${P2V_FLEETD:-$top/build/p2v-fleetd}
[ -x "$fleetd" ] && [ -x "$p2vd" ] || skip "there is no '$fleetd', or no '$p2vd': make"

mkdir "$tmp/served" "$tmp/state"
printf '#!/bin/sh\nP2VD=%s exec %s "$@"\n' "'$p2vd'" "'${P2V_PXE:-$top/pxe/p2v-pxe}'" >"$tmp/p2v-pxe"
chmod 755 "$tmp/p2v-pxe"

fleet() {
	code=0
	called=$*
	"$tmp/p2v-fleet" --control="$tmp/control" --tree="$tmp/served" --machines="$tmp/machines.csv" \
		--passwords="$tmp/passwords" --p2v-pxe="$tmp/p2v-pxe" "$@" >"$tmp/out" 2>"$tmp/said" </dev/null || code=$?
}

expect_code() {
	[ "$code" = "$1" ] || fail "exit code $code, not $1, of: $called: $(cat "$tmp/out" "$tmp/said")"
}
expect_said() { grep -qF -e "$1" "$tmp/said" || fail "not said '$1' of: $called: $(cat "$tmp/said")"; }
expect_out() { grep -qF -e "$1" "$tmp/out" || fail "not put out '$1' of: $called: $(cat "$tmp/out" "$tmp/said")"; }

pxe_apply() {
	"$tmp/p2v-pxe" --tree="$tmp/served" --machines="$tmp/machines.csv" apply 2>"$tmp/apply.log" ||
		fail "$(cat "$tmp/apply.log")"
}

fleetd_start() {
	"$fleetd" --tree="$tmp/served" --database="$tmp/state/fleet.sqlite" --control="$tmp/control" \
		--p2v-pxe="$tmp/p2v-pxe" --listen=127.0.0.1:8067 >>"$tmp/fleetd.log" 2>&1 &
	fleetd_pid=$!
	eventually 10 curl -s -o /dev/null --unix-socket "$tmp/control" http://localhost/api/v1/machines ||
		fail "p2v-fleetd does not answer: $(cat "$tmp/fleetd.log")"
}

fleetd_stop() {
	kill "$fleetd_pid"
	wait "$fleetd_pid" 2>/dev/null || true
}

bmc_certificate() {
	[ -e "$tmp/bmc.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-keyout "$tmp/bmc.key" -out "$tmp/bmc.pem" -subj /CN=127.0.0.2 -days 2 \
		-addext subjectAltName=IP:127.0.0.2,IP:127.0.0.3,IP:127.0.0.4,IP:127.0.0.5 2>"$tmp/openssl.log" ||
		fail "$(cat "$tmp/openssl.log")"
}

redfish_start() {
	bmc_certificate
	rm -f "$tmp/redfish"* "$tmp/port"
	"$top/tests/props/redfish-server" "$tmp/bmc.pem" "$tmp/bmc.key" "$tmp/redfish" "$@" \
		>"$tmp/port" 2>"$tmp/redfish-server.log" &
	redfish=$!
	eventually 10 has_line "$tmp/port" || fail "no BMC listens: $(cat "$tmp/redfish-server.log")"
	# shellcheck disable=SC2034 # for the test
	bmc_port=$(cat "$tmp/port")
}

redfish_stop() {
	kill "$redfish"
	wait "$redfish" 2>/dev/null || true
	[ ! -s "$tmp/redfish-server.log" ] || fail "$(cat "$tmp/redfish-server.log")"
}

# No session may be left.
redfish_sessions_end() {
	[ "$(grep -c 'POST /redfish/v1/SessionService/Sessions 201' "$tmp/redfish")" = \
		"$(grep -c 'DELETE .* 204' "$tmp/redfish")" ] || fail "a session is left: $(cat "$tmp/redfish")"
}
bmc_is() { [ "$(cat "$tmp/redfish.$1" 2>/dev/null)" = "$2"$'\n'"$3" ]; }
bmc_set() { printf '%s\nNone Disabled\n' "$2" >"$tmp/redfish.$1"; }
