/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 (RFC 4648, 4), in which keys are written. By libcrypto. */
#ifndef P2VD_BASE64_H
#define P2VD_BASE64_H

#include <stddef.h>

/*
 * The @decoded bytes of @length characters of @text, which line ends and blanks may
 * break; NULL when it is no base64. The caller frees *@decoded + 1 bytes, should they
 * be wiped: secret_free_length().
 */
unsigned char *base64_decode(const char *text, size_t length, size_t *decoded);

/* @length bytes as base64, without the = at its end. The caller frees. */
char *base64_encode(const void *bytes, size_t length);

#endif
