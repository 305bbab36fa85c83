/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The private key that p2v.identity names: whether a file is one that p2vd can use. No I/O. */
#ifndef P2VD_IDENTITY_H
#define P2VD_IDENTITY_H

#include <stddef.h>

#define IDENTITY_SIZE_MAX 65536 /* bytes; a 16384-bit RSA key has 13 KiB */

/*
 * Whether @data, which may be any bytes, is a private key that can be used: RSA,
 * ECDSA or Ed25519, in OpenSSH's or PEM format, without a passphrase. Returns 0, or
 * -EINVAL with the rest of a sentence that starts with "'URL' " in @reason (the caller
 * frees). It quotes nothing from the file.
 */
int identity_check(const char *data, size_t length, char **reason);

/*
 * Changes @data in place to what every reader of keys accepts: only the lines from
 * BEGIN to END, each ended by a newline without a carriage return. What is cut off is
 * wiped. There must be room for one byte more. Returns the new length. Data without a
 * key is not changed.
 */
size_t identity_trim(char *data, size_t length);

/*
 * A key on one line, with blanks in place of its line breaks, as the file that it was. Its length
 * is in @length; there is room for one byte more. The caller frees with secret_free_length().
 */
char *identity_lines(const char *text, size_t *length);

#endif
