# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Printing what the image carries, without secrets.
#
#	need_for_report		checks that all tools for it are installed
#	report NAME		prints the report; NAME: of the image

line() { printf '%-18s%s\n' "$1" "$2"; }
lines() { sed "s/^/$(line "$1" '')/"; } # a line for each line of standard input

# show_parameters FILE WHAT
show_parameters() {
	local said
	if find_p2vd; then
		said=$(check_parameters "$1" 2>"$scratch/said") ||
			warn "this p2vd finds something wrong in the image's parameters:" \
				"$(sed "s/ of '[^']*')/)/; s/^p2vd: //" "$scratch/said")"
		[ -z "$said" ] || sed 's/^/p2v./' <<<"$said" | lines "$2"
	else
		LC_ALL=C sed -nE 's/^[ \t]*"?(p2v\.[a-z._-]+).*/\1 (its value is not shown: p2vd does not run on this system)/p' \
			"$1" | lines "$2"
	fi
}

show_files() {
	local file certificate
	for file in "$tree/etc/p2vd/ca.d"/*; do
		[ -e "$file" ] || continue
		certificates "$file"
		for certificate in "$scratch/certificates"/*; do
			line ca "${file##*/}: $(openssl x509 -in "$certificate" -noout -subject -enddate -fingerprint -sha256 |
				paste -sd, | sed 's/,/, /g')"
		done
	done
	for file in pre post fail; do
		[ ! -e "$tree/etc/p2vd/$file" ] ||
			line $file "$(wc -c <"$tree/etc/p2vd/$file") bytes, SHA-256 $(sha256sum <"$tree/etc/p2vd/$file" | cut -c1-64)"
	done
	[ ! -e "$tree/etc/shadow" ] ||
		line console-password "set ($(sed -nE 's/^root:\$(y|gy|7|2.|5|6)\$.*/\1/p' "$tree/etc/shadow" |
			sed 's/^y$/yescrypt/; s/^6$/SHA-512/; s/^5$/SHA-256/; s/^2.$/bcrypt/; s/^gy$/gost-yescrypt/; s/^7$/scrypt/'))"
	while IFS= read -r file; do
		line firmware "$file ($(stat -c %s "$tree/usr/lib/firmware/$file") bytes)"
	done < <(find "$tree/usr/lib/firmware" -type f -printf '%P\n' 2>/dev/null | sort)
}

# Checks that all tools are installed, before anything is written.
need_for_report() {
	find_kernel
	[ ! -e "$tree/etc/p2vd/ca.d" ] || wants openssl
	[ ! -e "$tree/etc/p2vd/identity" ] && [ ! -e "$tree/etc/p2vd/known_hosts" ] || need_keygen
	expect_programs
}

report() {
	local said file other
	line image "$1, kernel $kernel"
	if [ -e "$tree/etc/p2vd/identity" ]; then
		line identity "$(ssh-keygen -y -P '' -f "$tree/etc/p2vd/identity" </dev/null | ssh-keygen -lf -)"
	fi
	[ ! -e "$tree/etc/p2vd/known_hosts" ] || ssh-keygen -lf "$tree/etc/p2vd/known_hosts" | lines known-hosts
	[ ! -s "$scratch/baked" ] || show_parameters "$scratch/baked" 'in the boot menu'
	[ ! -e "$tree/etc/p2vd/parameters" ] || show_parameters "$tree/etc/p2vd/parameters" parameter
	show_files
	while IFS= read -r file; do
		said=$(signed "$file" && echo signed || echo 'not signed: not with Secure Boot')
		other=$(basename "$(dirname "$(dirname "$file")")")
		[ "$other" = "$kernel" ] || said+=", for kernel $other: this image does not use it"
		line module "${file##*/} ($said)"
	done < <(find "$tree/usr/lib/modules" -name '*.ko' 2>/dev/null | sort)
	[ -s "$scratch/baked" ] || [ -n "$(find "$tree" -mindepth 1 -type f -print -quit)" ] || line '(nothing)' ''
}
