# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# p2v-pxe's list of machines: read from CSV (RFC 4180, and what spreadsheets make of
# it), and judged. All that is wrong is said, each with its line and column.
#
#	load		reads $machines, with $p2vd as judge; ends the program if something
#			is wrong. Then rows has the keys of machines ("default" may be one)
#			and line_of, name_of, cell, secret_of what is known of them; entries.sh
#			has made their command lines
#	value_of ROW COLUMN	into $value
#	mac_plain TEXT	a card's address in one spelling

errors=0
wrong() {
	say "$machines: $*"
	errors=$((errors + 1))
}

columns=() # their names, in order
rows=()    # of machines, by their MAC, and "default"
declare -A cell=() line_of=() name_of=() secret_of=()
declare -A long_of=() # long names of parameters, by long and short ones

# mac_plain TEXT: into $mac as 52-54-00-12-34-56, whatever stood between.
mac_plain() {
	local text=${1,,}
	mac=''
	case $text in
	??:??:??:??:??:?? | ??-??-??-??-??-??) text=${text//[:-]/} ;;
	????.????.????) text=${text//./} ;;
	esac
	[[ $text =~ ^[0-9a-f]{12}$ ]] || return 1
	# A group's address, or none, is no card's.
	[[ ${text:1:1} == [02468ace] && $text != 000000000000 ]] || return 1
	mac=${text:0:2}-${text:2:2}-${text:4:2}-${text:6:2}-${text:8:2}-${text:10:2}
}

# Whether the line $rest is empty or a remark. The first column's name may begin with
# #, too; and the cell of a row that is put out of use by # may go on in the next line.
passed_over() {
	local mac=[,\;$'\t']'"?[[:blank:]]*mac[[:blank:]]*"?'[,\;$'\t']
	[[ $rest == *[![:space:]]* ]] || return 0
	if [ ${#columns[@]} = 0 ]; then
		# Excel is told so which of them parts the cells.
		if [[ $rest == sep=? ]]; then
			separator=${rest:4}
			return 0
		fi
		[[ $rest == \#* && ! ",${rest,,}," =~ $mac ]]
	else
		[[ $rest == \#* && $rest != *"$separator\""* ]]
	fi
}

# Reads one record from descriptor 3 into $fields, $line being its last line's
# number; false at the end.
record() {
	local rest value more
	fields=()
	while :; do
		IFS= read -r rest <&3 || [ -n "$rest" ] || return 1
		line=$((line + 1)) begin=$line
		[ $line != 1 ] || rest=${rest#$'\xef\xbb\xbf'}
		rest=${rest%$'\r'}
		passed_over || break
	done
	# Which of , ; and tab parts the cells: the first one in the first line.
	if [ -z "$separator" ]; then
		value=${rest#"${rest%%[,;$'\t']*}"}
		separator=${value:0:1} separator=${separator:-,}
	fi
	while :; do
		rest=${rest%$'\r'}
		if [[ $rest == \"* ]]; then
			rest=${rest:1} value=''
			while :; do
				if [[ $rest != *\"* ]]; then
					value+=$rest$'\n'
					IFS= read -r rest <&3 || [ -n "$rest" ] ||
						die 2 "$machines: line $begin: a double quote is opened and never closed"
					line=$((line + 1))
					continue
				fi
				value+=${rest%%\"*} rest=${rest#*\"}
				[[ $rest == \"* ]] || break
				value+=\" rest=${rest:1}
			done
			rest=${rest%$'\r'}
			[ -z "$rest" ] || [[ $rest == "$separator"* ]] ||
				die 2 "$machines: line $line: text behind a closing quote: within quotes a quote is written twice"
		else
			value=${rest%%"$separator"*}
			rest=${rest:${#value}}
			[[ $value != *\"* ]] ||
				die 2 "$machines: line $line: a quote within a cell: put the whole cell in quotes, and the quote twice"
			value=${value#"${value%%[![:blank:]]*}"}
			value=${value%"${value##*[![:blank:]]}"}
		fi
		fields+=("$value")
		[ -n "$rest" ] || return 0
		rest=${rest:1}
		more=${#fields[@]}
		[ "$more" -lt 1000 ] || die 2 "$machines: line $line has more than 1000 cells"
	done
}

# parameter NAME: into $long its long name, whichever way it is written. False if
# there is no such parameter; p2vd alone knows.
parameter() {
	local name=${1//-/_}
	[[ $name =~ ^[a-z0-9._]+$ ]] || return 1
	long=${long_of[$name]:-}
	[ -n "$long" ] || [ "$p2vd" != no ] || long=$name
	[ -n "$long" ]
}

read_header() {
	local i name long
	local -A seen=()
	record || die 2 "$machines: it is empty"
	for ((i = 0; i < ${#fields[@]}; i++)); do
		name=${fields[i]//[[:cntrl:]]/?}
		columns+=('')
		[[ $name != \#* && -n $name ]] || continue
		[[ $name == p2v.* ]] || name=${name,,}
		long=$name
		case $name in
		mac | name | kernel) ;;
		p2v.guestname | p2v.name) wrong "column '$name': the guest's name stands in the column 'name'"; continue ;;
		p2v.*) parameter "$name" || { wrong "column '$name' is no parameter: p2v.parameters(7) has them all"; continue; } ;;
		*) wrong "column '$name' is none of mac, name, kernel and p2v.*: put a # before a remark's name"; continue ;;
		esac
		if [ "${seen[$long]:-}" = "$name" ]; then
			wrong "column '$name' is there twice"
		elif [ -n "${seen[$long]:-}" ]; then
			wrong "columns '${seen[$long]}' and '$name' are one parameter: leave one out"
		else
			columns[i]=$name
		fi
		seen[$long]=$name
	done
	[ -n "${seen[mac]:-}" ] || wrong "there is no column 'mac'"
}

# place ROW COLUMN: how a message names them.
place() { printf "line %s%s, column '%s'" "${line_of[$1]}" "${name_of[$1]:+ (${name_of[$1]})}" "$2"; }

read_row() {
	local i row key=''
	for ((i = 0; i < ${#fields[@]}; i++)); do
		[ $i -lt ${#columns[@]} ] || [ -z "${fields[i]}" ] || {
			wrong "line $begin has more cells than the first line"
			return
		}
		[ "${columns[i]:-}" != mac ] || key=${fields[i]}
	done
	[[ ${fields[*]} == *[![:space:]]* && ${fields[0]} != \#* ]] || return 0
	case $key in
	all | default)
		row=$key
		[ -z "${line_of[$row]:-}" ] || wrong "line $begin: there is a row '$key' already, in line ${line_of[$row]}"
		;;
	'') wrong "line $begin has no MAC address"; return ;;
	*)
		mac_plain "$key" || { wrong "line $begin: '${key//[[:cntrl:]]/?}' is no card's MAC address: give 52:54:00:12:34:56"; return; }
		row=$mac
		[ -z "${line_of[$row]:-}" ] || { wrong "line $begin: $mac stands in line ${line_of[$row]} already"; return; }
		;;
	esac
	line_of[$row]=$begin
	[ "$row" = all ] || rows+=("$row")
	for ((i = 0; i < ${#columns[@]}; i++)); do
		[ -z "${columns[i]}" ] || cell[$row,${columns[i]}]=${fields[i]:-}
	done
	name_of[$row]=${cell[$row,name]:-}
	name_of[$row]=${name_of[$row]//[[:cntrl:]]/?}
	[[ $row != all && $row != default ]] || [ -z "${name_of[$row]}" ] ||
		wrong "$(place "$row" name): one name cannot be that of many machines"
}

read_machines() {
	local fields line=0 begin=0 separator='' mac text
	[ -r "$machines" ] && [ ! -d "$machines" ] || die 2 "there is no list of machines '$machines' to read: see p2v-pxe(8), and --machines"
	! IFS= read -r -d '' text <"$machines" ||
		die 2 "$machines: it holds NUL bytes, so it is no text in UTF-8: save it as CSV in UTF-8, not as Unicode (UTF-16)"
	# What ends its lines as a Macintosh once did.
	[[ $text == *$'\n'* ]] || text=${text//$'\r'/$'\n'}
	exec 3< <(printf '%s' "$text")
	read_header
	while record; do
		read_row
	done
	exec 3<&-
}

# The row's value of a column: its own, else that of the row "all".
value_of() { value=${cell[$1,$2]:-${cell[all,$2]:-}}; }

# p2vd's own judgement, by standard input: nobody reads a password in its arguments.
judge() {
	local row=$1 code=0 text hint config value
	secret_of[$row]=''
	if [ "$p2vd" = no ]; then
		secret_of[$row]=$(hidden_words "${words_of[$row]}")
		return
	fi
	config=$(printf '%s\n' "${words_of[$row]}" |
		"$p2vd" --print-config --no-fetch --cmdline=- 2>"$scratch/said") || code=$?
	if [ $code != 0 ]; then
		[ -s "$scratch/said" ] || echo "p2vd ended with code $code" >"$scratch/said"
		while IFS= read -r text; do
			hint=
			[[ $text != *'it is not UTF-8'* ]] || hint=': save the file as CSV in UTF-8'
			wrong "line ${line_of[$row]}${name_of[$row]:+ (${name_of[$row]})}: ${text#p2vd: }$hint"
		done <"$scratch/said"
		return
	fi
	# Of words of the kernel's it knows nothing.
	[[ $config != *'***'* ]] ||
		secret_of[$row]=$(sed -n 's/^\([^ ]*\) .*\*\*\*.*/p2v.\1/p' <<<"$config" | paste -sd ' ')
	value_of "$row" kernel
	[ -z "$value" ] || value=$(hidden_words "$value")
	secret_of[$row]+=${secret_of[$row]:+${value:+ }}$value
}

find_p2vd() {
	local at parameters name alias secrets
	[ "$p2vd" != no ] || { say 'parameters are not judged: what is wrong with them only shows on the machines'; return 0; }
	if [ -z "$p2vd" ]; then
		for at in "$here/../build/p2vd" "$here/p2vd" "$(type -P p2vd || true)" /usr/sbin/p2vd; do
			[ ! -x "$at" ] || { p2vd=$at; break; }
		done
	fi
	parameters=$("${p2vd:-p2vd}" --print-parameters 2>"$scratch/said") ||
		die 3 "cannot run '${p2vd:-p2vd}', which judges parameters: $(head -n 1 "$scratch/said"); --p2vd=FILE names another (p2v-pxe(8) has one for hosts older than Debian 13), --p2vd=no does without"
	while read -r name alias; do
		long_of[$name]=$name
		[ -z "$alias" ] || long_of[$alias]=$name
	done <<<"$parameters"
	# A p2vd of before there was this format names none.
	secrets=$("$p2vd" --print-parameters=secrets 2>/dev/null | tr -s ' \n' '|') || secrets=''
	secrets=${secrets%|}
	secret_names+=${secrets:+|${secrets//./\\.}}
}

# All of the machines, judged before anything is written.
load() {
	local row before name secrets=''
	local -A named=()
	settings_read
	find_p2vd
	read_machines
	# What is wrong with the row "all" is said of it, not of each machine.
	for row in ${line_of[all]:+all} "${rows[@]}"; do
		before=$errors
		make_words "$row"
		[ $errors != "$before" ] || judge "$row"
		[ "$row" != all ] || [ $errors = "$before" ] || break
	done
	[ $errors = 0 ] || die 2 "$errors error$([ $errors = 1 ] || echo s) in '$machines': nothing was written"
	for row in "${rows[@]}"; do
		name=${name_of[$row]}
		[ -z "${named[_$name]:-}" ] || say "warning: lines ${named[_$name]} and ${line_of[$row]} have one name, '$name': the server can keep one guest of that name; if they are cards of one machine, each is to be marked done"
		[ -z "$name" ] || named[_$name]=${line_of[$row]}
		[[ ${words_of[$row]} == *@(p2v.server|p2v.remote.server|p2v.config)=* ]] ||
			say "warning: line ${line_of[$row]}${name_of[$row]:+ (${name_of[$row]})} has neither p2v.server nor p2v.config: the machine would wait for a person"
		[ -z "${secret_of[$row]}" ] || secrets+="${secrets:+, }line ${line_of[$row]} (${secret_of[$row]})"
	done
	[ -n "$secrets" ] || return 0
	say "warning: TFTP and HTTP hand these secrets to whoever asks for a machine's entry: $secrets; p2v.identity or p2v.config with https would not; their files are for the owner of '$tree' only, whom the server must run as"
	[ -z "$(find -L "$machines" -maxdepth 0 -perm /077)" ] || say "warning: '$machines' holds secrets and others may read it: chmod 600 '$machines'"
}
