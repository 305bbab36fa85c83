# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion for p2v-map(8): options are read from --help, all else is a file.

_p2v_map() {
	local word=${COMP_WORDS[COMP_CWORD]} words
	COMPREPLY=()
	if [[ $word != -* ]]; then
		# For readline a word ends at =.
		mapfile -t COMPREPLY < <(compgen -f -- "${word#=}")
		compopt -o filenames
		return
	fi
	words=$("$1" --help | grep -o -e '^ *--[a-z0-9-]*=\{0,1\}')
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	if [[ ${COMPREPLY[0]-} == *= ]]; then
		compopt -o nospace
	fi
}
complete -F _p2v_map p2v-map
