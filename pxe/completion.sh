# bash completion for p2v-pxe(8)
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Options and commands are read from --help, so that they are listed only there. MAC
# addresses are read from the tree that the command line names.
_p2v_pxe() {
	local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} tree words
	tree=/srv/tftp
	COMPREPLY=()
	[[ ! $line =~ \ --tree[=\ ]([^\ ]+)\  ]] || tree=${BASH_REMATCH[1]}
	# For readline a word ends at =.
	if [[ $line =~ \ (--tree|--machines|--inventory|--p2vd)[=\ ][^\ ]*$ ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "${word#=}")
		return
	elif [[ $word == -* ]]; then
		words=$("$1" --help | grep -o -e '^ *--[a-z0-9-]*=\{0,1\}')
	elif [[ $line =~ \ (list|done|failed|again)\  ]]; then
		words=$(find "$tree"/{pxelinux.cfg,grub/p2v,ipxe} -type f 2>/dev/null |
			sed -nE 's,.*/(01-)?(([0-9a-f]{2}-){5}[0-9a-f]{2})(\.cfg|\.ipxe)?$,\2,p' | sort -u)
	else
		words=$("$1" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	if [[ ${COMPREPLY[0]-} == *= ]]; then
		compopt -o nospace
	fi
}
complete -F _p2v_pxe p2v-pxe
