// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What LeakSanitizer is not to report, in programs that are built with it. Nothing outside of
 * these libraries can free that.
 *
 * libssh2 1.11 loses memory when a login fails: the list of methods, if it is asked for twice, and
 * what it made to sign with a key for which the server takes no signature.
 * libnewt 0.52 loses the list of a form's descriptors (8 bytes each) when the form is destroyed.
 */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libssh2.so\nleak:newtFormWatchFd\n";
}
