# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion for p2v-fleetd(8). Options are read from --help, so that each is listed in one
# place only; values that are files or directories follow.

_p2v_fleetd() {
	local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} words
	COMPREPLY=()
	# For readline a word ends at =.
	if [[ $line =~ \ --(control|database|tree|p2v-pxe|password-file|certificate|key)[=\ ][^\ ]*$ ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "${word#=}")
		return
	fi
	words=$("$1" --help | grep -o -e '^ *--[a-z0-9-]*=\{0,1\}')
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	if [[ ${COMPREPLY[0]-} == *= ]]; then
		compopt -o nospace
	fi
}
complete -F _p2v_fleetd p2v-fleetd
