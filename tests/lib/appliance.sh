# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs p2vd as in the image: on consoles that are pseudo-terminals, with a systemctl that
# only logs its arguments and a shell without a password. Read after p2vd.sh.
#
#	appliance COUNT		from now on, convert_start begins such a p2vd with COUNT consoles
#	at N WORD [TEXT]	at console N: key TEXT, stop, start (see tests/props/consoles)
#	shown N TEXT		whether console N shows, or has shown, TEXT
#	asked_for WHAT		whether systemctl was called with that
#	appliance_end		ends p2vd, as the system does; $code is its exit code

appliance() {
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\necho "$*" >>%s\n' "$tmp/systemctl.log" >"$tmp/bin/systemctl"
	# The image's p2v-shell asks for root's password if there is one.
	printf '#!/bin/sh\nexec sh -il\n' >"$tmp/bin/p2v-shell"
	# Forms that only tell that they are there, and on which kind of terminal.
	printf '#!/bin/sh\necho "forms for $TERM by $$"\nread -r line\n' >"$tmp/bin/p2v-console"
	chmod 0755 "$tmp/bin/systemctl" "$tmp/bin/p2v-shell" "$tmp/bin/p2v-console"
	PATH=$tmp/bin:$PATH
	mkfifo "$tmp/keys"
	"$top/tests/props/consoles" "$1" "$tmp/console" <"$tmp/keys" >"$tmp/consoles.log" 2>&1 &
	exec 9>"$tmp/keys"
	eventually 10 test -e "$tmp/console.active" || fail 'no pseudo-terminals'
	mount --bind "$tmp/console.active" /sys/class/tty/console/active 2>/dev/null ||
		skip 'the list of consoles cannot be replaced'
	# shellcheck disable=SC2034 # p2vd.sh takes them
	p2vd_options=(--appliance)
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
	rm -f "$tmp/systemctl.log"
	local console
	for console in "$tmp"/console.[0-9]; do
		: >"$console"
	done
}
