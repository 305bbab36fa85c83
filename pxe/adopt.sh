# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Taking a machine over into the list, which people write: a row is added behind the last one, as the
# other rows are written, and not one byte of the rest changes.
#
#	command_adopt MAC…

# spelled MAC: sets $mac to it in the spelling of the list's last machine.
spelled() {
	mac=$1
	case $last_mac in
	*-*) ;;
	*.*) mac=${mac//-/} mac=${mac:0:4}.${mac:4:4}.${mac:8} ;;
	*:* | '') mac=${mac//-/:} ;;
	*) mac=${mac//-/} ;;
	esac
	[[ $last_mac != *[A-F]* || $last_mac == *[a-f]* ]] || mac=${mac^^}
}

# cell_of TEXT: sets $value to it as a cell.
cell_of() {
	value=$1
	case $value in
	*[\"\#"$separator"]* | [[:blank:]]* | *[[:blank:]]) ;;
	'') return 0 ;;
	*) [ -n "$quotes" ] || return 0 ;;
	esac
	value=\"${value//\"/\"\"}\"
}

# row_text MAC: sets $new to its row.
row_text() {
	local i mac value
	new=''
	for ((i = 0; i < ${#columns[@]}; i++)); do
		value=''
		if [ "$i" = "$mac_at" ]; then
			spelled "$1"
			cell_of "$mac"
		elif [ "$i" = "$name_at" ]; then
			cell_of "$adopted_name"
		fi
		[ $i = 0 ] || new+=${separator:-,}
		new+=$value
	done
}

# Neither a machine nor a name that is there already.
refuse_known() {
	local mac row
	for mac in "${adopted[@]}"; do
		[ -z "${line_of[$mac]:-}" ] || die 2 "$mac stands in line ${line_of[$mac]} of '$machines' already"
	done
	[ -z "$adopted_name" ] || [ -n "$name_at" ] || die 2 "'$machines' has no column 'name'"
	for row in "${rows[@]}"; do
		[ -z "$adopted_name" ] || [ "${name_of[$row]}" != "$adopted_name" ] ||
			die 2 "the name '$adopted_name' stands in line ${line_of[$row]} of '$machines' already"
	done
}

# with_rows TEXT: sets $text to it with the new rows.
with_rows() {
	local mac new quotes='' end=$'\n'
	text=$1
	case $text in
	*$'\r\n'*) end=$'\r\n' ;;
	*$'\n'*) ;;
	*$'\r'*) end=$'\r' ;;
	esac
	[ -z "$last_mac" ] || [[ $text != *\""$last_mac"\"* ]] || quotes=yes
	[[ $text == *[$'\r\n'] ]] || text+=$end
	for mac in "${adopted[@]}"; do
		row_text "$mac"
		[ -z "$dry_run" ] || echo "$new"
		text+=$new$end
	done
}

# judge_new TEXT: whether p2v-pxe reads the new rows in it as they are meant, and p2vd takes them.
judge_new() {
	local mac
	for mac in "${adopted[@]}"; do
		again[$mac]=1
	done
	rows=() columns=() cell=() line_of=() name_of=()
	mac_at='' name_at=''
	parse "$1"
	check_rows
	refuse_errors
	for mac in "${adopted[@]}"; do
		[ -n "${line_of[$mac]:-}" ] && [ "${cell[$mac,name]:-}" = "$adopted_name" ] ||
			die 2 "there is no way to write such a row into '$machines': nothing was written"
	done
}

# write_list FILE TEXT BEFORE: in one step, if nobody has changed it meanwhile.
write_list() {
	local text
	written=$(mktemp "${1%/*}/.p2v-pxe.XXXXXX") || die 3 "cannot write to '${1%/*}'"
	trap 'end "$written"' EXIT
	printf '%s' "$2" >"$written" && chmod --reference="$1" -- "$written" || die 3 "cannot write '$written': is the disk full?"
	chown --reference="$1" -- "$written" 2>/dev/null || [ -O "$1" ] || die 3 "cannot give '$written' to the owner of '$1'"
	sync -- "$written" || die 3 "cannot write '$written'"
	text_of_list
	[ "$text" = "$3" ] || die 3 "'$machines' has been changed by somebody else meanwhile: nothing was written"
	mv -f -- "$written" "$1" || die 3 "cannot write '$1'"
	sync -- "${1%/*}" 2>/dev/null || true
}

command_adopt() {
	local wanted mac text before file adopted=()
	local -A seen=()
	for wanted; do
		mac_plain "$wanted" || die 2 "'$wanted' is no card's MAC address: give 52:54:00:12:34:56"
		[ -n "${seen[$mac]:-}" ] || adopted+=("$mac")
		seen[$mac]=1
	done
	file=$(readlink -f -- "$machines") && [ -f "$file" ] || die 2 "there is no list of machines '$machines': it begins with a line of columns, see p2v-pxe(8)"
	exec 8<"${file%/*}"
	flock -w 30 8 || die 3 "another p2v-pxe has been at work in '${file%/*}' for 30 seconds"
	settings_read
	find_p2vd
	text_of_list
	before=$text
	parse "$text"
	refuse_errors
	refuse_known
	with_rows "$before"
	judge_new "$text"
	[ -n "$dry_run" ] || write_list "$file" "$text" "$before"
	say "${#adopted[@]} row$([ ${#adopted[@]} = 1 ] || echo s) $([ -z "$dry_run" ] || echo 'would be ')added to '$machines': see p2v-pxe diff, then run p2v-pxe apply"
}
