# shellcheck shell=sh disable=SC2154 # values, and what common.sh sets
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writes its input into WORKDIR/FILE, all or nothing: there must be SIZE bytes, so
# that a broken connection does not leave half a file.
#
# Values: workdir, file (a plain name), size.

umask 077
case $file in
'' | .* | -* | */*)
	printf "'%s' is not a plain file name\n" "$file" >&2
	exit 1
	;;
esac
new=$workdir/.$file.new
trap 'rm -f "$new"' EXIT
cat >"$new" || exit 1
got=$(($(wc -c <"$new")))
if [ "$got" -ne "$size" ]; then
	printf "only %s of %s bytes of '%s' arrived\n" "$got" "$size" "$file" >&2
	exit 1
fi
mv -f "$new" "$workdir/$file"
