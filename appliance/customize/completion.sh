# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion for p2v-customize(8): options, things to remove, files.

_p2v_customize() {
	local program=$1 word=${2#=} before=$3
	# bash splits --remove=THING into three words.
	[[ $2 != = ]] || before='='
	[[ $before != = ]] || before=${COMP_WORDS[*]:COMP_CWORD-1:1}
	[[ $before != = ]] || before=${COMP_WORDS[*]:COMP_CWORD-2:1}
	if [ "$before" = --remove ]; then
		mapfile -t COMPREPLY < <(compgen -W 'identity known-hosts ca parameters pre post fail
			console-password firmware module' -- "$word")
	elif [[ $word = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null | grep -oE -e '--[a-z-]+' |
			sort -u)" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -o filenames -F _p2v_customize p2v-customize
