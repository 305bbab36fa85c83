// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a kernel command line that hold secrets. */
#include "config/secret_words.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "cmdline/look_alike.h"
#include "config/parameters.h"
#include "config/value.h"

#include <ctype.h>
#include <string.h>

/* Bytes: more than any name has, in letters of four bytes. */
#define NAME_MOST 160

/* The beginnings of words that are no parameters; appliance/image/p2v-iscsi reads them.
 * After a colon there is [USER:PASSWORD[:USER:PASSWORD]@]PORTAL. */
static const struct {
	const char *beginning;
	enum parameter_secret secret;
} others[] = {
	{ "rd.iscsi.password=", SECRET_TEXT },
	{ "rd.iscsi.in.password=", SECRET_TEXT },
	{ "rd.iscsi.param=node.session.auth.password=", SECRET_TEXT },
	{ "rd.iscsi.param=node.session.auth.password_in=", SECRET_TEXT },
	{ "rd.iscsi.param=discovery.sendtargets.auth.password=", SECRET_TEXT },
	{ "rd.iscsi.param=discovery.sendtargets.auth.password_in=", SECRET_TEXT },
	{ "netroot=iscsi:", SECRET_URL },
	{ "root=iscsi:", SECRET_URL },
};

/* Whether it is in a URL, most of which is worth reading. */
static bool is_in_url(enum parameter_secret secret)
{
	return secret == SECRET_URL || secret == SECRET_URI;
}

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

/* NAME=VALUE with a name like os-password. */
static bool is_secret_option(const char *option)
{
	static const char *const names[] = { "pass", "secret", "token" };
	size_t length = strcspn(option, "=");
	AUTO_FREE char *name = text_copy_length(option, length);

	for (size_t i = 0; option[length] && i < COUNT(names); i++)
		if (strcasestr(name, names[i]))
			return true;
	return false;
}

static void register_option(const char *option)
{
	if (is_secret_option(option))
		secret_register(strchr(option, '=') + 1);
}

/* What is before a URL's host, "user:password"; NULL for nothing. @ends: what ends the host. The
 * caller frees. */
static char *read_login(const char *url, const char *ends)
{
	const char *host = strstr(url, "://");
	const char *at;

	host = host ? host + 3 : url;
	at = memrchr(host, '@', strcspn(host, ends));
	return at ? text_copy_length(host, (size_t)(at - host)) : NULL;
}

/* A URL may hold a password (user:password@) or a token (?…). */
static void register_url(const char *url)
{
	const char *query = strchr(url, '?');
	/* As curl reads it: up to the last @ before the first slash. */
	char *login = read_login(url, "/?#");
	const char *colon = login ? strchr(login, ':') : NULL;

	if (query)
		secret_register(query + 1);
	secret_register(login);
	if (colon)
		register_part(colon + 1);
	secret_free(login);
}

/* Calls @take for each of the options behind a URI's ?. Returns whether one call did. */
static bool any_option(const char *uri, bool (*take)(const char *option))
{
	const char *query = strchr(uri, '?');
	char *copy = text_copy(query ? query + 1 : ""), *rest = copy, *option;
	size_t length = strlen(copy);
	bool any = false;

	while ((option = strsep(&rest, "&;")))
		any = take(option) || any;
	secret_free_length(copy, length);
	return any;
}

bool secret_words_in_uri(const char *uri)
{
	char *login = read_login(uri, "?#");
	bool has_password = login && strchr(login, ':');

	secret_free(login);
	return has_password || any_option(uri, is_secret_option);
}

/* OpenStack's variable OS_AUTH_URL is a URL. */
bool secret_words_in_option(const char *option)
{
	static const char url[] = "os-auth-url=";

	return is_secret_option(option) ||
	       (text_begins(option, url) && secret_words_in_uri(option + strlen(url)));
}

static bool take_option(const char *option)
{
	register_option(option);
	return false;
}

/* Of a login without a password nothing is secret. */
static void register_login(const char *url, const char *ends)
{
	char *login = read_login(url, ends);
	const char *colon = login ? strchr(login, ':') : NULL;

	if (colon) {
		secret_register(login);
		register_part(colon + 1);
	}
	secret_free(login);
}

static void register_uri(const char *uri)
{
	register_login(uri, "?#");
	any_option(uri, take_option);
}

/* The passwords in all URLs of a text, which may be a command. */
static void register_urls(const char *text)
{
	for (const char *url = text; (url = strstr(url, "://")); url++) {
		size_t length = strcspn(url, " \t'\"");
		char *one = text_copy_length(url, length);

		register_login(one, "/?#");
		secret_free_length(one, length);
	}
}

/* Whether what is called @name, of @length bytes, is secret, whatever program reads it. */
static bool is_secret_name(const char *name, size_t length)
{
	static const char *const ends[] = { "password", "password_in", "passwd", "passphrase",
					    "rootpw",   "secret",      "token" };

	while (length && name[length - 1] == ' ')
		length--;
	for (size_t i = 0; i < COUNT(ends); i++) {
		const size_t end = strlen(ends[i]);

		if (length >= end && !strncasecmp(name + length - end, ends[i], end))
			return true;
	}
	return false;
}

/* A word of which no more is known, NAME=VALUE or NAME=SETTING=VALUE. */
static void register_unknown(const char *name, const char *value)
{
	const char *setting = strchr(value, '=');

	if (is_secret_name(name, strlen(name)))
		register_part(value);
	if (setting && is_secret_name(value, (size_t)(setting - value)))
		register_part(setting + 1 + strspn(setting + 1, " "));
	register_urls(value);
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

static void register_item(const char *item, enum parameter_secret secret)
{
	if (secret == SECRET_KEYS) {
		register_key(item);
	} else {
		register_option(item);
		register_urls(item);
	}
}

/* The secrets in a URL, or in each of a list. An item may have been cut at a comma within it. */
static void register_url_list(const char *value)
{
	char *copy = text_copy(value), *rest = copy;

	for (char *item; (item = strsep(&rest, ","));)
		register_url(item);
	secret_free_length(copy, strlen(value));
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
	if (secret == SECRET_URL && parameter->type == PARAMETER_LIST)
		register_url_list(value);
	else if (secret == SECRET_URL)
		register_url(value);
	/* Somebody may write a server as ssh(1) and URLs have it, with user and password. */
	if (secret == SECRET_URI || (parameter && parameter->type == PARAMETER_SERVER))
		register_uri(value);
	if (!parameter)
		register_unknown(name, value);
	else if (secret == SECRET_NOTHING)
		register_urls(value);
}

/* @value: NULL where the = is no such, and all is in @name. */
static void register_other(const char *name, const char *value)
{
	AUTO_FREE char *word = text_format("%s%s%s", name, value ? "=" : "", value ?: "");

	for (size_t i = 0; i < COUNT(others); i++) {
		size_t length = look_alike_length(word, others[i].beginning);

		if (length && others[i].secret == SECRET_URL)
			register_portal(word + length);
		else if (length)
			secret_register(word + length);
	}
	if (value)
		register_unknown(name, value);
	explicit_bzero(word, strlen(word));
}

/* What of @name, from @at, is not part of a name; its end if all is. */
static const char *find_slip(const char *at)
{
	while (isalnum((unsigned char)*at) || (*at && strchr("._-", *at)))
		at++;
	return at;
}

/* Another character in place of the =, as in p2v.password:secret: it is no part of a name. One
 * outside of ASCII may be a letter of the name as well. */
static void register_slip(const char *name)
{
	bool may_be_letter = true;

	for (const char *other = find_slip(name);
	     *other && may_be_letter && other < name + NAME_MOST;) {
		AUTO_FREE char *beginning = text_copy_length(name, (size_t)(other - name));

		may_be_letter = (uint8_t)*other >= 0x80;
		other += text_utf8_length(other) ?: 1;
		if (parameter_resembles(beginning))
			register_parameter(beginning, other);
		other = find_slip(other);
	}
}

void secret_words_register(const struct cmdline *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct cmdline_word *word = &words->word[i];

		register_slip(word->name);
		if (!parameter_resembles(word->name))
			register_other(word->name, word->value);
		else if (word->value)
			register_parameter(word->name, word->value);
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
		if (is_in_url(secret) && found + word != end && !memchr(found, '@', word) &&
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
		if (parameter->secret == SECRET_NOTHING || is_in_url(parameter->secret))
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
