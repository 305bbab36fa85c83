// SPDX-License-Identifier: GPL-2.0-or-later
/* Secrets: wiped before they are freed, hidden where text leaves the process. */
#include "base/secret.h"

#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HIDDEN "***"

static char **secrets;

void secret_register(const char *text)
{
	if (text && *text && !list_contains(secrets, text))
		list_append(&secrets, text_copy(text));
}

void secret_forget_all(void)
{
	list_free(secrets);
	secrets = NULL;
}

/* Whether a word goes on from @one to @next, two neighbours in a text. */
static bool is_joined(char one, char next)
{
	const char pair[] = { one, next };

	for (size_t i = 0; i < sizeof(pair); i++)
		if (!isalnum((unsigned char)pair[i]) && !(pair[i] & 0x80) && pair[i] != '_')
			return false;
	return true;
}

/* Whether the secret of @length bytes at @at may be replaced there. @before is the byte
 * before it, NUL at the beginning. */
static bool is_replaceable(char before, const char *at, size_t length)
{
	return length >= SECRET_SHORT ||
	       (!is_joined(before, *at) && !is_joined(at[length - 1], at[length]));
}

/* The secret that @text starts with, the longest of them; NULL for none. @before: as above. */
static const char *secret_at(char before, const char *text)
{
	const char *found = NULL;

	for (size_t i = 0; secrets && secrets[i]; i++)
		if (text_begins(text, secrets[i]) &&
		    (!found || strlen(secrets[i]) > strlen(found)) &&
		    is_replaceable(before, text, strlen(secrets[i])))
			found = secrets[i];
	return found;
}

char *secret_redact(const char *text)
{
	/* A secret may be shorter than HIDDEN. */
	char *redacted = memory_zero(strlen(text) * strlen(HIDDEN) + 1, 1);
	char *end = redacted;
	char before = '\0';

	while (*text) {
		const char *secret = secret_at(before, text);

		if (secret) {
			end = stpcpy(end, HIDDEN);
			text += strlen(secret);
			before = text[-1];
		} else {
			before = *text;
			*end++ = *text++;
		}
	}
	return redacted;
}

void secret_free(char *text)
{
	if (text)
		secret_free_length(text, strlen(text));
}

void secret_free_length(void *data, size_t length)
{
	if (data)
		explicit_bzero(data, length);
	free(data);
}
