# shellcheck shell=sh disable=SC2154 # values, and what common.sh and workdir.sh set
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands behind workdir.sh. Starts WORKDIR/p2v-relay in a session of its own, and prints `port N`
# for each disk. Where that cannot be, or must not for the reason $obstacle, it starts
# substitute.sh and prints `substitute REASON` before the ports; and where that cannot be either,
# `no-relay REASON` alone. What was started before is ended: the connection was lost, and all begins
# again.
#
# Values: disks, how many, 0 if nothing is to be started; obstacle; store (p2v.store); sudo, output,
# storage, connection: as for virt-v2v. The arguments are p2v-relay's.

cd "$workdir" || exit 1
[ "${disks:-0}" -gt 0 ] || exit 0
relay_end
rm -f substitute
mkdir -p -m 0700 tunnels || exit 1
converter_init
directory=$(output_directory)
case $store in
no) store= ;;
/*) ;;
*) store=${TMPDIR:-/var/tmp} ;;
esac

relay_kill() {
	# shellcheck disable=SC2046 # words are wanted
	kill -s KILL $(process_family $relay) $relay 2>/dev/null
}

# relay_start COMMAND…: sets $said if it fails.
relay_start() {
	said=$({ echo | cat >relay-ports; } 2>&1) || return 1
	setsid "$@" >relay-ports 2>relay-said 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	relay=$!
	tries=0
	while [ "$(grep -c '^port ' relay-ports)" -lt "$disks" ]; do
		tries=$((tries + 1))
		if [ $tries -gt $((100 + disks * 20)) ] || ! kill -0 $relay 2>/dev/null; then
			relay_kill
			said=$(cat relay-said)
			said=${said:-it ended without a word}
			return 1
		fi
		sleep 0.1
	done
	said=$(process_record relay $relay 2>&1) || {
		relay_kill
		return 1
	}
}

# Prints one line of what follows.
line() { printf '%s\n' "$1" | tail -n 1; }

# Where the file system forbids programs, another one may not.
started=
for place in "$workdir" /var/tmp "$HOME"; do
	[ -z "$obstacle" ] || break
	file=$workdir/p2v-relay
	if [ "$place" != "$workdir" ]; then
		file=$(mktemp "$place/.virt-p2v-XXXXXX" 2>/dev/null) || continue
		cp p2v-relay "$file"
	fi
	chmod 700 "$file"
	relay_start "$file" --foreground --directory="$workdir" \
		${store:+"--store=$store"} ${directory:+"--output=$directory"} "$@" && started=yes
	# It has its files open.
	[ "$place" = "$workdir" ] || rm -f "$file"
	[ -z "$started" ] || break
done
why=$(line "${obstacle:-$said}")
if [ -n "$started" ]; then
	cat relay-ports
elif relay_start sh ./substitute.sh; then
	true >substitute # for the wrapper, which may have to name it
	printf 'substitute %s\n' "$why"
	cat relay-ports
else
	rm -f qemu-nbd-said port .source-* # of a substitute that could not end by itself
	rmdir tunnels
	printf 'no-relay %s; it has no substitute: %s\n' "$why" "$(line "$said")"
fi
rm -f p2v-relay relay-ports relay-said
exit 0
