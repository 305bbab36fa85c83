# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tree that TFTP and HTTP serve: which files are ours, which ones there should be, and
# writing them. A mark in the first lines of a file tells that it is ours, and its state;
# other files are not touched.
#
#	tree_lock		locks the tree for this run
#	tree_judge		warns if it is not what make pxe makes
#	state_read ROW		sets $state, $name, $token and $tries of a machine
#	named NAME		sets the array $macs to the machines whose entries have this name
#	settings_read, settings_plan	settings that apply remembers in the tree
#	put, put_marked, plan	set what is to be written ($planned) and removed ($gone), and
#				which rows change (changed[])
#	text_read PATH		sets $there to the text of a file in the tree
#	commit, finish		make these changes, or print them (see difference.sh)
#
# A tree may have thousands of entries. So nothing here starts a process for one file.

# mark_read PATH: sets $mark ("convert", "done TIME", …) and $marked_name of a file of ours.
# Returns 1 if there is no file, 2 if it is not ours.
declare -A mark_of=() marked_of=() code_of=() marked_token=() marked_tries=()
mark_read() {
	[ -n "${code_of[$1]:-}" ] || mark_look "$1"
	mark=${mark_of[$1]:-} marked_name=${marked_of[$1]:-}
	return "${code_of[$1]}"
}

# Each file is looked at once: the tree is locked.
mark_look() {
	local file=$tree/$1 line lines
	code_of[$1]=1
	[ -e "$file" ] || [ -L "$file" ] || return 0
	code_of[$1]=2
	[ -f "$file" ] && [ ! -L "$file" ] || return 0
	[ -r "$file" ] || die 3 "cannot read '$file'"
	mapfile -t -n 5 lines <"$file" || die 3 "cannot read '$file'"
	for line in "${lines[@]}"; do
		case $line in
		'# p2v-pxe: '?*) mark_of[$1]=${line#*: } code_of[$1]=0 ;;
		'# name: '*) marked_of[$1]=${line#*: } ;;
		'# p2v.report_token='*) marked_token[$1]=${line#*=} ;;
		'# tries: '*) marked_tries[$1]=${line#*: } ;;
		esac
	done
}

# Sets a machine's $state, $name, $token and $tries from its entries for all loaders. If one of them
# says done, it is done: a machine must not be converted twice. Fails if it has no entry.
state_read() {
	local loader path mark marked_name found=1
	state='' name='' token='' tries=''
	for loader in pxelinux grub ipxe; do
		path_of "$loader" "$1"
		mark_read "$path" || continue
		found=0
		case $state,$mark in
		done* | given*,[!d]* | ?*,convert) ;;
		*) state=$mark ;;
		esac
		[ -n "$name" ] || name=$marked_name
		[ -n "$token" ] || token=${marked_token[$path]:-}
		[ -n "$tries" ] || tries=${marked_tries[$path]:-}
	done
	[[ $token != *[!0-9a-f]* ]] || token=''
	[[ $tries != *[!0-9]* ]] || tries=''
	return $found
}

# One process for all entries.
named() {
	local path paths=() row
	local -A seen=()
	macs=()
	mapfile -t paths < <(cd "$tree" && grep -rlxF -m 1 -e "# name: $1" pxelinux.cfg grub/p2v ipxe 2>/dev/null || true)
	for path in "${paths[@]}"; do
		row_of_path "$path"
		! mac_plain "$row" || [ -n "${seen[$mac]:-}" ] || macs+=("$mac")
		[ -z "$mac" ] || seen[$mac]=1
	done
}

tree_lock() {
	# A tree in there would be one of build/root, which nobody serves.
	[[ -z ${P2VD_SEES:-} || $(realpath -m -- "$tree")/ == "$P2VD_SEES"/* ]] ||
		die 3 "cannot reach '$tree': ./in-root sees only the source tree '$P2VD_SEES', and no other directory of this host: run p2v-pxe without ./in-root, and see p2v-pxe(8), P2VD"
	[ -d "$tree" ] || die 3 "there is no directory '$tree': --tree names what TFTP and HTTP serve"
	[ -r "$tree" ] && [ -x "$tree" ] || die 3 "cannot read '$tree'"
	exec 9<"$tree"
	flock -w 30 9 || die 3 "another p2v-pxe has been at work in '$tree' for 30 seconds"
	# At the end, temporary files are removed: of this run, and of one that was killed.
	trap 'end "$tree"/{pxelinux.cfg,grub/p2v,ipxe,p2v-pxe}/.p2v-pxe.??????' EXIT
}

tree_judge() {
	local file
	[ ! -e "$tree/vmlinuz" ] || return 0
	# With --files, the tree needs loaders only, which may have names of the user's own.
	if [ -n "$files_url" ]; then
		for file in "$tree"/{*.0,*.efi,*.kpxe,*.ipxe,grub/grub.cfg}; do
			[ ! -e "$file" ] || return 0
		done
		say "warning: '$tree' has no vmlinuz and no boot loader: is it what make pxe makes?"
	else
		say "warning: '$tree' has no vmlinuz: is it what make pxe makes?"
	fi
}

# text_read PATH: sets $there to the text of a file in the tree; '' if there is none.
declare -A there_of=()
text_read() {
	local pieces=()
	[ -n "${there_of[$1]+read}" ] || {
		[ ! -e "$tree/$1" ] || mapfile -d '' pieces <"$tree/$1" || die 3 "cannot read '$tree/$1'"
		# It is no text if it has a NUL.
		[ ${#pieces[@]} = 1 ] || pieces=('')
		there_of[$1]=${pieces[0]}
	}
	there=${there_of[$1]}
}

# Whether the file has the text that it should have.
unchanged() {
	local there
	text_read "$1"
	[ "$there" = "${text_of[$1]}" ]
}

# Sets $owner to the owner of the tree, and closed[PATH] to the owner of each entry that only
# its owner may read.
owner=''
declare -A closed=()
modes_read() {
	local uid path entries=()
	[ -z "$owner" ] || return 0
	owner=$(stat -c %u "$tree")
	for path in pxelinux.cfg grub/p2v ipxe; do
		[ ! -d "$tree/$path" ] || entries+=("$tree/$path/")
	done
	[ ${#entries[@]} != 0 ] || return 0
	while IFS=/ read -r -d '' uid path; do
		closed[${path#"$tree/"}]=$uid
	done < <(find "${entries[@]}" -maxdepth 1 -type f ! -perm /077 -printf '%U/%p\0')
}

mode_right() {
	modes_read
	if [ -z "${private[$1]:-}" ]; then
		[ -z "${closed[$1]:-}" ]
	else
		[ "${closed[$1]:-}" = "$owner" ]
	fi
}

# apply writes its --files and --loaders into the tree, and later runs use them. Options on
# the command line override them.
settings=p2v-pxe/settings
setting() {
	local i url
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
	local all text=''
	printf -v all '%s,' "${loaders[@]}"
	[ -z "$files_url" ] || text="files=$files_url"$'\n'
	[ "$all" = pxelinux,grub,ipxe, ] || text+="loaders=${all%,}"$'\n'
	text_of[$settings]=$text
	if [ -z "$text" ]; then
		[ ! -e "$tree/$settings" ] || gone+=("$settings")
	elif ! unchanged "$settings"; then
		planned+=("$settings")
	fi
}

# row_of_path PATH: sets $row, of which it is an entry.
row_of_path() { row=${1##*/} row=${row%.cfg} row=${row%.ipxe} row=${row#01-}; }

# put LOADER ROW STATE NAME: plans a file, unless it is already as it should be.
planned=() gone=()
declare -A text_of=() expected=() private=() again=() changed=()
put() {
	local path code=0 mark marked_name text
	path_of "$1" "$2"
	expected[$path]=1
	mark_read "$path" || code=$?
	if [ $code = 2 ]; then
		# A menu of the user's own, for machines that are not listed, stays.
		[ "$2 $3" != 'default local' ] || { say "'$tree/$path' was not written by p2v-pxe and stays"; return 0; }
		say "'$tree/$path' was not written by p2v-pxe: move it away"
		foreign=$((foreign + 1))
		return 0
	fi
	entry "$@"
	text_of[$path]=$text
	[[ $3 != convert* || -z ${secret_of[$2]:-} ]] || private[$path]=1
	if [ $code = 0 ] && unchanged "$path" && mode_right "$path"; then
		return 0
	fi
	planned+=("$path")
	changed[$2]=1
}

# The same for a machine that is done. Fails if there is a file that is not ours; it stays.
put_beside() {
	local path code=0 mark marked_name
	path_of "$1" "$2"
	mark_read "$path" || code=$?
	[ $code != 2 ] || { say "'$tree/$path' was not written by p2v-pxe and stays"; return 1; }
	put "$@"
}

# put_marked LOADER ROW STATE FROM: the text of the entry FROM with this state becomes that of the
# row; nothing else of it changes. Fails as put_beside does.
put_marked() {
	local path code=0 mark marked_name there rest
	path_of "$1" "$2"
	mark_read "$path" || code=$?
	[ $code != 2 ] || { say "'$tree/$path' was not written by p2v-pxe and stays"; return 1; }
	text_read "$4"
	rest=${there#*'# p2v-pxe: '}
	text_of[$path]="${there%%'# p2v-pxe: '*}# p2v-pxe: $3"$'\n'${rest#*$'\n'}
	modes_read
	[ -z "${closed[$4]:-}" ] || private[$path]=1
	unchanged "$path" || planned+=("$path")
}

# words_like ROW OTHER: it gets the command lines of the row OTHER.
words_like() {
	words_of[$1]=${words_of[$2]:-} grub_of[$1]=${grub_of[$2]:-} ipxe_of[$1]=${ipxe_of[$2]:-}
	secret_of[$1]=${secret_of[$2]:-} tries_of[$1]=${tries_of[$2]:-$tries_default}
}

# Plans all changes that the list requires; only for the machines in again[], if there are any.
plan() {
	local foreign=0 loader row state name token tries path file mark marked_name number=0
	local -A listed=() forgotten=() kept=()
	for row in "${rows[@]}"; do
		listed[$row]=1
	done
	[ -n "${listed[default]:-}" ] || rows+=(default)
	for row in "${rows[@]}"; do
		number=$((number + 1))
		[ $SECONDS -lt $next_progress ] || progress 'compares row' $number ${#rows[@]}
		[ ${#again[@]} = 0 ] || [ -n "${again[$row]:-}" ] || continue
		state_read "$row" || true
		if [ "$row" = default ]; then
			name='' state=convert
			[ -n "${listed[default]:-}" ] || state=local token=''
		elif [[ $state != @(done|given|convert,)* || -n ${again[$row]:-} ]]; then
			state=convert
		elif [[ $state == convert,* ]]; then
			state="${state% of *} of ${tries_of[$row]:-$tries_default}"
		fi
		token_of[$row]=$token
		if [[ $state == convert* ]]; then
			[ "$row" = default ] || name=${name_of[$row]}
			token_of[$row]=''
			[ -z "${wants_token[$row]:-}" ] || give_token "$row"
		fi
		for loader in "${loaders[@]}"; do
			put "$loader" "$row" "$state" "$name"
		done
	done
	[ $foreign = 0 ] || die 2 "$foreign file(s) in the way: nothing was written"
	for file in "$tree"/pxelinux.cfg/{01-*,default} "$tree"/grub/p2v/*.cfg "$tree"/ipxe/*.ipxe; do
		path=${file#"$tree/"}
		[ -z "${expected[$path]:-}" ] && mark_read "$path" || continue
		row_of_path "$path"
		if [ ${#again[@]} != 0 ]; then
			[ -n "${again[$row]:-}" ] || continue
		elif [[ $mark == @(done|given|convert,)* && -n ${listed[default]:-} && -z ${listed[$row]:-} ]]; then
			kept[$row]=1 # else the row "default" would convert it again
			continue
		elif [[ $mark == done* && -z ${listed[$row]:-} ]]; then
			forgotten[$row]=1
		fi
		gone+=("$path")
	done
	for row in "${!kept[@]}"; do
		state_read "$row"
		token_of[$row]=${token_of[default]:-}
		if [[ $state == convert* ]]; then
			words_like "$row" default
			state="${state% of *} of ${tries_of[$row]}"
		else
			token_of[$row]=$token
		fi
		for loader in "${loaders[@]}"; do
			put_beside "$loader" "$row" "$state" "$name" || true
		done
	done
	[ ${#forgotten[@]} = 0 ] ||
		say "warning: ${#forgotten[@]} of those gone from '$machines' are done, and this is forgotten: if you list them again, they are converted again"
}

# on_all ARRAY COMMAND…: runs it for all of them, at most a million bytes of names at a time.
on_all() {
	local -n of_array=$1
	local i code=0 most=$((1000000 / (${#tree} + 100)))
	for ((i = 0; i < ${#of_array[@]}; i += most)); do
		"${@:2}" "${of_array[@]:i:most}" || code=$?
	done
	return $code
}

# First writes all new files completely, in a directory beside the old ones, and to the disk.
# Only then the first one replaces an old file.
commit() {
	local path directory file temporary=() open=() old=()
	local -A beside=() directories=()
	[ $((${#planned[@]} + ${#gone[@]})) != 0 ] || return 0
	for path in "${planned[@]}"; do
		directory=$tree/${path%/*}
		[ -d "$directory" ] || (umask 022 && mkdir -p "$directory") || die 3 "cannot make '$directory'"
		[ -n "${beside[$directory]:-}" ] || beside[$directory]=$(mktemp -d "$directory/.p2v-pxe.XXXXXX") ||
			die 3 "cannot write to '$directory'"
		file=${beside[$directory]}/${path##*/}
		printf '%s' "${text_of[$path]}" >"$file" || die 3 "cannot write '$file': is the disk full?"
		temporary+=("$file")
		[ -n "${private[$path]:-}" ] || open+=("$file")
		[ $SECONDS -lt $next_progress ] || progress 'writes file' ${#temporary[@]} ${#planned[@]}
	done
	# The owner of the tree is the user as which it is served.
	on_all temporary chown --reference="$tree" -- 2>/dev/null ||
		{ [ "$(id -u)" != 0 ] && { [ ${#open[@]} = ${#temporary[@]} ] || [ -O "$tree" ]; }; } ||
		die 3 "cannot give new files to the owner of '$tree', as whom it is served: run this as root or as the owner"
	on_all open chmod 644 -- || die 3 "cannot let everybody read new files in '$tree'"
	# For many files, the whole file system at once is faster. But only the sync of each file
	# says for sure that it has been written.
	[ ${#temporary[@]} -lt 50 ] || sync --file-system -- "$tree" 2>/dev/null || true
	on_all temporary sync -- || die 3 "cannot write to '$tree'"
	for directory in "${!beside[@]}"; do
		temporary=("${beside[$directory]}"/*)
		on_all temporary mv -f -t "$directory" -- || die 3 "cannot write to '$directory'"
	done
	for path in "${gone[@]}"; do
		old+=("$tree/$path")
	done
	on_all old rm -f -- || die 3 "cannot remove files in '$tree'"
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
