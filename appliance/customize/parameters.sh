# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Parameters for p2vd, and scripts for p2v.pre, p2v.post and p2v.fail.
#
#	put_parameters FILE
#	put_script pre|post|fail FILE
#	find_p2vd		sets $p2vd, the daemon, which knows all parameters; fails if none
#				can be run

p2vd=
find_p2vd() {
	local program
	[ -z "$p2vd" ] || return 0
	for program in "${P2VD:-}" "$here/../build/p2vd" "$here/p2vd" p2vd /usr/sbin/p2vd; do
		if [ -n "$program" ] && "$program" --version >/dev/null 2>&1; then
			p2vd=$program
			return 0
		fi
	done
	return 1
}

put_parameters() {
	local said
	fetch_text "$1"
	if find_p2vd; then
		if ! said=$("$p2vd" --check-parameters="$given" 2>&1 >/dev/null); then
			[ -z "$said" ] || printf '%s\n' "${said//"$given"/"$1"}" >&2
			die "'$1' is no list of parameters for p2vd"
		fi
		[ -z "$said" ] || printf '%s\n' "${said//"$given"/"$1"}" >&2
	else
		! said=$(grep -Evn '^[[:space:]]*(p2v\.[a-z._-]+(=.*)?|"p2v\..*"|#.*)?[[:space:]]*$' "$given") ||
			die "'$1' is no list of parameters: line ${said%%:*} does not begin with p2v."
		warn "p2vd does not run on this system, so names and values in '$1' are not checked"
	fi
	keep etc/p2vd/parameters "$1"
}

put_script() {
	local interpreter
	fetch_text "$2"
	! grep -q $'\r$' "$given" || die "'$2' has line ends as Windows has them: convert it with dos2unix"
	interpreter=$(head -n 1 "$given" | tr -d '\0' | sed -n 's/^#! *//p')
	case "$interpreter " in
	/bin/sh\ * | /usr/bin/sh\ * | /usr/bin/env\ sh\ ) sh -n "$given" || die "'$2' is no script for sh" ;;
	/bin/bash\ * | /usr/bin/bash\ * | /usr/bin/env\ bash\ ) bash -n "$given" || die "'$2' is no script for bash" ;;
	' ') die "'$2' is no script: its first line has to be #!/bin/sh or #!/bin/bash" ;;
	*) die "'$2' wants '$interpreter': the image has sh and bash only" ;;
	esac
	keep "etc/p2vd/$1" "$2"
}
