# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What apply would change in the tree, for people.
#
#	show			prints it

show() {
	local path
	progress_end
	show_lines
	for path in "${gone[@]}"; do
		echo "$path: is removed"
	done
}

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
