# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The archive that the image carries, custom.img: taken apart into $tree, and packed.
#
#	unpack			$scratch/custom.img into $tree
#	pack FILE		$tree into FILE
#	is_ours NAME		whether an archive of ours can hold it
#	keep PATH FILE		what was given of FILE becomes that file of the tree
#	path_of THING		where it lies, a directory for what there may be several of
#	take_out THING[=NAME]
#	secret			whether the tree holds what is for nobody else's eyes
#	secret_in FILE		whether a list of parameters does

# What an archive of ours can hold.
ours='^(etc|etc/shadow|etc/p2vd(/(identity|known_hosts|parameters|pre|post|fail|ca\.d(/[^/]+)?))?|usr|usr/lib'
ours+='|usr/lib/firmware(/.+)?|usr/lib/modules(/[^/]+(/updates(/[^/]+\.ko)?)?)?)$'

# A byte that is no UTF-8 is no
# character for the pattern.
is_ours() { [[ $1 =~ $ours && /$1/ != */../* && $1 != *$'\n'* ]]; }

unpack() {
	local type name archive=$scratch/archive
	cp "$scratch/custom.img" "$archive"
	if [ "$(head -c 2 "$archive" | od -An -tx1)" = ' 1f 8b' ]; then
		gzip -dc <"$scratch/custom.img" >"$archive" 2>/dev/null ||
			die "the image's custom.img is damaged: --reset makes a new one"
	fi
	# Behind its end, where cpio stops reading and the kernel does not, is padding.
	{ cpio --list --quiet && tr -d '\0' >"$scratch/rest"; } <"$archive" >"$scratch/names" 2>/dev/null &&
		cpio --list --verbose --numeric-uid-gid --quiet <"$archive" 2>/dev/null | cut -c1 >"$scratch/types" ||
		die "the image's custom.img is damaged: --reset makes a new one"
	[ ! -s "$scratch/rest" ] ||
		die "the image's custom.img holds a second archive, which p2v-customize has not put there: --reset throws it away"
	while IFS= read -r name <&3 && IFS= read -r type <&4; do
		[[ $type == [d-] ]] && is_ours "$name" ||
			die "the image's custom.img holds '$name', which p2v-customize has not put there: --reset throws it away"
	done 3<"$scratch/names" 4<"$scratch/types"
	(cd "$tree" && cpio --extract --quiet --make-directories --no-absolute-filenames) <"$archive" ||
		die "the image's custom.img cannot be unpacked"
}

# The tree to an archive, the same bytes for the same content. It is compressed so
# that loaders may put it anywhere behind initrd.img: the kernel looks for one that is
# not at every fourth byte only.
pack() {
	find "$tree" -mindepth 1 -type d -empty -delete
	find "$tree" -type d -exec chmod 755 {} +
	find "$tree" -type f -exec chmod 644 {} +
	local name
	for name in 600:shadow 600:p2vd/{identity,parameters} 700:p2vd/{pre,post,fail}; do
		[ ! -e "$tree/etc/${name#*:}" ] || chmod "${name%:*}" "$tree/etc/${name#*:}"
	done
	find "$tree" -exec touch --date=@0 {} +
	(cd "$tree" && find . -mindepth 1 -printf '%P\0' | LC_ALL=C sort -z |
		cpio --create --null --quiet --format=newc --reproducible --owner=+0:+0) >"$scratch/new" &&
		gzip --no-name -9 <"$scratch/new" >"$1" ||
		die "cannot pack the archive: is '${TMPDIR:-/tmp}' full?"
}

secret() { [ -e "$tree/etc/p2vd/identity" ] || [ -e "$tree/etc/shadow" ] || secret_in "$tree/etc/p2vd/parameters"; }
secret_in() { grep -Eqi 'pass|p2v\.key|://[^/]*@|://[^ ]*\?|secret|token' "$1" 2>/dev/null; }

declare -A kept=()
keep() {
	is_ours "$1" || die "'$2' has a name that no file in the image can have: give it another one"
	[ -z "${kept[$1]:-}" ] || die "'${kept[$1]}' and '$2' would both be '$1' in the image: give one"
	[ ! -d "$tree/$1" ] || die "'$2' cannot be '$1' in the image, which is a directory there"
	kept[$1]=$2
	mkdir -p "$(dirname "$tree/$1")"
	mv -f "$given" "$tree/$1"
}

path_of() {
	case $1 in
	identity | parameters | pre | post | fail) echo "etc/p2vd/$1" ;;
	known-hosts) echo etc/p2vd/known_hosts ;;
	console-password) echo etc/shadow ;;
	ca) echo etc/p2vd/ca.d/ ;;
	firmware) echo usr/lib/firmware/ ;;
	module) echo usr/lib/modules/ ;;
	*) return 1 ;;
	esac
}

take_out() {
	local thing=${1%%=*} name='' path file
	[[ $1 != *=* ]] || name=${1#*=}
	path=$(path_of "$thing") || wrong_usage "there is no '$thing' to remove"
	[ -z "$name" ] || [[ $path == */ ]] || wrong_usage "there is only one '$thing': leave '=$name' out"
	[[ /$name/ != */@(.|..)/* && $name != */ ]] || wrong_usage "'$name' is no name"
	if [ -n "$name" ] && [ "$thing" = module ]; then
		file=$(find "$tree/$path" -name "${name%.ko}.ko" -print -quit 2>/dev/null || true)
	else
		file=${tree:?}/$path$name
	fi
	if [ -z "$file" ] || [ ! -e "$file" ]; then
		say "the image carries no $thing${name:+ '$name'} to remove: --show tells what it carries"
		return
	fi
	rm -rf "$file"
}
