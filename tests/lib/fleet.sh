# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running p2v-fleet, and BMCs for it. Read after harness.sh.
#
#	fleet ARGUMENT…		$code is its exit code; $tmp/said, $tmp/out
#	fleet_with ARGUMENT…	the same as it stands, for one that is to run beside others
#	pxe_apply		what $tmp/machines.csv says into the tree $served: $tmp/served, if it is not set
#	fleetd_start [OPTION…], fleetd_stop	a real p2v-fleetd, on $tmp/control and 127.0.0.1:8067
#	redfish_start WORD…	BMCs on all addresses of this machine (tests/props/redfish-server), on
#				$bmc_port; $tmp/redfish is their log, $tmp/bmc.pem their certificate
#	redfish_stop
#	redfish_sessions_end	fails if a session is left
#	ipmi_start ADDRESS	a BMC on 127.0.0.x, port 9001, that speaks IPMI (ipmi_sim): user admin, "rightpassword"
#	bmc_is ADDRESS POWER BOOT	whether the machine behind it is so
#	bmc_set ADDRESS POWER	$tmp/redfish.ADDRESS or $tmp/ipmi.ADDRESS has a line for each of both
#	expect_code N, expect_said TEXT, expect_out TEXT

fleet_program=${P2V_FLEET:-$top/build/p2v-fleet}
[ -x "$fleet_program" ] || skip "there is no '$fleet_program': make"
cp "$fleet_program" "$tmp/p2v-fleet"
p2vd=${P2VD:-$top/build/p2vd}
fleetd=${P2V_FLEETD:-$top/build/p2v-fleetd}
[ -x "$fleetd" ] && [ -x "$p2vd" ] || skip "there is no '$fleetd', or no '$p2vd': make"

served=${served:-$tmp/served}
mkdir -p "$served" "$tmp/state"
printf '#!/bin/sh\nP2VD=%s exec %s "$@"\n' "'$p2vd'" "'${P2V_PXE:-$top/pxe/p2v-pxe}'" >"$tmp/p2v-pxe"
chmod 755 "$tmp/p2v-pxe"

fleet_with() {
	"$tmp/p2v-fleet" --control="$tmp/control" --tree="$served" --machines="$tmp/machines.csv" \
		--passwords="$tmp/passwords" --p2v-pxe="$tmp/p2v-pxe" "$@"
}
fleet() {
	code=0
	called=$*
	fleet_with "$@" >"$tmp/out" 2>"$tmp/said" </dev/null || code=$?
}

expect_code() {
	[ "$code" = "$1" ] || fail "exit code $code, not $1, of: $called: $(cat "$tmp/out" "$tmp/said")"
}
expect_said() { grep -qF -e "$1" "$tmp/said" || fail "not said '$1' of: $called: $(cat "$tmp/said")"; }
expect_out() { grep -qF -e "$1" "$tmp/out" || fail "not put out '$1' of: $called: $(cat "$tmp/out" "$tmp/said")"; }

pxe_apply() {
	"$tmp/p2v-pxe" --tree="$served" --machines="$tmp/machines.csv" apply 2>"$tmp/apply.log" ||
		fail "$(cat "$tmp/apply.log")"
}

fleetd_start() {
	"$fleetd" --tree="$served" --database="$tmp/state/fleet.sqlite" --control="$tmp/control" \
		--p2v-pxe="$tmp/p2v-pxe" --listen=127.0.0.1:8067 "$@" >>"$tmp/fleetd.log" 2>&1 &
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
		-addext "subjectAltName=$(printf 'IP:127.0.0.%d,' {2..8})IP:127.0.0.9" 2>"$tmp/openssl.log" ||
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

# What ipmi_sim calls as "PROGRAM ADDRESS get|set NAME [VALUE] …".
ipmi_chassis() {
	cat <<-'END'
		#!/bin/bash
		set -euo pipefail
		file=${0%/*}/ipmi.$1 what=$2
		shift 2
		{ read -r power; read -r boot; } <"$file"
		if [ "$what" = get ]; then
			for name; do
				case $name in
				power) echo "power:$([ "$power" = On ] && echo 1 || echo 0)" ;;
				boot) [ "$boot" = 'Pxe Once' ] && echo boot:pxe || echo boot:none ;;
				esac
			done
			exit
		fi
		while [ $# -ge 2 ]; do
			case $1 in
			power) [ "$2" = 1 ] && power=On || power=Off ;;
			boot) [ "$2" = pxe ] && boot='Pxe Once' || boot='None Disabled' ;;
			shutdown) power=Off ;;
			esac
			shift 2
		done
		printf '%s\n' "$power" "$boot" >"$file.new"
		mv "$file.new" "$file"
	END
}

ipmi_listens() { [ -n "$(ss -Huln "src $1 and sport = 9001")" ]; }
ipmi_start() {
	[ -e "$tmp/chassis" ] || { ipmi_chassis >"$tmp/chassis" && chmod 755 "$tmp/chassis"; }
	printf 'Off\nNone Disabled\n' >"$tmp/ipmi.$1"
	mkdir -p "$tmp/ipmi-state.$1"
	cat >"$tmp/ipmi-state.$1/lan.conf" <<-END
		name "sim"
		set_working_mc 0x20
		  startlan 1
		    addr $1 9001
		    priv_limit admin
		    allowed_auths_callback none md2 md5 straight
		    allowed_auths_user none md2 md5 straight
		    allowed_auths_operator none md2 md5 straight
		    allowed_auths_admin none md2 md5 straight
		    guid a123456789abcdefa123456789abcdef
		  endlan
		  chassis_control "$tmp/chassis $1"
		  user 1 true "" "test" user 10 none md2 md5 straight
		  user 2 true "admin" "rightpassword" operator 10 none md2 md5 straight
	END
	cat >"$tmp/ipmi-state.$1/sim.emu" <<-'END'
		mc_setbmc 0x20
		mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
		sel_enable 0x20 1000 0x0a
		mc_enable 0x20
	END
	ipmi_sim -c "$tmp/ipmi-state.$1/lan.conf" -f "$tmp/ipmi-state.$1/sim.emu" -s "$tmp/ipmi-state.$1" -n \
		>"$tmp/ipmi_sim.$1.log" 2>&1 &
	eventually 10 ipmi_listens "$1" || fail "ipmi_sim does not listen: $(cat "$tmp/ipmi_sim.$1.log")"
}

bmc_file() { [ -e "$tmp/ipmi.$1" ] && echo "$tmp/ipmi.$1" || echo "$tmp/redfish.$1"; }
bmc_is() { [ "$(cat "$(bmc_file "$1")" 2>/dev/null)" = "$2"$'\n'"$3" ]; }
# Both BMCs, too, put a new file in place of it.
bmc_set() {
	local file
	file=$(bmc_file "$1")
	printf '%s\nNone Disabled\n' "$2" >"$file.set"
	mv "$file.set" "$file"
}
