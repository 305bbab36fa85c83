# shellcheck shell=sh disable=SC2154 # values, and what common.sh and workdir.sh set
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands behind workdir.sh. Starts WORKDIR/p2v-relay in a session of its own, if it is there, and
# prints `port N` for each disk, or `no-relay REASON`. One that was started before is ended: the
# connection was lost, and all begins again.
#
# Values: disks, how many; store (p2v.store); sudo, output, storage, connection: as for virt-v2v.
# The arguments are p2v-relay's.

cd "$workdir" || exit 1
[ -e p2v-relay ] || exit 0
relay_end
converter_init
directory=$(output_directory)
case $store in
no) store= ;;
/*) ;;
*) store=${TMPDIR:-/var/tmp} ;;
esac

# relay_start PROGRAM ARGUMENT…: sets $said if it fails.
relay_start() {
	program=$1
	shift
	said=$({ echo | cat >relay-ports; } 2>&1) || return 1
	setsid "$program" --foreground --directory="$workdir" \
		${store:+"--store=$store"} ${directory:+"--output=$directory"} "$@" >relay-ports 2>relay-said \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	relay=$!
	tries=0
	while [ "$(grep -c '^port ' relay-ports)" -lt "$disks" ]; do
		tries=$((tries + 1))
		if [ $tries -gt 100 ] || ! kill -0 $relay 2>/dev/null; then
			kill -s KILL $relay 2>/dev/null
			said=$(cat relay-said)
			return 1
		fi
		sleep 0.1
	done
	said=$(process_record relay $relay 2>&1) || {
		kill -s KILL $relay
		return 1
	}
}

# Where the file system forbids programs, another one may not.
started=
for place in "$workdir" /var/tmp "$HOME"; do
	file=$workdir/p2v-relay
	if [ "$place" != "$workdir" ]; then
		file=$(mktemp "$place/.virt-p2v-XXXXXX" 2>/dev/null) || continue
		cp p2v-relay "$file"
	fi
	chmod 700 "$file"
	relay_start "$file" "$@" && started=yes
	# It has its files open.
	[ "$place" = "$workdir" ] || rm -f "$file"
	[ -z "$started" ] || break
done
if [ -n "$started" ]; then
	cat relay-ports
else
	printf 'no-relay %s\n' "$(printf '%s\n' "${said:-it ended without a word}" | tail -n 1)"
fi
rm -f p2v-relay relay-ports relay-said
exit 0
