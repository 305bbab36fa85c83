# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The image's archive custom.img: unpacking it into $tree, and packing it.
#
#	unpack			unpacks $scratch/custom.img into $tree
#	pack FILE		packs $tree into FILE
#	is_ours NAME		whether p2v-customize may put that path into an archive
#	keep PATH FILE		moves $given, the copy of FILE, to PATH in the tree
#	path_of THING		prints its path; a directory if there may be several
#	take_out THING[=NAME]	removes it from the tree
#	secret			whether the tree holds a secret
#	secret_in FILE		whether a list of parameters holds one

# Paths that p2v-customize puts into an archive.
ours='^(etc|etc/shadow|etc/p2vd(/(identity|known_hosts|parameters|pre|post|fail|ca\.d(/[^/]+)?))?|usr|usr/lib'
ours+='|usr/lib/firmware(/.+)?|usr/lib/modules(/[^/]+(/updates(/[^/]+\.ko)?)?)?)$'

# A name that is not UTF-8 does not match: its bytes are no characters for the pattern.
is_ours() { [[ $1 =~ $ours && /$1/ != */../* && $1 != *$'\n'* ]]; }

unpack() {
	local type name archive=$scratch/archive
	cp "$scratch/custom.img" "$archive"
	if [ "$(head -c 2 "$archive" | od -An -tx1)" = ' 1f 8b' ]; then
		gzip -dc <"$scratch/custom.img" >"$archive" 2>/dev/null ||
			die "the image's custom.img is damaged: --reset makes a new one"
	fi
	# After its end there may only be padding: cpio stops there, but the kernel reads on.
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

# Packs the tree: the same content makes the same bytes. The archive is compressed, because
# loaders may put it anywhere after initrd.img, and the kernel finds an archive that is not
# compressed only at every fourth byte.
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
secret_in() { grep -Eqi 'pass|private key|p2v\.key|://[^/]*@|://[^ ]*\?|secret|token' "$1" 2>/dev/null; }

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
