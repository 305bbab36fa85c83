# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands in front of every script. Where sh is bash, start-up files can have exported
# functions, for example a cd that lists the directory.

case ${BASH_VERSION:-} in
?*)
	# shellcheck disable=SC2046,SC3044 # words are wanted; only bash comes here
	unset -f $(compgen -A function)
	;;
esac

# Where ulimit -f is too small, whatever writes says so ("File too large") instead of being killed.
trap '' XFSZ

# Whether $1 is a work directory that only we can have made.
workdir_ours() {
	[ "$(LC_ALL=C stat -c '%u %a %F' "$1" 2>/dev/null)" = "$(id -u) 700 directory" ]
}
