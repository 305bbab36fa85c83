# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# p2v-pxe's list of machines: read from CSV (RFC 4180, and variants that spreadsheets
# write), and checked. Every error is printed, with its line and column.
#
#	load		reads $machines and has $p2vd check the parameters; ends the program
#			if something is wrong. Sets rows (the MAC addresses, perhaps "default"),
#			line_of, name_of, cell and secret_of, and the command lines of
#			entries.sh
#	value_of ROW COLUMN	sets $value
#	mac_plain TEXT	sets $mac to a card's address in one spelling

errors=0
wrong() {
	say "$machines: $*"
	errors=$((errors + 1))
}

columns=() # names, in order; empty for a remark
rows=()    # MAC addresses, and "default"
declare -A cell=() line_of=() name_of=() secret_of=()
declare -A long_of=() # the long name of each parameter, for its long and its short name

# mac_plain TEXT: sets $mac to 52-54-00-12-34-56. TEXT may have : - . or nothing between.
mac_plain() {
	local text=${1,,}
	mac=''
	case $text in
	??:??:??:??:??:?? | ??-??-??-??-??-??) text=${text//[:-]/} ;;
	????.????.????) text=${text//./} ;;
	esac
	[[ $text =~ ^[0-9a-f]{12}$ ]] || return 1
	# A card's address is not a group address, and not zero.
	[[ ${text:1:1} == [02468ace] && $text != 000000000000 ]] || return 1
	mac=${text:0:2}-${text:2:2}-${text:4:2}-${text:6:2}-${text:8:2}-${text:10:2}
}

# Whether the line $rest is empty or a remark, which begins with #. But it is not a remark if
# it is a header whose first column is one, or a row whose cell goes on in the next line.
passed_over() {
	local mac=[,\;$'\t']'"?[[:blank:]]*mac[[:blank:]]*"?'[,\;$'\t']
	[[ $rest == *[![:space:]]* ]] || return 0
	if [ ${#columns[@]} = 0 ]; then
		# "sep=;" tells Excel which character separates the cells.
		if [[ $rest == sep=? ]]; then
			separator=${rest:4}
			return 0
		fi
		[[ $rest == \#* && ! ",${rest,,}," =~ $mac ]]
	else
		[[ $rest == \#* && $rest != *"$separator\""* ]]
	fi
}

# Reads one record from descriptor 3 into $fields. $begin and $line are the numbers of its
# first and last line. Fails at the end of the file.
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
	# The separator is the first of , ; and tab in the first line.
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
				die 2 "$machines: line $line: text after a closing quote: within quotes, write a quote twice"
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

# parameter NAME: sets $long to the parameter's long name. Fails if there is no such
# parameter. Only p2vd knows them: with --p2vd=no, every name is accepted.
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
		*) wrong "column '$name' is none of mac, name, kernel and p2v.*: begin the name of a remark with #"; continue ;;
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
	# Line ends of old Macintosh systems.
	[[ $text == *$'\n'* ]] || text=${text//$'\r'/$'\n'}
	exec 3< <(printf '%s' "$text")
	read_header
	while record; do
		read_row
	done
	exec 3<&-
}

# value_of ROW COLUMN: sets $value to the row's own value, else to that of the row "all".
value_of() { value=${cell[$1,$2]:-${cell[all,$2]:-}}; }

# Has p2vd check the row's command line. It gets it on standard input: its arguments, with
# the passwords, could be read by anybody.
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
	# p2vd knows nothing of the kernel's own words: look for secrets in them, too.
	[[ $config != *'***'* ]] ||
		secret_of[$row]=$(sed -n 's/^\([^ ]*\) .*\*\*\*.*/p2v.\1/p' <<<"$config" | paste -sd ' ')
	value_of "$row" kernel
	[ -z "$value" ] || value=$(hidden_words "$value")
	secret_of[$row]+=${secret_of[$row]:+${value:+ }}$value
}

find_p2vd() {
	local at parameters name alias secrets
	[ "$p2vd" != no ] || { say 'parameters are not judged: an error in them shows only on the machines'; return 0; }
	if [ -z "$p2vd" ]; then
		for at in "$here/../build/p2vd" "$here/p2vd" "$(type -P p2vd || true)" /usr/sbin/p2vd; do
			[ ! -x "$at" ] || { p2vd=$at; break; }
		done
	fi
	parameters=$("${p2vd:-p2vd}" --print-parameters 2>"$scratch/said") ||
		die 3 "cannot run '${p2vd:-p2vd}', which checks parameters: $(head -n 1 "$scratch/said"); name another with --p2vd=FILE (for hosts older than Debian 13 see p2v-pxe(8)), or check none with --p2vd=no"
	while read -r name alias; do
		long_of[$name]=$name
		[ -z "$alias" ] || long_of[$alias]=$name
	done <<<"$parameters"
	# An older p2vd does not know this format and prints nothing.
	secrets=$("$p2vd" --print-parameters=secrets 2>/dev/null | tr -s ' \n' '|') || secrets=''
	secrets=${secrets%|}
	secret_names+=${secrets:+|${secrets//./\\.}}
}

# Checks all machines, before anything is written.
load() {
	local row before name secrets=''
	local -A named=()
	settings_read
	find_p2vd
	read_machines
	# After an error in the row "all", stop: every machine would have the same one.
	for row in ${line_of[all]:+all} "${rows[@]}"; do
		before=$errors
		make_words "$row"
		[ $errors != "$before" ] || judge "$row"
		[ "$row" != all ] || [ $errors = "$before" ] || break
	done
	[ $errors = 0 ] || die 2 "$errors error$([ $errors = 1 ] || echo s) in '$machines': nothing was written"
	for row in "${rows[@]}"; do
		name=${name_of[$row]}
		[ -z "${named[_$name]:-}" ] || say "warning: lines ${named[_$name]} and ${line_of[$row]} have one name, '$name': the server can have only one guest of that name; if they are cards of one machine, mark each of them done"
		[ -z "$name" ] || named[_$name]=${line_of[$row]}
		[[ ${words_of[$row]} == *@(p2v.server|p2v.remote.server|p2v.config)=* ]] ||
			say "warning: line ${line_of[$row]}${name_of[$row]:+ (${name_of[$row]})} has neither p2v.server nor p2v.config: the machine would wait for a person"
		[ -z "${secret_of[$row]}" ] || secrets+="${secrets:+, }line ${line_of[$row]} (${secret_of[$row]})"
	done
	[ -n "$secrets" ] || return 0
	say "warning: TFTP and HTTP hand these secrets to whoever asks for a machine's entry: $secrets; use p2v.identity or p2v.config with https instead; the entries can be read only by the owner of '$tree', so the server must run as that user"
	[ -z "$(find -L "$machines" -maxdepth 0 -perm /077)" ] || say "warning: '$machines' holds secrets and others may read it: chmod 600 '$machines'"
}
