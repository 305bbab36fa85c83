# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What check, diff and list print with --json. MAC addresses are written as 52:54:00:12:34:56.
#
#	json_check ERROR	ERROR: why all has ended; '': the list is good
#	json_diff		what apply would change
#	json_machine		adds the machine $row, with $name and $state
#	json_list		prints what was added

# text TEXT: sets $text to it as a JSON string.
json_text() {
	text=${1//\\/\\\\}
	text=${text//\"/\\\"}
	text=${text//$'\n'/\\n} text=${text//$'\t'/\\t}
	text=\"${text//[[:cntrl:]]/?}\"
}

# json_array TEXT…: sets $array to an array of strings.
json_array() {
	local text item
	array=''
	for item; do
		json_text "$item"
		array+="${array:+,}$text"
	done
	array="[$array]"
}

json_check() {
	local text array errors_array
	[ -z "$1" ] || [ ${#wrongs[@]} != 0 ] || wrongs=("$1")
	json_array "${wrongs[@]}"
	errors_array=$array
	json_array "${warned[@]}"
	json_text "$machines"
	printf '{"machines":%s,"good":%s,"rows":%d,"errors":%s,"warnings":%s}\n' "$text" \
		"$([ -n "$1" ] && echo false || echo true)" ${#rows[@]} "$errors_array" "$array"
}

# json_file PATH: sets $file to the members that tell which one it is.
json_file() {
	local text row
	json_text "$1"
	file="\"path\":$text"
	row_of_path "$1"
	[ "$1" = "$settings" ] || file+=",\"mac\":\"${row//-/:}\""
	[ "$1" = "$settings" ] || [ -z "${name_of[$row]:-}" ] || { json_text "${name_of[$row]}" && file+=",\"name\":$text"; }
}

json_diff() {
	local path file change written='' removed=''
	progress_end
	for path in "${planned[@]}"; do
		json_file "$path"
		change=changed
		if [ ! -e "$tree/$path" ]; then change=new; elif unchanged "$path"; then change=mode; fi
		written+="${written:+,}{$file,\"change\":\"$change\"}"
	done
	for path in "${gone[@]}"; do
		json_file "$path"
		removed+="${removed:+,}{$file}"
	done
	printf '{"written":[%s],"removed":[%s]}\n' "$written" "$removed"
}

listed_machines=()
json_machine() {
	local text one time=${state%, failed*} failures=0 changes=false listed=true
	one="\"mac\":\"${row//-/:}\""
	[ -z "$name" ] || { json_text "$name" && one+=",\"name\":$text"; }
	case $state in
	'done '*) one+=",\"state\":\"done\",\"since\":\"${time#done }\"" ;;
	'given up '*) one+=",\"state\":\"given up\",\"since\":\"${time#given up }\"" ;;
	'convert, failed '*) one+=',"state":"convert"' ;;
	*) one+=",\"state\":\"$state\"" ;;
	esac
	[[ $state != *', failed '* ]] || failures=${state#*failed } failures=${failures%% *}
	[[ -z ${changed[$row]:-} || $state != convert* ]] || changes=true
	[ "${line_of[$row]}" != gone ] || listed=false
	listed_machines+=("{$one,\"failures\":$failures,\"tries\":${tries_of[$row]:-$tries_default},\"changed\":$changes,\"listed\":$listed}")
}

json_list() {
	local IFS=, default=local
	[ -z "${line_of[default]:-}" ] || default=convert
	[[ " ${words_of[default]:-}" != *' p2v.do=inventory'* ]] || default=inventory
	printf '{"machines":[%s],"default":"%s"}\n' "${listed_machines[*]}" $default
}
