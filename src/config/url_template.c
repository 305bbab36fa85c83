// SPDX-License-Identifier: GPL-2.0-or-later
/* A URL with placeholders. */
#include "config/url_template.h"

#include "base/memory.h"
#include "base/text.h"
#include "config/value.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VALUE(member) offsetof(struct url_template_values, member)

static const struct placeholder {
	const char *name;
	size_t value;     /* the offset of its member */
	const char *what; /* what a machine without the value does not have */
} placeholders[] = {
	{ "{mac}", VALUE(mac), "network card with a MAC address" },
	{ "{uuid}", VALUE(uuid), "UUID" },
	{ "{serial}", VALUE(serial), "serial number" },
	{ "{hostname}", VALUE(hostname), "host name from the network" },
};

/* The placeholder that @text begins with; NULL for none. */
static const struct placeholder *find(const char *text)
{
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (text_begins(text, placeholders[i].name))
			return &placeholders[i];
	return NULL;
}

static const char server_word[] = "{server}";

/* Where braces may be: behind the host. */
static const char *path_of(const char *text)
{
	const char *host = strstr(text, "://");

	return host ? host + 3 + strcspn(host + 3, "/?#") : text;
}

static char *check_placeholders(const char *text)
{
	const char *path = path_of(text);

	for (const char *brace = text; (brace = strpbrk(brace, "{}"));) {
		const struct placeholder *placeholder = find(brace);

		if (!placeholder)
			return text_format("only {mac}, {uuid}, {serial} and {hostname} may be in braces");
		if (brace < path)
			return text_format("{mac} and the like may be used only behind the host's name");
		brace += strlen(placeholder->name);
	}
	return NULL;
}

char *url_template_check(const char *text)
{
	return check_placeholders(text) ?: value_check_url(text);
}

char *url_template_check_web(const char *text)
{
	if (strncasecmp(text, "http://", 7) && strncasecmp(text, "https://", 8))
		return text_format("give an https:// or http:// URL");
	return url_template_check(text);
}

char *url_template_check_key(const char *text)
{
	const char *path = path_of(text);

	for (const char *brace = text; (brace = strpbrk(brace, "{}"));) {
		if (!text_begins(brace, server_word))
			return text_format("only {server} may be in braces");
		if (brace < path)
			return text_format("{server} may be used only behind the host's name");
		brace += strlen(server_word);
	}
	return value_check_url(text);
}

static void put_encoded(FILE *stream, const char *value)
{
	for (; *value; value++)
		if (!(*value & 0x80) && (isalnum((unsigned char)*value) || strchr("-._~", *value)))
			putc(*value, stream);
		else
			fprintf(stream, "%%%02X", (unsigned char)*value);
}

char *url_template_fill_key(const char *template, const char *server)
{
	char *url = NULL;
	size_t size = 0;
	FILE *stream = memory_need(open_memstream(&url, &size));

	while (*template) {
		if (text_begins(template, server_word)) {
			put_encoded(stream, server);
			template += strlen(server_word);
		} else {
			putc(*template ++, stream);
		}
	}
	fclose(stream);
	return url;
}

char *url_template_fill(const char *template, const char *name,
			const struct url_template_values *values, char **reason)
{
	const struct placeholder *missing = NULL;
	char *url = NULL;
	size_t size = 0;
	FILE *stream = memory_need(open_memstream(&url, &size));

	for (const char *at = template; *at;) {
		const struct placeholder *placeholder = find(at);
		const char *value = NULL;

		if (!placeholder) {
			putc(*at++, stream);
			continue;
		}
		at += strlen(placeholder->name);
		value = *(const char *const *)((const char *)values + placeholder->value);
		if (value && *value)
			put_encoded(stream, value);
		else if (!missing)
			missing = placeholder;
	}
	fclose(stream);
	if (!missing)
		return url;
	free(url);
	*reason = text_format("%s wants %s, and this machine has no %s", name, missing->name,
			      missing->what);
	return NULL;
}
