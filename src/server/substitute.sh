# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# WORKDIR/substitute.sh, which relay.sh starts where p2v-relay cannot run: qemu-nbd keeps virt-v2v
# waiting while a tunnel is broken. Like p2v-relay it prints `port N` for each disk before there
# is a tunnel, takes the tunnels by their names, and ends on TERM, and with the wrapper. Before the
# wrapper was started, it waits for that as long as $patience says.
#
# For each disk there are two qemu-nbd. The first one has the port, and never ends: its
# connection to the second one is made again when that is killed, and what it had asked there is
# asked again. The second one reads through the newest tunnel; each new tunnel gets a new one,
# for a tunnel that is silent and not closed would hold up the old one for ever. Neither returns an
# error while there is no tunnel: they wait longer than anybody here does.
#
# qemu-nbd wants to know a disk's size before it listens. So one that has the size and no data
# stands at the place of the second one, until the first one has its port.
#
# The port is open to all users of this server, as a forwarded one is: qemu-nbd does not ask who
# connects. The tunnels' sockets are not.
#
# Values: patience. The arguments are p2v-relay's NAME:SIZE:EXPORT.

exec </dev/null
umask 077
workdir=$(pwd -P)
wait_most=$((patience + 86400))

# shellcheck disable=SC2317,SC2329 # traps call it
substitute_end() {
	trap - EXIT
	trap '' TERM
	# shellcheck disable=SC2046 # words are wanted
	kill -s KILL $(process_family $$) 2>/dev/null
	cat qemu-nbd-said >>relay.log 2>/dev/null
	rm -f qemu-nbd-said port .source-*
	exit 0
}

die() {
	printf '%s\n' "$1" >&2
	exit 1
}

# serve PROGRAM-OPTION…: a qemu-nbd; sets $server.
serve() {
	qemu-nbd --read-only --persistent "$@" >qemu-nbd-said 2>&1 &
	server=$!
}

# come CONDITION…: waits until that is true. Fails when $server has ended, or after 3 s.
come() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 30 ] && [ -n "$(process_start "$server")" ] || return 1
		sleep 0.1
	done
}

# drop PROCESS: ends it without a last answer to whom it serves.
drop() {
	kill -s KILL "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# serve_socket PATH OPTION…: the same at a socket, once it is there.
serve_socket() {
	socket=$1
	shift
	rm -f "$socket"
	serve --shared=4 --socket="$socket" "$@"
	come [ -S "$socket" ] && return
	drop "$server"
	return 1
}

# Sets $ours: whether $server has port $1 at all addresses that "localhost" may mean: 0 yes, 1 at
# none, 2 at some, or another process at one. virt-v2v would read what that one gives it. Succeeds
# but for 1.
port_look() {
	# shellcheck disable=SC2012 # the names are numbers
	sockets=$(ls -l "/proc/$server/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p' | tr '\n' ' ')
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf '%04X' "$1")" -v sockets=" $sockets" \
		-v six="$(getent ahosts localhost | grep -c '^::1 ')" '
		$4 == "0A" && split($2, part, ":") == 2 && part[2] == port {
			if (!index(sockets, " " $10 " "))
				other = 1
			have[length(part[1])] = 1
		}
		END { exit other ? 2 : !have[8] && !have[32] ? 1 : !have[8] || (six && !have[32]) ? 2 : 0 }'
	ours=$?
	[ $ours -ne 1 ]
}

# serve_port OPTION…: the same at a port, which it prints. Tries others where one is taken; where it
# gets only some of the addresses, that will hardly be better elsewhere.
serve_port() {
	ports=$(awk -v seed="$$$(date +%N)" 'BEGIN {
		srand(seed)
		for (i = 0; i < 20; i++)
			print 20000 + int(rand() * 12000)
	}')
	for port in $ports; do
		serve --shared=64 --bind=localhost --port="$port" "$@"
		if come port_look "$port" && [ $ours -eq 2 ]; then
			sleep 1 # it may just be taking them, or ending
			port_look "$port"
		fi
		if [ $ours -eq 0 ]; then
			printf 'port %s\n' "$port"
			return
		fi
		alive=$(process_start "$server")
		drop "$server"
		if [ -n "$alive" ]; then
			echo 'another user has its port at one of the addresses of localhost, or /proc does not tell' \
				>qemu-nbd-said
			break
		fi
	done
	return 1
}

# begin INDEX SIZE EXPORT
begin() {
	serve_socket "$workdir/.source-$1" --export-name="$3" --image-opts "driver=null-co,size=$2" ||
		die "$(tail -n 1 qemu-nbd-said)"
	nothing=$server
	serve_port --image-opts \
		"driver=nbd,server.type=unix,server.path=$workdir/.source-$1,export=$3,reconnect-delay=$wait_most" >port ||
		die "$(tail -n 1 qemu-nbd-said)"
	drop "$nothing"
	rm -f ".source-$1"
	cat port
	rm -f port
}

# Sets $newest: the number of disk $1's newest tunnel; empty: it has none.
tunnel_newest() {
	newest=
	for file in tunnels/"$1"-*; do
		[ -e "$file" ] || continue
		[ -n "$newest" ] && [ "${file##*-}" -le "$newest" ] || newest=${file##*-}
	done
}

# tunnel_take INDEX NUMBER EXPORT: reads the disk through that tunnel from now on.
tunnel_take() {
	tunnel=$workdir/tunnels/$1-$2
	if [ -S "$tunnel" ]; then
		way=server.type=unix,server.path=$tunnel
	else
		read -r port <"$tunnel" || return
		way=server.type=inet,server.host=127.0.0.1,server.port=$port
	fi
	serve_socket "$workdir/.source-new" --export-name="$3" \
		--image-opts "driver=nbd,$way,export=$3,reconnect-delay=$wait_most" || return
	mv -f .source-new ".source-$1"
	eval "before=\${server_$1:-} server_$1=$server number_$1=$2"
	[ -z "$before" ] || drop "$before"
	printf 'disk %s: tunnel %s\n' "$1" "$2" >>relay.log
}

# Whether virt-v2v is running, or may be started yet.
substitute_wanted() {
	process_find
	case $? in
	0) [ "$wrapper_alive" = yes ] ;;
	1) [ ! -e process ] && [ $waited -lt $((patience * 2)) ] ;; # of half seconds
	esac
}

trap substitute_end TERM EXIT
trap '' HUP
command -v qemu-nbd >/dev/null || die 'qemu-nbd is not installed there'
index=0
for disk; do
	rest=${disk%:*}
	begin $index "${rest##*:}" "${disk##*:}"
	index=$((index + 1))
done
waited=0
while substitute_wanted; do
	index=0
	for disk; do
		tunnel_newest $index
		eval "number=\${number_$index:-}"
		[ "$newest" = "$number" ] || tunnel_take $index "$newest" "${disk##*:}"
		index=$((index + 1))
	done
	waited=$((waited + 1))
	sleep 0.5
done
