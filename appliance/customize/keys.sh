# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Keys and passwords: for logging in, and for trusting servers.
#
#	put_identity, put_known_hosts, put_ca, put_console_password FILE
#	certificates FILE	splits FILE into $scratch/certificates, one in each file

put_identity() {
	local public
	need_keygen
	fetch_text "$1"
	# Remove Windows line ends.
	sed -i 's/\r$//' "$given"
	if ! public=$(ssh-keygen -y -P '' -f "$given" 2>"$scratch/said" </dev/null); then
		if grep -q 'passphrase' "$scratch/said"; then
			die "'$1' is protected by a passphrase, which nobody can type: use a key without one" \
				"(ssh-keygen -p -N '' -f KEY removes it from a copy)"
		elif ssh-keygen -lf "$given" >/dev/null 2>&1; then
			die "'$1' is a public key: use the private one, the file without .pub"
		elif grep -q '^PuTTY-User-Key-File' "$given"; then
			die "'$1' is a key in PuTTY's format: convert it to OpenSSH's with puttygen"
		fi
		die "'$1' is no private key that OpenSSH can read"
	fi
	case $public in
	sk-*) die "'$1' needs its hardware token: use a key that needs no token" ;;
	ssh-dss*) die "'$1' is a DSA key, which SSH servers no longer accept: make one with ssh-keygen -t ed25519" ;;
	esac
	keep etc/p2vd/identity "$1"
}

put_known_hosts() {
	local line number=0 keys=0 fields
	need_keygen
	fetch_text "$1"
	sed -i 's/\r$//' "$given"
	while IFS= read -r line || [ -n "$line" ]; do
		number=$((number + 1))
		read -ra fields <<<"$line"
		case ${fields[0]-} in
		'' | '#'*) continue ;;
		@cert-authority)
			warn "line $number of '$1' is a certificate authority, which p2vd passes over: give the" \
				"servers' own keys"
			continue
			;;
		@revoked) fields=("${fields[@]:1}") ;;
		esac
		[ ${#fields[@]} -ge 3 ] && printf '%s %s\n' "${fields[1]}" "${fields[2]}" | ssh-keygen -lf - >/dev/null 2>&1 ||
			die "'$1' is no known_hosts file: line $number is not of the form HOST TYPE KEY"
		keys=$((keys + 1))
	done <"$given"
	[ $keys -gt 0 ] || die "'$1' has no host key: ssh-keyscan HOST tells them; compare the fingerprints on the server"
	keep etc/p2vd/known_hosts "$1"
}

certificates() {
	rm -rf "$scratch/certificates"
	mkdir "$scratch/certificates"
	(cd "$scratch/certificates" && awk '/-----BEGIN (TRUSTED )?CERTIFICATE-----/ { n++; on = 1 }
		on { print > (sprintf("%04d", n)) } /-----END / { on = 0 }') <"$1"
}

put_ca() {
	local file name
	need openssl
	fetch "$1" 1
	! grep -q 'PRIVATE KEY-----' "$given" || die "'$1' holds a private key: give the certificate alone"
	if ! grep -q -- '-----BEGIN .*CERTIFICATE-----' "$given"; then
		openssl x509 -inform der -in "$given" -out "$scratch/pem" 2>/dev/null || die "'$1' is no certificate"
		mv "$scratch/pem" "$given"
	fi
	certificates "$given"
	for file in "$scratch/certificates"/*; do
		openssl x509 -in "$file" -noout 2>/dev/null || die "'$1' is no certificate, or a damaged one"
		openssl x509 -in "$file" -noout -checkend 0 >/dev/null ||
			warn "a certificate in '$1' has expired ($(openssl x509 -in "$file" -noout -enddate))"
	done
	name=${1##*/}
	[ "$1" != - ] || name=given
	name=${name//[^A-Za-z0-9._-]/_}
	[[ $name == *.@(crt|pem) ]] || name=$name.crt
	keep "etc/p2vd/ca.d/$name" "$1"
}

# The pattern of a complete hash of crypt(5).
hash='^\$((y|gy)\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{43}|7\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{43}'
hash+='|2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}|5\$(rounds=[0-9]+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}'
hash+='|6\$(rounds=[0-9]+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86})$'

put_console_password() {
	local password
	fetch_text "$1"
	IFS= read -r password <"$given" || [ -n "$password" ] || die "'$1' has no password in its first line"
	password=${password%$'\r'}
	rm "$given"
	case $password in
	'') die "an empty password would let everybody in" ;;
	*:\$[1-7gy]*\$*) die "this is a line of shadow(5): give the hash alone, between its first and second colon" ;;
	\$1\$*) die "this is an MD5 hash, which is easy to crack: make one with openssl passwd -6 or mkpasswd" ;;
	esac
	if [[ $password =~ ^\$(y|gy|7|2[aby]|5|6)\$ ]]; then
		[[ $password =~ $hash ]] || die "the hash is not one of crypt(5), or it is cut off: nobody could log in with it"
	else
		[ ${#password} -le 200 ] || die "the password is longer than 200 characters"
		[ ${#password} -ge 8 ] || warn "a password of ${#password} characters is guessed quickly by who has the image"
		need openssl
		password=$(printf '%s\n' "$password" | openssl passwd -6 -stdin)
	fi
	printf 'root:%s:20000:0:99999:7:::\n' "$password" >"$given"
	keep etc/shadow "$1"
}
