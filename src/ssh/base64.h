/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 (RFC 4648, 4), the encoding of keys. With libcrypto. */
#ifndef P2VD_BASE64_H
#define P2VD_BASE64_H

#include <stddef.h>

/*
 * Decodes @length characters of @text, which may contain line ends and blanks. Returns
 * the bytes, and their number in @decoded; NULL if the text is not base64. The caller
 * frees; if the bytes are secret, with secret_free_length() of *@decoded + 1.
 */
unsigned char *base64_decode(const char *text, size_t length, size_t *decoded);

/* @length bytes as base64. The caller frees. */
char *base64_encode(const void *bytes, size_t length);

#endif
