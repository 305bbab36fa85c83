# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The entries that the loaders read. pxelinux, GRUB and iPXE each have their own quoting.
#
#	make_words ROW		sets the row's command lines: words_of (for the kernel and
#				pxelinux), grub_of, ipxe_of
#	path_of LOADER ROW	sets $path, where the entry is in the tree
#	give_token ROW		adds $token to its command lines, or a new one if that is empty
#	entry LOADER ROW STATE NAME	sets $text to the entry; STATE: convert, local, done TIME,
#				convert, failed N of TRIES, given up TIME, failed N of TRIES
#	hide			a filter that replaces secrets by ***
#	hidden_words		a filter of command lines: prints "NUMBER NAME" for each word
#				whose value it hides; the first line has number 1
#
# A list may have thousands of rows. So nothing here starts a process for one row.

# Every command line begins with these words, unless the column "kernel" has a console.
consoles='console=tty0 console=ttyS0,115200 quiet'
# In bytes. The kernel's limit is 2047 on x86, and a loader adds words of its own:
# BOOT_IMAGE=(http,192.0.2.100:8080)/p2v/vmlinuz, initrd=…,…
cmdline_most=$((2047 - 191))

# How often a machine may fail before it is given up, where the list does not say.
tries_default=3
# In bytes: " p2v.report_token=", and 32 digits.
token_bytes=50

# wants_token[ROW]: it has p2v.report, and no token of its own. token_of: the one that we made.
declare -A words_of=() grub_of=() ipxe_of=() wants_token=() token_of=() tries_of=()

# Sets $word to NAME=VALUE as the kernel reads it. pxelinux hands it on unchanged.
kernel_word() {
	local value=$2
	if [[ $value != *[!A-Za-z0-9_./:,@%+=~-]* ]]; then
		word=$1=$value
	else
		value=${value//\\/\\\\}
		word=$1=\"${value//\"/\\\"}\"
	fi
}

# The same for GRUB, which adds the kernel's quotes itself.
grub_word() {
	local quote="'\\''"
	word="'$1=${2//\'/$quote}'"
}

# Sets $ipxe to a whole command line for iPXE, which has no quotes. It splits at blanks,
# gives some words a meaning and replaces ${…} by settings. So such words are written as
# settings (see ipxe_entry), and the second of two blanks as an empty argument.
ipxe_line() {
	local rest=$1 token
	ipxe=$1
	# Hardly any line has one of them.
	[[ " $1 " == *' '@(|'#'*|'||'|'&&'|';')' '* ]] || return 0
	ipxe=''
	while [ -n "$rest" ]; do
		token=${rest%% *}
		case $token in
		'') token='${nothing}' ;;
		\#*) token="\${hash:string}${token:1}" ;;
		'||') token='${pipe:string}|' ;;
		'&&') token='${and:string}&' ;;
		';') token='${semicolon:string}' ;;
		esac
		ipxe+=" $token"
		[[ $rest == *' '* ]] || break
		rest=${rest#* }
	done
	ipxe=${ipxe# }
}

writes_for() { [[ " ${loaders[*]} " == *" $1 "* ]]; }

# Whether the loaders can pass the value on. If not, says which cell is wrong.
carried() {
	local row=$1 column=$2 value=$3 brace='\$\{[^ ]*\}' own='(^| )(initrd|vga|mem)='
	if [[ $value == *[[:cntrl:]]* ]]; then
		wrong_cell "$row" "$column" 'it holds a line break or another control character'
	elif [[ $value == *'${'* ]] && writes_for ipxe && [[ $value =~ $brace ]]; then
		wrong_cell "$row" "$column" "it holds \${…}, which iPXE takes for a setting: write \$name, or leave iPXE out (--loaders=pxelinux,grub)"
	elif [[ $value == *=* ]] && writes_for pxelinux && [[ $value =~ $own ]]; then
		wrong_cell "$row" "$column" "it holds a word '${BASH_REMATCH[2]}=', which pxelinux takes for its own: put something before it, or leave pxelinux out (--loaders=grub,ipxe)"
	else
		return 0
	fi
	return 1
}

kernel_words() {
	local row=$1 value
	value_of "$row" kernel
	if [[ $value == *[\"\'\\\$\;\&\|\<\>\`\#{}]* ]]; then
		wrong_cell "$row" kernel "give words without quotes, backslashes and \$;&|<>\`#{}"
	elif [[ " $value" == *' p2v.'* ]]; then
		wrong_cell "$row" kernel "p2v.* words have columns of their own"
	elif [ -n "$value" ]; then
		carried "$row" kernel "$value" || true
	fi
	[[ " $value" == *' console='* ]] || value="$consoles${value:+ $value}"
	words=$value grub=$value
}

# Fills words_of, grub_of, ipxe_of, tries_of and wants_token for a row.
make_words() {
	local row=$1 column value name word words grub ipxe reports='' own='' more=0
	kernel_words "$row"
	for column in "${columns[@]}"; do
		case $column in
		'' | mac | kernel) continue ;;
		name) name=p2v.name ;;
		*) name=$column ;;
		esac
		value=${cell[$row,$column]:-${cell[all,$column]:-}}
		[ -n "$value" ] || continue
		case $name in
		# {mac} is the card of the row, not the card with the route.
		p2v.config | p2v.done) [[ $row == @(all|default) ]] || value=${value//'{mac}'/"$row"} ;;
		p2v.report)
			reports=yes
			[[ $row == @(all|default) ]] || value=${value//'{mac}'/"$row"}
			;;
		p2v.report[_-]token) own=yes ;;
		tries)
			[[ $value =~ ^[1-9][0-9]?$ ]] || wrong_cell "$row" tries 'give a number from 1 to 99'
			tries_of[$row]=$value
			continue
			;;
		esac
		# Most values mean nothing special to any loader.
		if [[ $value != *[!A-Za-z0-9_./:,@%+~-]* ]]; then
			words+=" $name=$value" grub+=" '$name=$value'"
			continue
		fi
		carried "$row" "$column" "$value" || continue
		kernel_word "$name" "$value"
		words+=" $word"
		grub_word "$name" "$value"
		grub+=" $word"
	done
	ipxe_line "$words"
	# GRUB adds a backslash before each apostrophe. These count, too.
	value=''
	[[ $words != *\'* ]] || value=${words//[!\']/}
	[ -z "$reports" ] || [ -n "$own" ] || wants_token[$row]=1 more=$token_bytes
	more=$((more + ${#words} + ${#value}))
	[ $more -le $cmdline_most ] ||
		wrong_row "$row" ": the command line has $more bytes, $cmdline_most are possible: put some into a file that p2v.config names"
	words_of[$row]=$words grub_of[$row]=$grub ipxe_of[$row]=$ipxe
}

# A machine is known to the receivers of p2v.report by its token. p2vd has judged the command line before:
# it is no secret of the list's, and everybody who can ask for the entry has it.
give_token() {
	local uuid
	if [ -z "$token" ]; then
		# Each time it is read, it is another one: 122 bits of the kernel's random numbers.
		read -r uuid </proc/sys/kernel/random/uuid || die 3 "cannot read '/proc/sys/kernel/random/uuid'"
		token=${uuid//-/}
	fi
	token_of[$1]=$token
	words_of[$1]+=" p2v.report_token=$token"
	grub_of[$1]+=" 'p2v.report_token=$token'"
	ipxe_of[$1]+=" p2v.report_token=$token"
}

path_of() {
	case $1 in
	pxelinux) path=pxelinux.cfg/01-$2 ;;
	grub) path=grub/p2v/$2.cfg ;;
	ipxe) path=ipxe/$2.ipxe ;;
	esac
	[ "$1 $2" != 'pxelinux default' ] || path=pxelinux.cfg/default
}

# add LINE…: appends them to $text.
add() {
	local lines
	printf -v lines '%s\n' "$@"
	text+=$lines
}

# If loading fails, the machine starts its own disk and does not stop at a prompt.
failed='p2vd: this cannot be loaded, the local disk is started in 30 seconds'

grub_entry() {
	local base='"$p2v_base"' rest=${files_url#*://}
	# http://host/path is (http,host)/path to GRUB.
	[ -z "$files_url" ] || base="'(${files_url%%://*},${rest%%/*})${rest#"${rest%%/*}"}'"
	add "echo 'p2vd: loading the kernel'" \
		"if linux $base/vmlinuz ${grub_of[$1]}; then" \
		'  echo "p2vd: loading the system$p2v_size ..."' \
		"  if initrd $base/initrd.img $base/custom.img; then" \
		"    echo 'p2vd: starting it ...'" \
		'    boot' \
		'  fi' \
		'fi' \
		"echo '$failed'" \
		'sleep 30' \
		'p2v_local' \
		'exit'
}

ipxe_entry() {
	local line=${ipxe_of[$1]} setting
	for setting in hash:23 pipe:7c and:26 semicolon:3b; do
		[[ $line != *"\${${setting%:*}:string}"* ]] || add "set ${setting%:*}:hex ${setting#*:}"
	done
	add 'isset ${unfit} && goto unfit ||' \
		"kernel $2/vmlinuz initrd=initrd.img initrd=custom.img $line || goto failed" \
		"initrd $2/initrd.img || goto failed" \
		"initrd $2/custom.img || goto failed" \
		'boot || goto failed' \
		':failed' \
		"echo $failed" \
		'sleep 30' \
		'exit 0' \
		':unfit' \
		'echo p2vd cannot start on this machine: its processor ${unfit}, and the image' \
		'echo needs one with 64 (x86-64). Nothing has been done to the machine. Its disks' \
		'echo can be converted from within another machine that has such a processor.' \
		'echo The local disk is started in 30 seconds, or at once by a key.' \
		'prompt --timeout 30000 ||' \
		'exit 0'
}

pxelinux_entry() {
	local files=${files_url:+$files_url/}
	add 'DEFAULT p2v' 'PROMPT 0'
	# On a 32-bit processor the kernel would print a message and stop for ever, so
	# ifcpu64 checks before. A tree of an older "make pxe" does not have it.
	if [ -e "$tree/ifcpu64.c32" ]; then
		add 'LABEL p2v' '  COM32 ifcpu64.c32' '  APPEND convert -- unfit' \
			'LABEL unfit' '  CONFIG unfit.cfg' 'LABEL convert'
	else
		add 'LABEL p2v'
	fi
	add "  KERNEL ${files}vmlinuz" "  INITRD ${files}initrd.img,${files}custom.img" "  APPEND ${words_of[$1]}"
}

# entry LOADER ROW STATE NAME: sets $text.
entry() {
	local loader=$1 row=$2 state=$3 name=$4
	text="# p2v-pxe: $state"$'\n'${name:+"# name: $name"$'\n'}
	[ -z "${token_of[$row]:-}" ] || text+="# p2v.report_token=${token_of[$row]}"$'\n'
	[[ $state != convert* || ${tries_of[$row]:-$tries_default} == "$tries_default" ]] ||
		text+="# tries: ${tries_of[$row]}"$'\n'
	[ "$loader" != ipxe ] || text=$'#!ipxe\n'$text
	add '# Written by p2v-pxe(8): what is changed here is lost.'
	case $loader,$state in
	pxelinux,convert*) pxelinux_entry "$row" ;;
	pxelinux,*) add 'DEFAULT local' 'PROMPT 0' 'LABEL local' '  LOCALBOOT 0' ;;
	grub,convert*) grub_entry "$row" ;;
	grub,*) add 'p2v_local' 'exit' ;;
	ipxe,convert*) ipxe_entry "$row" "${files_url:-..}" ;;
	ipxe,*) add 'exit 0' ;;
	esac
}

# ---- secrets -----------------------------------------------------------------

# A pattern of the parameters that are secrets. machines.sh adds those that p2vd names.
secret_names='p2v\.auth\.password|p2v\.auth\.identity\.key|p2v\.password|p2v\.key|p2v\.output\.misc|p2v\.oo'
secret_names+='|p2v\.report[._]token'

# Hides secrets in command lines with any quoting: values, and the secret parts of URLs.
hide() {
	local names="$secret_names|rd\.iscsi\.(in\.)?password|rd\.iscsi\.param=[a-z.]*\.password(_in)?"
	sed -E "s/($names)=\"(\\\\.|[^\"\\\\])*\"/\1=***/g; s/'($names)=([^']|'\\\\'')*'/'\1=***'/g
		s/($names)=[^ *\"']+/\1=***/g; s,://[^/ \"']*@,://***@,g; s,(://[^ \"'?]*)\?[^ \"']*,\1?***,g
		s/(root=iscsi:)[^ @]*@/\1***@/g; s/(p2v\.(output\.connection|oc)=\"?)[^ \"']*@/\1***@/g"
}

hidden_words() { hide | grep -onE '[^ =]+=[^ ]*\*\*\*' | sed 's/=.*//; s/:/ /' || true; }
