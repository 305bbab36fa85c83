# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A conversion server for integration tests: a real sshd on 127.0.0.1 and ::1, its own
# users, sudo, and the stand-in virt-v2v first in PATH. Read after harness.sh. It is
# visible only inside the test's namespaces.
#
#	sshd_start [OPTION…]	OPTIONs are lines for sshd_config; they override ours
#	sshd_stop
#
# Users, all with $password:
#	root
#	jo		an ordinary user
#	words		the same, with a login shell that only splits words and runs them
#	csh		the same, with the C shell as login shell, if there is one
#	super		may run everything by sudo without a password
#	asked		may run everything by sudo, with a password
#	narrow		may run virt-v2v by sudo without a password, and nothing else
#
# Variables: $port $sshd_addresses (where it listens) $password $home (of all users) $bin (the stand-in and
# virt-v2v.json) $out (where guests go, writable for all).

requires sshd ssh ssh-keygen openssl python3 nbdkit nbdcopy qemu-nbd sudo

# This password has many characters that a shell would change.
password='it'\''s a "pass word" $HOME \ é'
port=22
sshd_addresses=(127.0.0.1 ::1)
home=$tmp/home
bin=$tmp/bin
out=$tmp/out
# shellcheck disable=SC2034 # for tests
sshd_log=$tmp/sshd.log

mkdir -p "$home/.ssh" "$bin" "$tmp/etc"
mkdir -m 1777 "$out"
cp "$top/tests/props/virt-v2v" "$bin/virt-v2v"

# Sets the content of virt-v2v.json to $1, see tests/props/virt-v2v.
v2v_is() {
	printf '%s\n' "$1" >"$bin/virt-v2v.json"
}

# Files in /etc during the test.
sshd_etc() {
	local hash file user shell id=61001
	hash=$(printf '%s' "$password" | openssl passwd -6 -stdin)
	printf '#!/usr/bin/python3\nimport os, shlex, sys\n%s\n%s\n' \
		'words = shlex.split(sys.argv[2])' 'os.execvp(words[0], words)' >"$bin/words"
	chmod +x "$bin/words"
	for file in passwd shadow group gshadow; do
		cp -p "/etc/$file" "$tmp/etc/$file"
		sed -i '/^root:/d' "$tmp/etc/$file"
	done
	sed -i '$a\' "$tmp/etc"/*
	{
		echo "root:x:0:0:root:$home:/bin/bash"
		for user in jo words csh super asked narrow; do
			case $user in
			words) shell=$bin/words ;;
			csh) shell=$(command -v csh || echo /bin/sh) ;;
			*) shell=/bin/sh ;;
			esac
			echo "$user:x:$id:$id::$home:$shell"
			id=$((id + 1))
		done
	} >>"$tmp/etc/passwd"
	for user in root jo words csh super asked narrow; do
		echo "$user:$hash:19000:0:99999:7:::" >>"$tmp/etc/shadow"
	done
	echo 'root:x:0:' >>"$tmp/etc/group"
	echo 'root:*::' >>"$tmp/etc/gshadow"
	cat >"$tmp/etc/sudoers" <<-END
		Defaults secure_path="$bin:/usr/sbin:/usr/bin:/sbin:/bin"
		Defaults !mail_badpass, !mail_no_user, !syslog, use_pty
		root ALL=(ALL) ALL
		super ALL=(ALL) NOPASSWD: ALL
		asked ALL=(ALL) ALL
		narrow ALL=(ALL) NOPASSWD: $bin/virt-v2v
	END
	chmod 0440 "$tmp/etc/sudoers"
	printf '127.0.0.1 localhost server.test\n::1 localhost six.test\n' >"$tmp/etc/hosts"
	# Without a name service, a look-up of an unknown name fails at once.
	printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >"$tmp/etc/nsswitch.conf"
	printf 'auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n' \
		>"$tmp/etc/pam"
	for file in passwd shadow group gshadow sudoers hosts nsswitch.conf; do
		[ ! -e "/etc/$file" ] || mount --bind "$tmp/etc/$file" "/etc/$file"
	done
	for file in sshd sudo; do
		[ ! -e "/etc/pam.d/$file" ] || mount --bind "$tmp/etc/pam" "/etc/pam.d/$file"
	done
	# Test with another shell as sh, as many servers have.
	[ -z "${P2VD_TEST_SH:-}" ] ||
		mount --bind "$(command -v "$P2VD_TEST_SH")" "$(readlink -f /bin/sh)"
	if [ ! -d /run/sshd ]; then
		mount -t tmpfs -o mode=0755 tmpfs /run
		mkdir /run/sshd
	fi
}

# Allows all users to log in with the private key $1 (the public key is beside it).
sshd_authorize() {
	ssh-keygen -y -P '' -f "$1" >>"$home/.ssh/authorized_keys"
	chmod 0644 "$home/.ssh/authorized_keys"
}

# sshd_configure [OPTION…]: all that sshd_start needs but sshd itself.
sshd_configure() {
	[ -e "$tmp/etc/passwd" ] || sshd_etc
	[ -e "$tmp/host_key" ] || ssh-keygen -q -t ed25519 -N '' -C '' -f "$tmp/host_key"
	{
		echo 'MaxStartups 50' # of several lines, the last counts
		printf '%s\n' "$@"
		printf 'ListenAddress %s\n' "${sshd_addresses[@]}"
		cat <<-END
			Port $port
			HostKey $tmp/host_key
			PidFile $tmp/sshd.pid
			AuthorizedKeysFile $home/.ssh/authorized_keys
			StrictModes no
			UsePAM no
			PermitRootLogin yes
			PasswordAuthentication yes
			KbdInteractiveAuthentication no
			LogLevel VERBOSE
			SetEnv PATH=$bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
		END
	} >"$tmp/sshd_config"
}

sshd_start() {
	sshd_configure "$@"
	: >>"$sshd_log"
	"$(command -v sshd)" -D -e -f "$tmp/sshd_config" 2>>"$sshd_log" &
	sshd_pid=$!
	eventually 10 grep -q "listening on ${sshd_addresses[0]} port $port" "$sshd_log" ||
		fail "sshd did not start: $(tail -n 3 "$sshd_log")"
}

sshd_stop() {
	kill "$sshd_pid"
	wait "$sshd_pid" || true
}

# remote USER COMMAND: runs it with OpenSSH's client and a key that all users accept.
remote() {
	[ -e "$tmp/client_key" ] || {
		ssh-keygen -q -t ed25519 -N '' -C '' -f "$tmp/client_key"
		sshd_authorize "$tmp/client_key"
	}
	ssh -q -T -i "$tmp/client_key" -p "$port" -l "$1" -o IdentitiesOnly=yes -o BatchMode=yes \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o ControlMaster=auto -o ControlPersist=yes -o "ControlPath=$tmp/ssh-%r" 127.0.0.1 "$2"
}

# server_script SCRIPT [NAME=VALUE…] [-- ARGUMENT…]: prints it as script_render() does.
server_script() {
	local script=$1 quote=\' escaped="'\\''"
	shift
	echo '#!/bin/sh'
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		printf "%s='%s'\n" "${1%%=*}" "${1#*=}"
		shift
	done
	[ $# -eq 0 ] || shift
	printf 'set --'
	[ $# -eq 0 ] || printf " '%s'" "${@//$quote/$escaped}"
	echo
	cat "$top/src/server/begin.sh" "$top/src/server/common.sh" "$top/src/server/slots.sh" "$top/src/server/keeper.sh"
	[ "$script" != launch.sh ] || cat "$top/src/server/again.sh"
	cat "$top/src/server/$script"
	[ "$script" != workdir.sh ] || cat "$top/src/server/relay.sh"
}

# run_script USER SCRIPT …: runs the output of server_script on the server as p2vd does.
# Standard input becomes that of the script.
run_script() {
	local user=$1 text
	shift
	text=$(server_script "$@"; echo .)
	text=${text%.}
	{
		LC_ALL=C
		printf '%s\nword\n%s' "${#text}" "$text"
		[ -t 0 ] || cat
	} | remote "$user" "env -u POSIXLY_CORRECT -u SHELLOPTS -u BASHOPTS -u BASH_ENV -u GREP_OPTIONS \
sh -c 'IFS= read -r n && IFS= read -r m && (eval \"\$(head -c \$n)\")'"
}
