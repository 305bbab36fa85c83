# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion for p2v-fleet(8). Commands and options are read from --help, names of machines
# from p2v-fleetd, so that each is listed in one place only.

_p2v_fleet() {
	local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} words control=()
	COMPREPLY=()
	[[ ! $line =~ \ --control[=\ ]([^\ ]+)\  ]] || control=(--control="${BASH_REMATCH[1]}")
	# For readline a word ends at =.
	if [[ $line =~ \ --(control|machines|bmcs|passwords|bmc-ca|tree|p2v-pxe)[=\ ][^\ ]*$ ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "${word#=}")
		return
	elif [[ $word == -* ]]; then
		words=$("$1" --help | grep -o -e '^ *--[a-z0-9-]*=\{0,1\}')
	elif [[ $line =~ \ (show|again|skip|adopt|start|off|power)\  ]]; then
		words=$("$1" "${control[@]}" list 2>/dev/null | sed '1d; s/ .*//')
		[[ ! $line =~ \ again\  ]] || words+=' failed'
		[[ ! $line =~ \ start\  ]] || words+=' all'
	else
		words=$("$1" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	if [[ ${COMPREPLY[0]-} == *= ]]; then
		compopt -o nospace
	fi
}
complete -F _p2v_fleet p2v-fleet
