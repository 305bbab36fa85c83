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

#define PREFIX "p2v."

/* Words that are no parameters; appliance/dracut/p2v-iscsi reads them. */
static const char *const passwords[] = { "rd.iscsi.password", "rd.iscsi.in.password" };

/* What follows is [USER:PASSWORD[:USER:PASSWORD]@]PORTAL. */
static const char *const portals[] = { "netroot=iscsi:", "root=iscsi:" };

/* ---- secrets, to be found by their value --------------------------------- */

/* A part of a value. A letter or two would make *** of half the words of a message. */
static void register_part(const char *text)
{
	if (strlen(text) > 2)
		secret_register(text);
}

static void register_portal(const char *portal)
{
	size_t length = strcspn(portal, "@");
	char *login = text_copy_length(portal, portal[length] ? length : 0);
	char *rest = login, *field;

	secret_register(login);
	for (bool is_user = true; (field = strsep(&rest, ":")); is_user = !is_user)
		if (!is_user)
			register_part(field);
	secret_free_length(login, length);
}

/* A URL may hold a password (user:password@) or a token (?…) */
static void register_url(const char *url)
{
	const char *host = strstr(url, "://");
	const char *query = strchr(url, '?');
	const char *at;

	if (query)
		secret_register(query + 1);
	host = host ? host + 3 : url;
	/* As curl reads it: the last @ before the first slash. */
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

/* Some output modes take a password as an option (-oo os-password=…). */
static void register_option(char *item)
{
	char *equals = strchr(item, '=');

	if (!equals)
		return;
	*equals = '\0';
	if (strcasestr(item, "password") || strcasestr(item, "secret") || strcasestr(item, "token"))
		secret_register(equals + 1);
}

static void register_key(char *item)
{
	char *colon = strchr(item, ':');

	if (colon)
		secret_register(colon + 1);
}

/* What a list's items hide, whether the list is right or not. */
static void register_items(const char *value, void (*register_item)(char *item))
{
	char *copy = text_copy(value), *rest = copy;
	char **items = NULL;
	AUTO_FREE char *reason = value_list(value, true, &items);

	for (char **item = items; item && *item; item++)
		register_item(*item);
	for (char *item; (item = strsep(&rest, ","));)
		if (reason)
			register_item(item);
	secret_free_length(copy, strlen(value));
	value_list_free(items);
}

static void register_parameter(const char *name, const char *value)
{
	const struct parameter *parameter = parameter_find(name);
	const char *nearest = parameter ? NULL : parameter_nearest(name);

	/* A misspelt secret is one, too. */
	if (nearest)
		parameter = parameter_find(nearest);
	if (strcasestr(name, "pass"))
		secret_register(value);
	switch (parameter ? parameter->secret : SECRET_NOTHING) {
	case SECRET_NOTHING:
		break;
	case SECRET_TEXT:
		secret_register(value);
		break;
	case SECRET_KEYS:
		secret_register(value);
		register_items(value, register_key);
		break;
	case SECRET_OPTIONS:
		register_items(value, register_option);
		break;
	case SECRET_URL:
		register_url(value);
		break;
	}
}

static void register_other(const char *name, const char *value)
{
	AUTO_FREE char *word = text_format("%s=%s", name, value);

	for (size_t i = 0; i < COUNT(passwords); i++)
		if (!strcmp(name, passwords[i]))
			secret_register(value);
	for (size_t i = 0; i < COUNT(portals); i++)
		if (text_begins(word, portals[i]))
			register_portal(word + strlen(portals[i]));
	explicit_bzero(word, strlen(word));
}

void secret_words_register(const struct cmdline *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct cmdline_word *word = &words->word[i];

		if (!word->value)
			continue;
		if (text_begins(word->name, PREFIX))
			register_parameter(word->name, word->value);
		else
			register_other(word->name, word->value);
	}
}

/* ---- secrets, to be found by their word ----------------------------------- */

/* How such words begin, "p2v.key=": those whose value is secret @whole, or those
 * in whose value something may be. */
static char **beginnings(bool whole)
{
	const char *const *others = whole ? passwords : portals;
	size_t count = whole ? COUNT(passwords) : COUNT(portals);
	char **list = NULL;

	for (size_t i = 0; i < parameter_count(); i++) {
		const struct parameter *parameter = parameter_at(i);

		if (parameter->secret == SECRET_NOTHING ||
		    whole == (parameter->secret == SECRET_URL))
			continue;
		list_append(&list, text_format("%s=", parameter->name));
		if (parameter->alias)
			list_append(&list, text_format("%s=", parameter->alias));
	}
	for (size_t i = 0; i < count; i++)
		list_append(&list, text_format("%s%s", others[i], whole ? "=" : ""));
	return list;
}

/* Wipes and cuts out what follows each @beginning, to the line's end. Where @whole
 * is not so: only what may hold a login, or have been cut before its @. */
static void cut(char *text, const char *beginning, bool whole)
{
	for (char *found = text; (found = strstr(found, beginning));) {
		char *end = strchrnul(found, '\n');
		size_t word;

		found += strlen(beginning);
		word = strcspn(found, " \t\n");
		if (!whole && found + word != end && !memchr(found, '@', word) &&
		    !memchr(found, '?', word))
			continue;
		explicit_bzero(found, end - found);
		memmove(found, end, strlen(end) + 1);
	}
}

char *secret_words_redact(const char *log)
{
	char *text = text_copy(log);
	char *redacted;

	for (int whole = 0; whole <= 1; whole++) {
		AUTO_LIST char **list = beginnings(whole);

		for (char **beginning = list; *beginning; beginning++)
			cut(text, *beginning, whole);
	}
	redacted = secret_redact(text);
	secret_free(text);
	return redacted;
}

void secret_words_print(FILE *file)
{
	AUTO_LIST char **list = beginnings(true);

	for (char **beginning = list; *beginning; beginning++)
		fprintf(file, "%.*s\n", (int)strlen(*beginning) - 1, *beginning);
	for (size_t i = 0; i < COUNT(portals); i++)
		fprintf(file, "%s\n", portals[i]);
}
