// SPDX-License-Identifier: GPL-2.0-or-later
/* Base64, the encoding of keys. */
#include "ssh/base64.h"

#include "base/memory.h"
#include "base/secret.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

unsigned char *base64_decode(const char *text, size_t length, size_t *decoded)
{
	unsigned char *bytes = memory_zero(length + 1, 1);
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	int some = 0, rest = 0;

	if (!context)
		abort(); /* no memory */
	EVP_DecodeInit(context);
	/* libcrypto would take a minus sign for the end of the text. */
	if (length > INT_MAX || memchr(text, '-', length) ||
	    EVP_DecodeUpdate(context, bytes, &some, (const unsigned char *)text, (int)length) < 0 ||
	    EVP_DecodeFinal(context, bytes + some, &rest) < 0) {
		secret_free_length(bytes, length + 1);
		bytes = NULL;
	}
	EVP_ENCODE_CTX_free(context);
	*decoded = (size_t)some + (size_t)rest;
	return bytes;
}

char *base64_encode(const void *bytes, size_t length)
{
	char *text = memory_zero(length / 3 * 4 + 5, 1);

	EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
	return text;
}
