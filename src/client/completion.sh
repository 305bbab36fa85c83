# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bash completion for p2vctl(8). Commands and options are read from --help, names of parameters
# from p2vd beside it, so that each is listed in one place only. A secret gets no =, for its
# value is not to stand there.

_p2vctl() {
	local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} p2vd=${1%p2vctl}p2vd words
	COMPREPLY=()
	# For readline a word ends at =.
	if [[ $line =~ \ --(address|runtime-directory)[=\ ][^\ ]*$ ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "${word#=}")
		return
	elif [[ $word == -* ]]; then
		words=$("$1" --help | grep -o -e '^ *--[a-z-]*=\{0,1\}')
	elif [[ $line =~ \ set\  ]]; then
		words=$("$p2vd" --print-parameters 2>/dev/null | tr ' ' '\n' | awk '
			FNR == NR { secret[$0]; next }
			{ print $0 ($0 in secret ? "" : "=") }' <("$p2vd" --print-parameters=secrets 2>/dev/null) -)
	elif [[ $line =~ \ (unset|parameters)\  ]]; then
		words=$("$p2vd" --print-parameters 2>/dev/null)
	else
		words=$("$1" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	if [[ ${COMPREPLY[0]-} == *= ]]; then
		compopt -o nospace
	fi
}
complete -F _p2vctl p2vctl
