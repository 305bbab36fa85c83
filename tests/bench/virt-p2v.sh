# shellcheck shell=bash disable=SC2154 # what others set
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The distribution's own virt-p2v, in its own tree, which make bench makes. Read after sshd.sh; its
# server is 127.0.0.1 or what the words say.
#
#	virt_p2v_enter DIRECTORY	the tree is its machine; there DIRECTORY lies at /mnt. Once
#	virt_p2v DISK WORDS…	converts /mnt/DISK; $virt_p2v_within, if set, is a command that runs it;
#				fails with 124 after $limit seconds

virt_p2v_tree=$top/build/virt-p2v
virt_p2v_within=()

virt_p2v_enter() {
	local directory
	[ ! -x "$1/virt-p2v" ] || return 0
	[ -e "$virt_p2v_tree/.recipe" ] || fail "there is no '$virt_p2v_tree': make bench makes it"
	xz -dc "$virt_p2v_tree"/usr/lib/*/virt-p2v/virt-p2v.xz >"$1/virt-p2v"
	chmod 755 "$1/virt-p2v"
	cp "$tmp/client_key" "$1/key"
	for directory in proc dev sys; do
		mount --rbind "/$directory" "$virt_p2v_tree/$directory"
	done
	mount -t tmpfs -o mode=1777 tmpfs "$virt_p2v_tree/tmp"
	mount -t tmpfs -o mode=0700 tmpfs "$virt_p2v_tree/root" # for known_hosts
	mount --bind "$1" "$virt_p2v_tree/mnt"
	# It has a login shell there, whose profile sets PATH anew.
	# shellcheck disable=SC2016 # for that shell
	printf 'PATH=%s:$PATH\n' "$bin" >"$home/.profile"
}

virt_p2v() {
	local disk=$1
	shift
	# It takes blanks alone between words.
	"${virt_p2v_within[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root timeout -k 10 "$limit" \
		chroot "$virt_p2v_tree" /mnt/virt-p2v "--test-disk=/mnt/$disk" \
		--cmdline="p2v.username=root p2v.identity=file:///mnt/key p2v.name=bench $*"
}
