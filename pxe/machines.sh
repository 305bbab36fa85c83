# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# p2v-pxe's list of machines: read from CSV (RFC 4180, and variants that spreadsheets
# write), and checked. Every error is printed, with its line and column.
#
#	load		reads $machines and has $p2vd check the parameters; ends the program
#			if something is wrong. Sets rows (the MAC addresses, perhaps "default"),
#			line_of, name_of, cell and secret_of, and the command lines of
#			entries.sh. If there are machines in again[], or names in again_name[],
#			only their rows count; those found by name are in again[] then
#	text_of_list	sets $text to the list as it is
#	parse TEXT	reads the rows in it
#	value_of ROW COLUMN	sets $value
#	mac_plain TEXT	sets $mac to a card's address in one spelling

errors=0 wrongs=()
wrong() {
	say "$machines: $*"
	wrongs+=("$*")
	errors=$((errors + 1))
}

# wrong_row ROW TEXT, wrong_cell ROW COLUMN TEXT: keep an error of a row until all rows have
# been looked at.
declare -A wrong_of=()
wrong_row() {
	local at
	place "$1"
	wrong_of[$1]+="$at$2"$'\n'
}
wrong_cell() { wrong_row "$1" ", column '$2': $3"; }

# place ROW: sets $at to how a message names it.
place() { at="line ${line_of[$1]}${name_of[$1]:+ (${name_of[$1]})}"; }

# some TEXT…: sets $some to the first of them, and how many more there are.
some() {
	printf -v some '%s, ' "${@:1:$#>6?5:6}"
	some=${some%, }
	[ $# -le 6 ] || some+=" and $(($# - 5)) more"
}

# Sets the array $lines to the lines of a text. mapfile would need a pipe, from which it
# reads byte by byte, or a file.
split() {
	local - IFS=$'\n'
	set -f
	# A dot before each line: else empty ones would be lost.
	# shellcheck disable=SC2206 # is to be split
	lines=(.${1//$'\n'/$'\n'.})
	lines=("${lines[@]#.}")
}

# strange TEXT: sets $strange to the number of the first character in it that no MAC address and
# no column has. It may be one that nobody sees.
strange() {
	local LC_ALL=C.UTF-8 text=${1//[[:ascii:]]/}
	strange=''
	[ -z "$text" ] || printf -v strange ' (it holds U+%04X)' "'$text"
}

columns=() # names, in order; empty for a remark
mac_at='' name_at=''	# the indices of the columns "mac" and "name"
separator=''	# between the cells
last_mac=''	# of a machine, as it stands in the list
declare -A again_name=()
rows=()    # MAC addresses, and "default"
declare -A cell=() line_of=() name_of=() secret_of=()
warnings=() # of p2vd, each once; warned_of has the rows of each
declare -A warned_of=()
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

# Reads one record from $lines into $fields. $begin and $line are the numbers of its first
# and last line. Fails at the end.
record() {
	local rest value more
	fields=()
	while :; do
		[ "$line" -lt ${#lines[@]} ] || return 1
		rest=${lines[line]}
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
					[ "$line" -lt ${#lines[@]} ] ||
						die 2 "$machines: line $begin: a double quote is opened and never closed"
					rest=${lines[line]}
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
			[[ $value != [[:blank:]]* ]] || value=${value#"${value%%[![:blank:]]*}"}
			[[ $value != *[[:blank:]] ]] || value=${value%"${value##*[![:blank:]]}"}
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
		strange "$name"
		columns+=('')
		[[ $name != \#* && -n $name ]] || continue
		[[ $name == p2v.* ]] || name=${name,,}
		long=$name
		case $name in
		mac | name | kernel | tries) ;;
		bmc | bmc_user | bmc_kind) ;; # of p2v-fleet(8)
		p2v.guestname | p2v.name) wrong "column '$name': the guest's name stands in the column 'name'"; continue ;;
		p2v.*) parameter "$name" || { wrong "column '$name'$strange is no parameter: p2v.parameters(7) has them all"; continue; } ;;
		*) wrong "column '$name'$strange is none of mac, name, kernel, tries, bmc, bmc_user, bmc_kind and p2v.*: begin the name of a remark with #"; continue ;;
		esac
		if [ "${seen[$long]:-}" = "$name" ]; then
			wrong "column '$name' is there twice"
		elif [ -n "${seen[$long]:-}" ]; then
			wrong "columns '${seen[$long]}' and '$name' are one parameter: leave one out"
		else
			[[ $name == bmc* ]] || columns[i]=$name
			[ "$name" != mac ] || mac_at=$i
			[ "$name" != name ] || name_at=$i
		fi
		seen[$long]=$name
	done
	[ -n "${seen[mac]:-}" ] || wrong "there is no column 'mac'"
}

# With "again", another machine's row does not matter. It need not even be right.
passed_by() {
	local by_name=''
	[ $((${#again[@]} + ${#again_name[@]})) != 0 ] && [ "$row" != all ] || return 1
	[ -z "$name_at" ] || by_name=${again_name[_${fields[name_at]:-}]:-}
	if [ -n "$by_name" ] && [ -n "$mac" ]; then
		again_name[_${fields[name_at]}]=found again[$mac]=1
	fi
	[ -z "$by_name" ] && [[ -z $row || -z ${again[$row]:-} ]]
}

read_row() {
	local i row key='' more mac=''
	[ -z "$mac_at" ] || key=${fields[mac_at]:-}
	printf -v more %s "${fields[@]:${#columns[@]}}"
	row=$key
	[[ $key == @(all|default) ]] || ! mac_plain "$key" || row=$mac
	if passed_by; then
		[ "$row" != default ] || line_of[default]=$begin
		return 0
	fi
	[ -z "$more" ] || { wrong "line $begin has more cells than the first line"; return; }
	[[ ${fields[*]} == *[![:space:]]* && ${fields[0]} != \#* ]] || return 0
	case $row in
	all | default)
		[ -z "${line_of[$row]:-}" ] || wrong "line $begin: there is a row '$key' already, in line ${line_of[$row]}"
		;;
	'') wrong "line $begin has no MAC address"; return ;;
	*)
		if [ "$row" != "$mac" ]; then
			strange "$key"
			wrong "line $begin: '${key//[[:cntrl:]]/?}'$strange is no card's MAC address: give 52:54:00:12:34:56"
			return
		fi
		[ -z "${line_of[$row]:-}" ] || { wrong "line $begin: $mac stands in line ${line_of[$row]} already"; return; }
		;;
	esac
	line_of[$row]=$begin
	[ "$row" = all ] || rows+=("$row")
	[ -z "$mac" ] || last_mac=$key
	for i in "${!columns[@]}"; do
		[[ -z ${fields[i]:-} || -z ${columns[i]} ]] || cell[$row,${columns[i]}]=${fields[i]}
	done
	name_of[$row]=${cell[$row,name]:-}
	name_of[$row]=${name_of[$row]//[[:cntrl:]]/?}
	[[ $row != all && $row != default ]] || [ -z "${name_of[$row]}" ] ||
		wrong "line $begin, column 'name': one name cannot be that of many machines"
}

text_of_list() {
	[ -r "$machines" ] && [ ! -d "$machines" ] || die 2 "there is no list of machines '$machines' to read: see p2v-pxe(8), and --machines"
	! IFS= read -r -d '' text <"$machines" ||
		die 2 "$machines: it holds NUL bytes, so it is no text in UTF-8: save it as CSV in UTF-8, not as Unicode (UTF-16)"
}

parse() {
	local fields lines line=0 begin=0 text=$1
	separator=''
	# Line ends of old Macintosh systems.
	[[ $text == *$'\n'* ]] || text=${text//$'\r'/$'\n'}
	split "${text%$'\n'}"
	read_header
	while record; do
		read_row
		[ $SECONDS -lt $next_progress ] || progress 'reads line' $line ${#lines[@]}
	done
}

# value_of ROW COLUMN: sets $value to the row's own value, else to that of the row "all".
value_of() { value=${cell[$1,$2]:-${cell[all,$2]:-}}; }

# judge ROW…: has p2vd check the rows' command lines, all in one call. It gets them on
# standard input: its arguments, with the passwords, could be read by anybody.
judge() {
	local row code=0 text hint number kind cmdlines=() kernels=() lines
	for row; do
		value_of "$row" kernel
		cmdlines+=("${words_of[$row]}") kernels+=("$value")
		secret_of[$row]=''
	done
	if [ "$p2vd" = no ]; then
		secrets_of_words "$@" < <(printf '%s\n' "${cmdlines[@]}" | hidden_words)
		return
	fi
	text=$(printf '%s\n' "${cmdlines[@]}" | "$p2vd" --check-cmdlines 2>"$scratch/said") || code=$?
	[[ $'\n'$text == *$'\n'"$# end" ]] || judge_failed $code
	split "$text"
	for text in "${lines[@]}"; do
		number=${text%% *} text=${text#* }
		kind=${text%% *} text=${text#* } row=${!number}
		case $kind in
		error)
			hint=
			[[ $text != *'it is not UTF-8'* ]] || hint=': save the file as CSV in UTF-8'
			wrong_row "$row" ": $text$hint"
			;;
		warning)
			# The row "all" is no machine, and each machine has what it has.
			[ "$row" != all ] || continue
			[ -n "${warned_of[$text]:-}" ] || warnings+=("$text")
			warned_of[$text]+=" $row"
			;;
		secret) secret_of[$row]+="${secret_of[$row]:+ }$text" ;;
		esac
	done
	# p2vd knows nothing of the kernel's own words: look for secrets in them, too.
	[[ ${kernels[*]} != *=* ]] || secrets_of_words "$@" < <(printf '%s\n' "${kernels[@]}" | hidden_words)
}

# secrets_of_words ROW…: adds to secret_of what hidden_words says of these rows.
secrets_of_words() {
	local number name
	while read -r number name; do
		secret_of[${!number}]+="${secret_of[${!number}]:+ }$name"
	done
}

# judge_failed CODE: p2vd has not come to an end.
judge_failed() {
	local said=''
	IFS= read -r said <"$scratch/said" || true
	[[ $said != *--check-cmdlines* ]] ||
		die 3 "'$p2vd' is too old for this p2v-pxe: it cannot check many command lines at once (--check-cmdlines); name a p2vd of version $version, made from the same source, with --p2vd=FILE, or check none with --p2vd=no"
	die 3 "'$p2vd' ended with code $1 before it had checked all command lines${said:+: ${said#p2vd: }}"
}

find_p2vd() {
	local at text name alias lines
	[ "$p2vd" != no ] || { say 'parameters are not judged: an error in them shows only on the machines'; return 0; }
	if [ -z "$p2vd" ]; then
		for at in "$here/../build/p2vd" "$here/p2vd" "$(type -P p2vd || true)" /usr/sbin/p2vd; do
			[ ! -x "$at" ] || { p2vd=$at; break; }
		done
	fi
	[ -n "$p2vd" ] || die 3 "there is no p2vd here, which checks parameters: run make first, name one with --p2vd=FILE, or check none with --p2vd=no"
	text=$("$p2vd" --print-parameters 2>"$scratch/said") ||
		die 3 "cannot run '$p2vd', which checks parameters: $(head -n 1 "$scratch/said"); name another with --p2vd=FILE (for hosts older than Debian 13 see p2v-pxe(8)), or check none with --p2vd=no"
	split "$text"
	for text in "${lines[@]}"; do
		name=${text%% *} alias=${text#"${text%% *}"}
		long_of[$name]=$name
		[ -z "$alias" ] || long_of[${alias# }]=$name
	done
	# An older p2vd does not know this format and prints nothing.
	text=$("$p2vd" --print-parameters=secrets 2>/dev/null) || text=''
	text=${text//$'\n'/|}
	secret_names+=${text:+|${text//./\\.}}
}

# Checks all machines, before anything is written.
load() {
	local text
	settings_read
	find_p2vd
	text_of_list
	parse "$text"
	check_rows
	refuse_errors
	warn
	warn_secrets
}

refuse_errors() {
	[ $errors = 0 ] || die 2 "$errors error$([ $errors = 1 ] || echo s) in '$machines': nothing was written"
}

# Makes the command lines of all rows, has them judged, and says what is wrong with them.
check_rows() {
	local row text good=() all=("${rows[@]}")
	[ -z "${line_of[all]:-}" ] || all=(all "${rows[@]}")
	for row in "${all[@]}"; do
		make_words "$row"
		[ -n "${wrong_of[$row]:-}" ] || good+=("$row")
		[ $SECONDS -lt $next_progress ] || progress 'looks at row' ${#words_of[@]} ${#all[@]}
	done
	[ ${#good[@]} = 0 ] || judge "${good[@]}"
	for row in "${all[@]}"; do
		text=${wrong_of[$row]:-}
		while [ -n "$text" ]; do
			wrong "${text%%$'\n'*}"
			text=${text#*$'\n'}
		done
		# Every machine would have the same errors as the row "all".
		[ "$row" != all ] || [ -z "${wrong_of[all]:-}" ] || break
	done
}

# warn_rows BEFORE AFTER PLACE…: one warning for all these places, if there are any.
warn_rows() {
	local some
	[ $# -gt 2 ] || return 0
	some "${@:3}"
	say "warning: $1$some: $2"
}

# What is right, and perhaps not meant: one line for all machines, and not one for each.
warn() {
	local row at name text config='' waits=() stays=() untold=() places=()
	local -A named=()
	for row in "${rows[@]}"; do
		name=${name_of[$row]} text=" ${words_of[$row]}"
		place "$row"
		[ -z "${named[_$name]:-}" ] || say "warning: lines ${named[_$name]} and ${line_of[$row]} have one name, '$name': the server can have only one guest of that name; if they are cards of one machine, mark each of them done"
		[ -z "$name" ] || named[_$name]=${line_of[$row]}
		if [[ $text == *' p2v.do=inventory'* ]]; then
			[[ $text == *' '@(p2v.report|p2v.config)=* ]] || untold+=("$at")
			continue
		fi
		[[ $text == *' '@(p2v.server|p2v.remote.server|p2v.config)=* ]] || waits+=("$at")
		case $text in
		*' p2v.report='*/report/*) ;; # p2v-fleetd(8), which marks what is converted
		*' p2v.done='*) ;;
		*' p2v.config='*) config=yes ;;
		*) stays+=("$at") ;;
		esac
	done
	warn_rows 'neither p2v.server nor p2v.config in ' 'such a machine would wait for a person' "${waits[@]}"
	config=${config:+ (rows with p2v.config are not counted: that file may have it)}
	warn_rows 'no p2v.done in ' "such a machine is converted again whenever it boots from the network, until somebody runs 'p2v-pxe done MAC'; if the image does not have p2v.done, give it: http://SERVER:8067/done/{mac} in the row 'all', see p2v-pxe(8), DONE$config" "${stays[@]}"
	warn_rows 'p2v.do=inventory without p2v.report in ' 'what is found stands only on the console of such a machine, which stays on' "${untold[@]}"
	for text in "${warnings[@]}"; do
		places=()
		for row in ${warned_of[$text]:-}; do
			place "$row"
			places+=("$at")
		done
		warn_rows '' "$text" "${places[@]}"
	done
}

# TFTP and HTTP serve what is in the entries.
warn_secrets() {
	local row text some told='' kinds=() places=()
	local -A rows_of=()
	for row in "${rows[@]}"; do
		text=${secret_of[$row]}
		[ -n "$text" ] || continue
		[ -n "${rows_of[$text]:-}" ] || kinds+=("$text")
		rows_of[$text]+=" $row"
	done
	[ ${#kinds[@]} != 0 ] || return 0
	for text in "${kinds[@]}"; do
		places=()
		for row in ${rows_of[$text]}; do
			places+=("line ${line_of[$row]}")
		done
		some "${places[@]}"
		told+="${told:+, }$some ($text)"
	done
	say "warning: TFTP and HTTP hand these secrets to whoever asks for a machine's entry: $told; use p2v.identity or p2v.config with https instead; the entries can be read only by the owner of '$tree', so the server must run as that user"
	[ -z "$(find -L "$machines" -maxdepth 0 -perm /077)" ] || say "warning: '$machines' holds secrets and others may read it: chmod 600 '$machines'"
}
