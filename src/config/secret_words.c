// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a kernel command line that hold secrets. */
#include "config/secret_words.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/parameters.h"
#include "config/value.h"

#include <string.h>

/* The beginnings of words that are no parameters; appliance/image/p2v-iscsi reads them.
 * After a colon there is [USER:PASSWORD[:USER:PASSWORD]@]PORTAL. */
static const struct {
	const char *beginning;
	enum parameter_secret secret;
} others[] = {
	{ "rd.iscsi.password=", SECRET_TEXT },
	{ "rd.iscsi.in.password=", SECRET_TEXT },
	{ "netroot=iscsi:", SECRET_URL },
	{ "root=iscsi:", SECRET_URL },
};

/* A part of a value. A shorter one would put *** into the middle of other words. */
static void register_part(const char *text)
{
	if (strlen(text) > 2)
		secret_register(text);
}

static void register_portal(const char *portal)
{
	const char *at = strchr(portal, '@');
	size_t length = at ? (size_t)(at - portal) : 0;
	char *login = text_copy_length(portal, length);
	char *rest = login, *field;

	secret_register(login);
	for (bool is_user = true; (field = strsep(&rest, ":")); is_user = !is_user)
		if (!is_user)
			register_part(field);
	secret_free_length(login, length);
}

/* A URL may hold a password (user:password@) or a token (?…). */
static void register_url(const char *url)
{
	const char *host = strstr(url, "://");
	const char *query = strchr(url, '?');
	const char *at;

	if (query)
		secret_register(query + 1);
	host = host ? host + 3 : url;
	/* As curl reads it: up to the last @ before the first slash. */
	at = memrchr(host, '@', strcspn(host, "/?#"));
	if (at) {
		char *user = text_copy_length(host, at - host);
		char *colon = strchr(user, ':');

		secret_register(user);
		if (colon)
			register_part(colon + 1);
		secret_free(user);
	}
}

/* Without a colon, an item is a passphrase whose device was forgotten. Or the passphrase
 * was: then the item is public, and the sentence that explains it has such a device in it. */
static void register_key(const char *item)
{
	const char *colon = strchr(item, ':');

	if (colon)
		secret_register(colon + 1);
	else if (!text_begins(item, "/dev/") && strcmp(item, "all") != 0)
		secret_register(item);
}

/* NAME=VALUE with a name like os-password. */
static void register_option(const char *item)
{
	size_t length = strcspn(item, "=");
	AUTO_FREE char *name = text_copy_length(item, length);

	if (item[length] && (strcasestr(name, "password") || strcasestr(name, "secret") ||
			     strcasestr(name, "token")))
		secret_register(item + length + 1);
}

static void register_item(const char *item, enum parameter_secret secret)
{
	if (secret == SECRET_KEYS)
		register_key(item);
	else
		register_option(item);
}

/* The secrets in a list, whether the list is right or not. */
static void register_items(const char *value, enum parameter_secret secret)
{
	char *copy = text_copy(value), *rest = copy;
	AUTO_LIST char **items = NULL;
	AUTO_FREE char *reason = value_list(value, true, &items);

	for (char **item = items; item && *item; item++)
		register_item(*item, secret);
	for (char *item; reason && (item = strsep(&rest, ","));)
		register_item(item, secret);
	secret_free_length(copy, strlen(value));
}

static void register_parameter(const char *name, const char *value)
{
	/* If the name is misspelt, the value is still secret. */
	const struct parameter *parameter = parameter_meant(name);
	enum parameter_secret secret = parameter ? parameter->secret : SECRET_NOTHING;

	if (secret == SECRET_TEXT || (strcasestr(name, "pass") && secret == SECRET_NOTHING) ||
	    (secret == SECRET_KEYS && strchr(value, ':')))
		secret_register(value);
	if (secret == SECRET_KEYS || secret == SECRET_OPTIONS)
		register_items(value, secret);
	if (secret == SECRET_URL)
		register_url(value);
}

static void register_other(const char *name, const char *value)
{
	AUTO_FREE char *word = text_format("%s=%s", name, value);

	for (size_t i = 0; i < COUNT(others); i++)
		if (text_begins(word, others[i].beginning)) {
			const char *rest = word + strlen(others[i].beginning);

			if (others[i].secret == SECRET_URL)
				register_portal(rest);
			else
				secret_register(rest);
		}
	explicit_bzero(word, strlen(word));
}

void secret_words_register(const struct cmdline *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct cmdline_word *word = &words->word[i];

		if (!word->value)
			continue;
		if (parameter_resembles(word->name))
			register_parameter(word->name, word->value);
		else
			register_other(word->name, word->value);
	}
}

/* Wipes and removes what follows each @beginning, to the end of the line. A URL in the
 * middle of a line is whole, and only removed if a part of it is secret. */
static void cut(char *text, const char *beginning, enum parameter_secret secret)
{
	for (char *found = text; (found = strstr(found, beginning));) {
		char *end = strchrnul(found, '\n');
		size_t word;

		found += strlen(beginning);
		word = strcspn(found, " \t\n");
		if (secret == SECRET_URL && found + word != end && !memchr(found, '@', word) &&
		    !memchr(found, '?', word))
			continue;
		explicit_bzero(found, end - found);
		memmove(found, end, strlen(end) + 1);
	}
}

static void cut_parameter(char *text, const char *name, enum parameter_secret secret)
{
	AUTO_FREE char *beginning = text_format("%s=", name);

	if (secret != SECRET_NOTHING)
		cut(text, beginning, secret);
}

char *secret_words_redact(const char *log)
{
	char *text = text_copy(log);
	char *redacted;

	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		cut_parameter(text, parameter->name, parameter->secret);
		if (parameter->alias)
			cut_parameter(text, parameter->alias, parameter->secret);
	}
	for (size_t i = 0; i < COUNT(others); i++)
		cut(text, others[i].beginning, others[i].secret);
	redacted = secret_redact(text);
	secret_free(text);
	return redacted;
}

void secret_words_print(FILE *file)
{
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		if (parameter->secret == SECRET_NOTHING || parameter->secret == SECRET_URL)
			continue;
		fprintf(file, "%s\n", parameter->name);
		if (parameter->alias)
			fprintf(file, "%s\n", parameter->alias);
	}
	for (size_t i = 0; i < COUNT(others); i++)
		fprintf(file, "%.*s\n",
			(int)strlen(others[i].beginning) - (others[i].secret == SECRET_TEXT),
			others[i].beginning);
}
