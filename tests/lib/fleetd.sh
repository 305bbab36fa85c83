# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running p2v-fleetd beside a tree of p2v-pxe. Read after harness.sh.
#
#	fleet_machines N	a list of N machines, and the tree $served with an entry of each; their
#				tokens are token-1 … token-N
#	mac N			sets $mac to the address of machine N
#	fleetd_start [OPTION…]	starts it; $fleetd is its process, $url where it listens, $control
#				its socket, $tmp/fleetd.log what it says
#	fleetd_stop		ends it, and fails if that is no good end
#	document N RUN SEQUENCE STATUS [CHANGES [MORE]]	prints a report: members of the object
#				status, elements of changes, members of data with a comma before each
#	change NUMBER STATE [REASON]	prints an element of changes, with a comma behind it if there
#				are more
#	post N FILE [CURL OPTION…]	POSTs it with the machine's token, or with $bearer for it; prints the status
#	ask PATH [CURL OPTION…]	prints the answer
#	member PATH EXPRESSION	prints what the Python expression of "a", the JSON answer, gives
#	is PATH EXPRESSION	whether it is true

requires curl python3

fleetd_program=${P2V_FLEETD:-}
if [ -z "$fleetd_program" ]; then
	fleetd_program=$top/build/p2v-fleetd
	[ ! -x "$top/build/asan/p2v-fleetd" ] || fleetd_program=$top/build/asan/p2v-fleetd
fi
[ -x "$fleetd_program" ] || skip "there is no '$fleetd_program': make"
# The exit code if a sanitizer finds something: p2v-fleetd itself does not use 99.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}:exitcode=99
cp "$fleetd_program" "$tmp/p2v-fleetd"
served=$tmp/served
control=$tmp/control
p2v_pxe=${P2V_PXE:-$top/pxe/p2v-pxe}
url=http://127.0.0.1:8067
fleetd_database=$tmp/database/fleet.sqlite

mac() { printf -v mac '52-54-00-00-%02x-%02x' $(($1 / 256)) $(($1 % 256)); }

fleet_machines() {
	local i mac
	mkdir -p "$served" "$tmp/database"
	echo mac,name,p2v.server,p2v.report,p2v.report_token,p2v.done >"$tmp/machines.csv"
	chmod 600 "$tmp/machines.csv"
	for ((i = 1; i <= $1; i++)); do
		mac $i
		echo "$mac,web$i,192.0.2.7,$url/report/{mac},token-$i,$url/done/{mac}"
	done >>"$tmp/machines.csv"
	"$p2v_pxe" --tree="$served" --machines="$tmp/machines.csv" --p2vd=no apply 2>"$tmp/pxe.log" ||
		fail "p2v-pxe apply: $(cat "$tmp/pxe.log")"
}

fleetd_start() {
	: >"$tmp/fleetd.log"
	"$tmp/p2v-fleetd" --debug --tree="$served" --database="$fleetd_database" --control="$control" \
		--p2v-pxe="$p2v_pxe" "$@" </dev/null >>"$tmp/fleetd.log" 2>&1 &
	fleetd=$!
	eventually 20 grep -q 'is ready' "$tmp/fleetd.log" || fail "p2v-fleetd does not start: $(cat "$tmp/fleetd.log")"
}

fleetd_stop() {
	local code=0
	kill "$fleetd"
	eventually 20 fleetd_ended || fail 'p2v-fleetd did not end'
	wait "$fleetd" || code=$?
	[ $code = 0 ] || fail "p2v-fleetd's exit code is $code: $(tail -n 40 "$tmp/fleetd.log")"
	! grep -Eq 'AddressSanitizer|LeakSanitizer|runtime error:' "$tmp/fleetd.log" ||
		fail 'a sanitizer found something in p2v-fleetd'
}
fleetd_ended() { ! alive "$fleetd"; }

document() {
	printf '{"specversion":"1.0","id":"%s-%s","source":"/p2vd/x","type":"io.p2vd.conversion.state",' "$2" "$3"
	printf '"time":"%s","data":{"machine":{"uuid":"u-%s","vendor":"Example","model":"R<b>"},' "$(date -u +%FT%TZ)" "$1"
	printf '"status":{%s},"run":"%s","sequence":%s,"changes":[%s]%s}}' "$4" "$2" "$3" "${5:-}" "${6:-}"
}

change() { printf '{"number":%s,"time":"%s","state":"%s"%s}' "$1" "$(date -u +%FT%TZ)" "$2" "${3:+,\"reason\":\"$3\"}"; }

post() {
	local mac
	mac "$1"
	curl -s -o "$tmp/answer" -w '%{http_code}\n' -H "Authorization:${bearer- Bearer token-$1}" -H 'Expect:' \
		--data-binary "@$2" "${@:3}" "$url/report/$mac" || true
}

ask() { curl -s "${@:2}" "$url$1"; }

member() { ask "$1" | python3 -c 'import json, sys
a = json.load(sys.stdin)
print(eval("(" + sys.argv[1] + ")"))' "$2"; }
is() { [ "$(member "$1" "$2")" = True ]; }
