# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What apply would change in the tree, for people: the lines of a few files, or a summary of
# many.
#
#	show			prints it

# A new machine has some 60 lines in three files. So without --full, only the lines of a few
# are shown.
lines_most=20    # files that are written
removed_most=100 # files that are removed

show() {
	local path short=''
	progress_end
	if [ -n "$full" ] || [ ${#planned[@]} -le $lines_most ]; then
		show_lines
	else
		short=yes
		summarise
	fi
	if [ -n "$full" ] || [ ${#gone[@]} -le $removed_most ]; then
		for path in "${gone[@]}"; do
			echo "$path: is removed"
		done
	else
		short=yes
		summarise_gone
	fi
	[ -z "$short" ] || echo 'This is a summary: --full shows every line.'
}

# ---- lines ---------------------------------------------------------------------

# Prints the old and the new text of each file that is planned, each with \1 behind it.
planned_texts() {
	local path there
	for path in "${planned[@]}"; do
		text_read "$path"
		printf '%s\1\n' "${there//$'\1'/?}" "${text_of[$path]}"
	done
}

# One sed hides the secrets of all files, and one diff compares them. What is kept for that in
# $scratch has no secret.
show_lines() {
	local i path number line old new header=0 texts=() lines=() shown=()
	[ ${#planned[@]} != 0 ] || return 0
	mkdir "$scratch/old" "$scratch/new" && planned_texts | hide >"$scratch/texts" ||
		die 3 "cannot write to '$scratch': is the disk full?"
	mapfile -t -d $'\1' texts <"$scratch/texts"
	for i in "${!planned[@]}"; do
		printf -v number '%07d' "$i"
		old=${texts[2 * i]#$'\n'} new=${texts[2 * i + 1]#$'\n'}
		[ ! -e "$tree/${planned[i]}" ] || printf '%s' "$old" >"$scratch/old/$number" &&
			printf '%s' "$new" >"$scratch/new/$number" ||
			die 3 "cannot write to '$scratch': is the disk full?"
	done
	# 1: they differ
	(cd "$scratch" && diff -aruN old new >difference) || [ $? = 1 ] || die 3 "diff fails in '$scratch'"
	mapfile -t lines <"$scratch/difference"
	for line in "${lines[@]}"; do
		if [[ $line == 'diff '* ]]; then
			i=$((10#${line##*/})) header=2 # lines with names and dates
		elif [ $header = 2 ]; then
			shown[i]="--- ${planned[i]}"$'\n' header=1
		elif [ $header = 1 ]; then
			shown[i]+="+++ ${planned[i]} (new)"$'\n' header=0
		else
			shown[i]+=$line$'\n'
		fi
	done
	for i in "${!planned[@]}"; do
		path=${planned[i]}
		if [ -n "${shown[i]:-}" ]; then
			printf '%s' "${shown[i]}"
		elif unchanged "$path"; then
			echo "$path: only its mode changes"
		else
			echo "$path: a value that is not shown changes"
		fi
	done
}

# ---- summary -------------------------------------------------------------------

# split_entry TEXT: sets $words to the command line in an entry ('' if it converts nothing), as
# it is quoted there, and $rest to the entry without it and without the machine's name.
split_entry() {
	local begin='' end='' before name
	case $1 in
	*$'\nif linux '*) begin=$'\nif linux ' end=$'; then\n' ;;
	*' initrd=custom.img '*) begin=' initrd=custom.img ' end=' || goto failed' ;;
	*$'custom.img\n  APPEND '*) begin=$'custom.img\n  APPEND ' end=$'\n' ;;
	esac
	words='' rest=$1
	if [ -n "$begin" ]; then
		# To bash, cutting at a length is much faster than cutting at a pattern.
		before=${1%%"$begin"*} rest=${1:${#before}+${#begin}}
		words=${rest%%"$end"*} rest=$before${rest:${#words}}
		# GRUB's first word is the kernel.
		[[ $end != *then* ]] || rest+=${words%% *} words=${words#* }
	fi
	# The token is among the words, too.
	for begin in '# name: ' '# p2v.report_token='; do
		[[ $rest == *$'\n'"$begin"* ]] || continue
		before=${rest%%$'\n'"$begin"*} name=${rest:${#before}+1}
		rest=$before$'\n'${name#*$'\n'}
	done
}

# word_of TEXT: sets $word to the first word, with its quotes, and $name to its name. A word may
# have the quotes of any loader.
word_of() {
	local plain quoted='^([^ "'\''\\]|\\.|"([^"\\]|\\.)*"|'\''[^'\'']*'\'')+'
	word=${1%% *} plain=$word
	[[ $word != \'*\' ]] || plain=${word#\'} plain=${plain%\'}
	# Few words have a quote or a backslash within.
	[[ $plain != *[\'\"\\]* ]] || { [[ $1 =~ $quoted ]] && word=${BASH_REMATCH[0]}; } || true
	name=${word#[\'\"]} name=${name%%=*}
}

# differing_words OLD NEW: sets $names to the names of the words that differ. Most are the same,
# in the same order.
differing_words() {
	local old="$1 " new="$2 " word name before before_name
	names=()
	while [ "$old" != "$new" ]; do
		word_of "$old"
		if [[ $new != "$word "* ]]; then
			before=$word before_name=$name
			word_of "$new"
			[ "$name" = "$before_name" ] || { differing_sets; return; }
			names+=("$name")
			old=${old:${#before}+1} new=${new:${#word}+1}
		else
			old=${old:${#word}+1} new=${new:${#word}+1}
		fi
	done
}

# The same for $old and $new, if a word has come, gone or moved.
differing_sets() {
	local side text order=()
	local -A before=() after=()
	for side in before after; do
		local -n words_by_name=$side
		text=$old
		[ $side = before ] || text=$new
		while [[ $text == *[!\ ]* ]]; do
			text=${text#"${text%%[! ]*}"}
			word_of "$text"
			text=${text:${#word}}
			words_by_name[.$name]+=" $word"
			order+=("$name")
		done
	done
	for name in "${order[@]}"; do
		[ "${before[.$name]:-}" = "${after[.$name]:-}" ] || names+=("$name")
	done
}

# count KIND ROW: counts the row among those with this kind of change, once.
count() {
	[ -z "${counted[$1 $2]:-}" ] || return 0
	[ -n "${rows_of[$1]:-}" ] || kinds+=("$1")
	counted[$1 $2]=1 rows_of[$1]+=" $2"
}

# count_changes PATH ROW: what changes in an entry that is there.
count_changes() {
	local path=$1 row=$2 name there words rest old_words old_rest names=() converts='# p2v-pxe: convert'
	text_read "$path"
	if [ -z "$there" ]; then
		count '  a loader without an entry' "$row"
		return
	elif [ "$there" = "${text_of[$path]}" ]; then
		count '  who may read it' "$row"
		return
	elif [[ $there == *"$converts"* && ${text_of[$path]} != *"$converts"* ||
		$there != *"$converts"* && ${text_of[$path]} == *"$converts"* ]]; then
		count '  conversion or local disk' "$row"
		return # all lines differ for that
	fi
	split_entry "$there"
	old_words=$words old_rest=$rest
	split_entry "${text_of[$path]}"
	if [ -z "$words" ] || [ -z "$old_words" ]; then
		old_rest='' # that of an older version
	elif [ "$words" != "$old_words" ] && [ -z "${compared[$row]:-}" ]; then
		# The entries of a row for other loaders have the same words.
		compared[$row]=1
		differing_words "$old_words" "$words"
		for name in "${names[@]}"; do
			count "  $name" "$row"
		done
	fi
	[ "$rest" = "$old_rest" ] || count '  other lines of the entry' "$row"
}

# print_kind TEXT ROW…: how many rows, and which.
print_kind() {
	local row some s=s places=()
	for row in "${@:2}"; do
		places+=("$row${name_of[$row]:+ (${name_of[$row]})}")
	done
	[ ${#places[@]} != 1 ] || s=''
	some "${places[@]}"
	echo "$1: ${#places[@]} row$s: $some"
}

# Whether it is no row for all the rest, and not p2v-pxe/settings.
is_machine() { [[ $1 != @(default|settings) ]]; }

summarise() {
	local path row state name kind number=0 kinds=()
	local -A rows_of=() counted=() compared=() kind_of=()
	for path in "${planned[@]}"; do
		number=$((number + 1))
		[ $SECONDS -lt $next_progress ] || progress 'compares file' $number ${#planned[@]}
		row_of_path "$path"
		if [ -z "${kind_of[$row]:-}" ]; then
			kind_of[$row]=changed
			[ "$path" = "$settings" ] || state_read "$row" || kind_of[$row]=new
			is_machine "$row" || { echo "$row: ${kind_of[$row]}"; continue; }
			count "${kind_of[$row]}" "$row"
		fi
		[ "${kind_of[$row]}" = new ] || ! is_machine "$row" || count_changes "$path" "$row"
	done
	progress_end
	# shellcheck disable=SC2086 # addresses
	{
		[ -z "${rows_of[new]:-}" ] || print_kind new ${rows_of[new]}
		[ -z "${rows_of[changed]:-}" ] || print_kind changed ${rows_of[changed]}
		for kind in "${kinds[@]}"; do
			[[ $kind != ' '* ]] || print_kind "$kind" ${rows_of[$kind]}
		done
	}
}

summarise_gone() {
	local path row kinds=()
	local -A rows_of=() counted=()
	for path in "${gone[@]}"; do
		row_of_path "$path"
		if is_machine "$row"; then count removed "$row"; else echo "$path: is removed"; fi
	done
	[ -n "${rows_of[removed]:-}" ] || return 0
	# shellcheck disable=SC2086 # addresses
	print_kind 'entries are removed' ${rows_of[removed]}
}
