# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Its input into WORKDIR/FILE, whole or not at all: SIZE is how many bytes there
# must be, so that a link that broke does not leave half a file.
#
# Values: workdir, file (a plain name), size.

umask 077
case $file in
'' | .* | -* | */*)
	printf "'%s' is no plain file name\n" "$file" >&2
	exit 1
	;;
esac
new=$workdir/.$file.new
trap 'rm -f "$new"' EXIT
cat >"$new" || exit 1
got=$(($(wc -c <"$new")))
if [ "$got" -ne "$size" ]; then
	printf "only %s of %s bytes of '%s' came\n" "$got" "$size" "$file" >&2
	exit 1
fi
mv -f "$new" "$workdir/$file"
