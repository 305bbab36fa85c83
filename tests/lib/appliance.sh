# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs p2vd as in the image: with a p2v-console on each of some pseudo-terminals, a systemctl
# that only logs its arguments and a shell without a password. Read after p2vd.sh.
#
#	appliance COUNT		from now on, convert_start begins such a p2vd with COUNT consoles
#	consoles_start, consoles_end	a p2v-console on each; it does so itself
#	at N WORD [TEXT]	at console N: key TEXT, stop, start (see tests/props/consoles)
#	shown N TEXT		whether console N shows, or has shown, TEXT
#	asked_for WHAT		whether systemctl was called with that
#	appliance_end		ends p2vd, as the system does; $code is its exit code

appliance() {
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\necho "$*" >>%s\n' "$tmp/systemctl.log" >"$tmp/bin/systemctl"
	# The image's p2v-shell asks for root's password if there is one.
	printf '#!/bin/sh\nexec sh -il\n' >"$tmp/bin/p2v-shell"
	chmod 0755 "$tmp/bin/systemctl" "$tmp/bin/p2v-shell"
	console_program=$top/build/p2v-console
	[ ! -x "$top/build/asan/p2v-console" ] || console_program=$top/build/asan/p2v-console
	[ -x "$console_program" ] || skip "there is no '$console_program': make"
	cp "$console_program" "$tmp/p2v-console"
	PATH=$tmp/bin:$PATH
	mkfifo "$tmp/keys"
	"$top/tests/props/consoles" "$1" "$tmp/console" <"$tmp/keys" >"$tmp/consoles.log" 2>&1 &
	exec 9>"$tmp/keys"
	eventually 10 test -e "$tmp/console.active" || fail 'no pseudo-terminals'
	# shellcheck disable=SC2034 # p2vd.sh takes them
	p2vd_options=(--appliance)
	# shellcheck disable=SC2034
	p2vd_started=consoles_start
}

# As the image's p2v-console@.service does.
consoles_start() {
	local name
	console_processes=()
	eventually 20 test -S "$tmp/run/io.p2vd.Daemon" || fail 'p2vd does not listen'
	for name in $(cat "$tmp/console.active"); do
		env -u TERM "$tmp/p2v-console" --appliance --runtime-directory="$tmp/run" "/dev/$name" \
			</dev/null >>"$tmp/consoles.errors" 2>&1 &
		console_processes+=($!)
	done
}

consoles_end() {
	local process
	for process in "${console_processes[@]}"; do
		kill "$process" 2>/dev/null || true # a test may have killed it
		eventually 10 ended "$process" || fail 'p2v-console does not end'
	done
	! grep -E 'AddressSanitizer|LeakSanitizer|runtime error:' "$tmp/consoles.errors" ||
		fail 'a sanitizer found something in p2v-console'
}

at() {
	echo "$2 $1 ${3:-}" >&9
}

shown() {
	grep -aFq -e "$2" "$tmp/console.$1"
}

asked_for() {
	grep -qxF -e "$1" "$tmp/systemctl.log" 2>/dev/null
}

appliance_end() {
	kill "$p2vd"
	convert_end
	consoles_end
	rm -f "$tmp/systemctl.log"
	local console
	for console in "$tmp"/console.[0-9]; do
		: >"$console"
	done
}
