# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tree that TFTP and HTTP serve: which files are ours, which ones there should be, and
# writing them. A mark in the first lines of a file tells that it is ours, and its state;
# other files are not touched.
#
#	tree_lock		locks the tree for this run
#	state_read ROW		sets $state and $name of a machine
#	settings_read, settings_plan	settings that apply remembers in the tree
#	put, plan		set what is to be written ($planned) and removed ($gone)
#	show, commit, finish	print these changes, make them, do one of both

# Sets $mark ("convert", "done TIME", …) and $marked_name of a file of ours. Returns 1 if
# there is no file, 2 if it is not ours.
mark_read() {
	local line i
	mark='' marked_name=''
	[ -e "$1" ] || [ -L "$1" ] || return 1
	[ -f "$1" ] && [ ! -L "$1" ] || return 2
	[ -r "$1" ] || die 3 "cannot read '$1'"
	for i in 1 2 3; do
		IFS= read -r line || break
		case $line in
		'# p2v-pxe: '*) mark=${line#*: } ;;
		'# name: '*) marked_name=${line#*: } ;;
		esac
	done <"$1"
	[ -n "$mark" ] || return 2
}

# Sets a machine's $state and $name from its entries for all loaders. If one of them says
# done, it is done: a machine must not be converted twice. Fails if it has no entry.
state_read() {
	local loader path mark marked_name found=1
	state='' name=''
	for loader in pxelinux grub ipxe; do
		path_of "$loader" "$1"
		mark_read "$tree/$path" || continue
		found=0
		[[ $state == done* ]] || state=$mark
		[ -n "$name" ] || name=$marked_name
	done
	return $found
}

tree_lock() {
	[ -d "$tree" ] || die 3 "there is no directory '$tree': --tree names what TFTP and HTTP serve"
	[ -r "$tree" ] && [ -x "$tree" ] || die 3 "cannot read '$tree'"
	exec 9<"$tree"
	flock -w 30 9 || die 3 "another p2v-pxe has been at work in '$tree' for 30 seconds"
	# At the end, temporary files are removed: of this run, and of one that was killed.
	trap 'end "$tree"/{pxelinux.cfg,grub/p2v,ipxe,p2v-pxe}/.p2v-pxe.??????' EXIT
}

# Whether the file has the text that it should have.
unchanged() {
	local there=''
	[ ! -e "$tree/$1" ] || IFS= read -r -d '' there <"$tree/$1" || true
	[ "$there" = "${text_of[$1]}"$'\n' ]
}

mode_right() {
	local others
	others=$(find "$tree/$1" -perm /077)
	if [ -z "${private[$1]:-}" ]; then
		[ -n "$others" ]
	else
		[ -z "$others" ] && [ "$(stat -c %u "$tree/$1")" = "$(stat -c %u "$tree")" ]
	fi
}

# apply writes its --files and --loaders into the tree, and later runs use them. Options on
# the command line override them.
settings=p2v-pxe/settings
setting() {
	local i url
	given[$1]=yes
	case $1 in
	loaders)
		IFS=, read -ra loaders <<<"$2"
		for i in "${loaders[@]}"; do
			[[ $i == @(pxelinux|grub|ipxe) ]] || die 2 "there is no loader '$i': pxelinux, grub and ipxe are known"
		done
		;;
	files)
		files_url=${2%/}
		url='^((http|tftp)://([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\])(:([0-9]{1,5}))?(/[A-Za-z0-9._/-]*)?)?$'
		[[ $2 =~ $url ]] &&
			[ "${BASH_REMATCH[5]:-80}" -le 65535 ] ||
			die 2 "'$2' is no URL of a directory that every loader understands: give http://HOST/PATH or tftp://HOST/PATH"
		;;
	esac
}

settings_read() {
	local name value
	[ -e "$tree/$settings" ] || return 0
	while IFS='=' read -r name value; do
		[[ $name != @(files|loaders) || -n ${given[$name]:-} ]] || setting "$name" "$value"
	done <"$tree/$settings" || die 3 "cannot read '$tree/$settings'"
}

settings_plan() {
	local all
	printf -v all '%s,' "${loaders[@]}"
	text_of[$settings]=$(
		[ -z "$files_url" ] || echo "files=$files_url"
		[ "$all" = pxelinux,grub,ipxe, ] || echo "loaders=${all%,}"
	)
	if [ -z "${text_of[$settings]}" ]; then
		[ ! -e "$tree/$settings" ] || gone+=("$settings")
	elif ! unchanged "$settings"; then
		planned+=("$settings")
	fi
}

# put LOADER ROW STATE NAME: plans a file, unless it is already as it should be.
planned=() gone=()
declare -A text_of=() expected=() private=() again=()
put() {
	local path code=0 mark marked_name
	path_of "$1" "$2"
	expected[$path]=1
	mark_read "$tree/$path" || code=$?
	if [ $code = 2 ]; then
		# A menu of the user's own, for machines that are not listed, stays.
		[ "$2 $3" != 'default local' ] || { say "'$tree/$path' was not written by p2v-pxe and stays"; return 0; }
		say "'$tree/$path' was not written by p2v-pxe: move it away"
		foreign=$((foreign + 1))
		return 0
	fi
	text_of[$path]=$(entry "$@")
	[[ $3 != convert || -z ${secret_of[$2]:-} ]] || private[$path]=1
	if [ $code = 0 ] && unchanged "$path" && mode_right "$path"; then
		return 0
	fi
	planned+=("$path")
}

# The same for a machine that is done. Fails if there is a file that is not ours; it stays.
put_beside() {
	local path code=0 mark marked_name
	path_of "$1" "$2"
	mark_read "$tree/$path" || code=$?
	[ $code != 2 ] || { say "'$tree/$path' was not written by p2v-pxe and stays"; return 1; }
	put "$@"
}

# Plans all changes that the list requires; only for the machines in again[], if there are any.
plan() {
	local foreign=0 loader row state name path file mark marked_name listed=" ${rows[*]} "
	local -A forgotten=() kept=()
	[[ $listed == *' default '* ]] || rows+=(default)
	for row in "${rows[@]}"; do
		[ ${#again[@]} = 0 ] || [ -n "${again[$row]:-}" ] || continue
		state=convert
		if [ "$row" != default ]; then
			state_read "$row" || true
			[[ $state == done* && -z ${again[$row]:-} ]] || state=convert name=${name_of[$row]}
		elif [[ $listed != *' default '* ]]; then
			state=local name=''
		else
			name=''
		fi
		for loader in "${loaders[@]}"; do
			put "$loader" "$row" "$state" "$name"
		done
	done
	[ $foreign = 0 ] || die 2 "$foreign file(s) in the way: nothing was written"
	for file in "$tree"/pxelinux.cfg/{01-*,default} "$tree"/grub/p2v/*.cfg "$tree"/ipxe/*.ipxe; do
		path=${file#"$tree/"}
		[ -z "${expected[$path]:-}" ] && mark_read "$file" || continue
		row=${path##*/} row=${row%.cfg} row=${row%.ipxe} row=${row#01-}
		if [ ${#again[@]} != 0 ]; then
			[ -n "${again[$row]:-}" ] || continue
		elif [[ $mark == done* && $listed == *' default '* && $listed != *" $row "* ]]; then
			kept[$row]=1 # else the row "default" would convert it again
			continue
		elif [[ $mark == done* && $listed != *" $row "* ]]; then
			forgotten[$row]=1
		fi
		gone+=("$path")
	done
	for row in "${!kept[@]}"; do
		state_read "$row"
		for loader in "${loaders[@]}"; do
			put_beside "$loader" "$row" "$state" "$name" || true
		done
	done
	[ ${#forgotten[@]} = 0 ] ||
		say "warning: ${#forgotten[@]} of those gone from '$machines' are done, and this is forgotten: if you list them again, they are converted again"
}

show() {
	local path old
	for path in "${planned[@]}"; do
		old=$tree/$path
		[ -e "$old" ] || old=/dev/null
		if unchanged "$path"; then
			echo "$path: only its mode changes"
		else
			diff -u --label "$path" --label "$path (new)" <(hide <"$old") <(hide <<<"${text_of[$path]}") ||
				continue
			echo "$path: a value that is not shown changes"
		fi
	done
	for path in "${gone[@]}"; do
		echo "$path: is removed"
	done
}

# First writes all new files completely beside the old ones, and to the disk. Only then the
# first one replaces an old file.
commit() {
	local path i temporary=()
	local -A directories=()
	[ $((${#planned[@]} + ${#gone[@]})) != 0 ] || return 0
	for path in "${planned[@]}"; do
		(umask 022 && mkdir -p "$tree/${path%/*}") || die 3 "cannot make '$tree/${path%/*}'"
		temporary+=("$(mktemp "$tree/${path%/*}/.p2v-pxe.XXXXXX")") || die 3 "cannot write to '$tree/${path%/*}'"
		i=${temporary[*]: -1}
		# The owner of the tree is the user as which it is served.
		chown --reference="$tree" "$i" 2>/dev/null ||
			{ [ "$(id -u)" != 0 ] && { [ -z "${private[$path]:-}" ] || [ -O "$tree" ]; }; } ||
			die 3 "cannot give '$i' to the owner of '$tree', as whom it is served: run this as root or as the owner"
		printf '%s\n' "${text_of[$path]}" >"$i" || die 3 "cannot write '$i': is the disk full?"
		[ -n "${private[$path]:-}" ] || chmod 644 "$i"
	done
	[ ${#temporary[@]} = 0 ] || printf '%s\0' "${temporary[@]}" | xargs -0 sync -- || die 3 "cannot write to '$tree'"
	for i in "${!planned[@]}"; do
		mv -f -- "${temporary[i]}" "$tree/${planned[i]}" || die 3 "cannot write '$tree/${planned[i]}'"
	done
	for path in "${gone[@]}"; do
		rm -f -- "$tree/$path" || die 3 "cannot remove '$tree/$path'"
	done
	# Write the directories to the disk, too: a machine that was told "done" powers off.
	for path in "${planned[@]}" "${gone[@]}"; do
		directories[$tree/${path%/*}]=1
	done
	# Some file systems cannot sync a directory.
	sync -- "${!directories[@]}" 2>/dev/null || true
}

finish() {
	if [ -n "$dry_run" ]; then
		show
	else
		commit
		say "${#planned[@]} written, ${#gone[@]} removed in '$tree'"
	fi
}
