/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A usable private key told from anything else. No I/O. */
#ifndef P2VD_IDENTITY_CHECK_H
#define P2VD_IDENTITY_CHECK_H

#include <stddef.h>

/*
 * Whether @data is a private key that can be used: RSA, ECDSA or Ed25519, in
 * OpenSSH's or PEM format, without a passphrase. Any bytes will do.
 * Returns 0, or -EINVAL with a sentence about the file in @reason (the caller
 * frees), fit to stand behind "'URL' " and never holding anything of the file.
 */
int identity_check(const char *data, size_t length, char **reason);

/*
 * Makes of @data, in place, what every reader of keys takes: from the key's
 * BEGIN line to its END line, lines ended by a newline alone. What is cut off
 * is wiped. There must be room for one byte more. Returns the new length;
 * what holds no key keeps its content.
 */
size_t identity_trim(char *data, size_t length);

#endif
