# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the user gives: files, or standard input.
#
#	read_input THING	copies standard input, for THING, to $scratch/input
#	fetch FILE [MEBIBYTES]	copies FILE to $given, which then is checked and put in
#	fetch_text FILE		the same for a text

# read_input THING: copies standard input, for THING, to $scratch/input. This may take
# long, so it is done before anything is locked.
read_input() {
	local password again
	if [ "$1" != console-password ] || [ ! -t 0 ]; then
		head -c 257M >"$scratch/input" || die "cannot copy standard input to '$scratch'"
		return
	fi
	read -rsp 'Password of the console: ' password
	read -rsp $'\nThe same again: ' again
	echo >&2
	[ "$password" = "$again" ] || die "the two passwords differ"
	printf '%s\n' "$password" >"$scratch/input"
}

# fetch FILE [MEBIBYTES]: copies FILE to $given. So what is put in is what was checked, even
# if FILE changes.
fetch() {
	local most=$((${2:-256} << 20)) file=$1
	[ "$1" != - ] || file=$scratch/input
	rm -rf "$given"
	there_is "$file"
	[ ! -d "$file" ] || die "'$1' is a directory"
	[ -r "$file" ] || die "cannot read '$1'"
	head -c $((most + 1)) -- "$file" >"$given" || die "cannot copy '$1' to '$scratch'"
	[ -s "$given" ] || die "'$1' is empty"
	[ "$(stat -c %s "$given")" -le $most ] || die "'$1' is too large: ${2:-256} MiB are allowed"
}

# fetch_text FILE: the same for a text, without the byte order mark that Windows adds.
fetch_text() {
	fetch "$1" 1
	[ "$(tr -d '\0' <"$given" | wc -c)" = "$(stat -c %s "$given")" ] || die "'$1' is no text in UTF-8"
	LC_ALL=C sed -i $'1s/^\xef\xbb\xbf//' "$given"
}
