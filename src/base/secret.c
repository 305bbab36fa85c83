// SPDX-License-Identifier: GPL-2.0-or-later
/* Secrets: wiped before they are freed, hidden where text leaves the process. */
#include "base/secret.h"

#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

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

/* The secret that @text starts with, the longest of them; NULL for none. */
static const char *secret_at(const char *text)
{
	const char *found = NULL;

	for (size_t i = 0; secrets && secrets[i]; i++)
		if (text_begins(text, secrets[i]) && (!found || strlen(secrets[i]) > strlen(found)))
			found = secrets[i];
	return found;
}

char *secret_redact(const char *text)
{
	/* A secret may be shorter than HIDDEN. */
	char *redacted = memory_zero(strlen(text) * strlen(HIDDEN) + 1, 1);
	char *end = redacted;

	while (*text) {
		const char *secret = secret_at(text);

		if (secret) {
			end = stpcpy(end, HIDDEN);
			text += strlen(secret);
		} else {
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
