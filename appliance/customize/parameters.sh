# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Parameters for p2vd, and scripts for p2v.pre, p2v.post and p2v.fail.
#
#	put_parameters FILE
#	put_script pre|post|fail FILE
#	find_p2vd		sets $p2vd, the daemon, which knows all parameters; fails if none
#				can be run
#	check_parameters FILE	has $p2vd check it
#	trusts_any_host		whether the image names a server, and no host key

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

# judge_lines NAME: ends the program if $given, of that name, is no list of parameters. What
# p2vd says of the lines (src/config/config_file.c), as far as a pattern can. In bytes, as p2vd
# does: in some locales U+3000 is a blank.
judge_lines() {
	local -x LC_ALL=C
	local said blank=$'[ \t\r\v\f]' item end quoted='"([^"\\]|\\.)*"'
	item=$'[^ \t\r\v\f"\\\\]|\\\\[^ \t\r\v\f]'
	end="($blank+(#.*)?)?$"
	! said=$(grep -Evn "^$blank*(p2v\\.|\"p2v\\.|#|$)" "$given") ||
		die "'$1' is no list of parameters: line ${said%%:*} does not begin with p2v."
	# A comment that begins with a blank's look-alike is none.
	! said=$(sed -E "s/^$blank*#.*//; s/$blank#.*//" "$given" | grep -En \
		$'\xc2[\xa0\xab\xad\xbb]|\xe2\x80[\x80-\x8f\x98-\x9f\xa8-\xaf\xb2-\xba]|\xe2\x81[\x9f-\xaf]|\xe3\x80[\x80\x9d-\x9f]|\xef\xbb\xbf|\xef\xbc[\x82\x87]') ||
		die "'$1' is no list of parameters: line ${said%%:*} holds a typographic quote, or a blank that separates no words"
	! said=$(grep -En $'^[ \t\r\v\f]*"?[^ ="#]*[\x80-\xff]' "$given") ||
		die "'$1' is no list of parameters: line ${said%%:*} holds a character in its name that looks like another"
	! said=$(grep -Evn "^$blank*((p2v\\.[^ =\"]+(=($item|$quoted)*\\\\?)?|$quoted)$end|#|$)" "$given") ||
		die "'$1' is no list of parameters: line ${said%%:*} has more than one word, or a double quote that is never closed: put a value with spaces within double quotes"
}

# check_parameters FILE: what p2vd says of it. $p2vd may be a script that runs p2vd where
# another /tmp is, so the file comes on standard input.
check_parameters() { "$p2vd" --check-parameters=/dev/stdin <"$1"; }

put_parameters() {
	local said how
	fetch_text "$1"
	if find_p2vd; then
		if ! said=$(check_parameters "$given" 2>&1 >/dev/null); then
			[ -z "$said" ] || printf '%s\n' "${said//"/dev/stdin"/"$1"}" >&2
			die "'$1' is no list of parameters for p2vd"
		fi
		[ -z "$said" ] || printf '%s\n' "${said//"/dev/stdin"/"$1"}" >&2
	else
		judge_lines "$1"
		how="P2VD can name a script that runs it, see p2v-customize(8), ENVIRONMENT"
		[ ! -e "$here/../in-root" ] || how="run './in-root appliance/p2v-customize', which checks them"
		warn "p2vd does not run on this system, so names and values in '$1' are not checked: $how"
	fi
	keep etc/p2vd/parameters "$1"
}

trusts_any_host() {
	local names
	[ -e "$tree/etc/p2vd/parameters" ] && [ ! -e "$tree/etc/p2vd/known_hosts" ] || return
	names=$(cat "$tree/etc/p2vd/parameters" "$scratch/baked" 2>/dev/null |
		sed -nE 's/^[[:blank:]]*"?(p2v\.[a-z._-]+).*/\1/p')
	grep -qxE 'p2v\.(remote\.)?server' <<<"$names" && ! grep -qx 'p2v\.hostkey' <<<"$names"
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
