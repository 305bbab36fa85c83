// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user asked for, as it would be written on a command line. */
#include "config/config.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/parameters.h"

#include <inttypes.h>
#include <string.h>

static bool is_secret(const struct parameter *parameter)
{
	return parameter->secret == SECRET_TEXT || parameter->secret == SECRET_KEYS;
}

static char *text_value(const char *text, const struct parameter *parameter)
{
	if (!text)
		return NULL;
	return is_secret(parameter) && *text ? text_copy("***") : secret_redact(text);
}

/* @text with a @mark before each of the characters @special. The caller frees. */
static char *mark(const char *text, const char *special, char mark)
{
	char *marked = memory_zero(2 * strlen(text) + 1, 1), *to = marked;

	for (const char *c = text; *c; c++) {
		if (strchr(special, *c))
			*to++ = mark;
		*to++ = *c;
	}
	return marked;
}

static char *list_value(char *const *list, const struct parameter *parameter)
{
	AUTO_LIST char **items = NULL;

	if (!list)
		return NULL;
	for (; *list; list++) {
		char *item = text_value(*list, parameter);

		list_append(&items, parameter->commas ? mark(item, ",", ',') : text_copy(item));
		secret_free(item);
	}
	return list_join(items, ",");
}

static char *bytes_value(uint64_t bytes)
{
	if (!bytes)
		return NULL;
	if (bytes % (1 << 30) == 0)
		return text_format("%" PRIu64 "G", bytes >> 30);
	if (bytes % (1 << 20) == 0)
		return text_format("%" PRIu64 "M", bytes >> 20);
	return text_format("%" PRIu64 "K", bytes >> 10);
}

char *config_value(const struct config *config, const struct parameter *parameter)
{
	const void *value = parameter_member(parameter, config);

	switch (parameter->type) {
	case PARAMETER_BOOLEAN:
		return text_copy(*(const bool *)value ? "yes" : "no");
	case PARAMETER_CHOICE:
		if (*(const enum choice *)value == CHOICE_MACHINE)
			return NULL;
		return text_copy(*(const enum choice *)value == CHOICE_YES ? "yes" : "no");
	case PARAMETER_WORD:
		return text_copy(parameter->words[*(const unsigned *)value]);
	case PARAMETER_NUMBER:
	case PARAMETER_SECONDS:
		return *(const unsigned *)value ? text_format("%u", *(const unsigned *)value) :
						  NULL;
	case PARAMETER_BYTES:
		return bytes_value(*(const uint64_t *)value);
	case PARAMETER_HOURS:
		return config->rtc_offset_given ? text_format("%+g", *(const int *)value / 3600.0) :
						  NULL;
	case PARAMETER_SERVER:
	case PARAMETER_TEXT:
		return text_value(*(char *const *)value, parameter);
	case PARAMETER_LIST:
		return list_value(*(char **const *)value, parameter);
	}
	abort();
}

/* @name=@value as cmdline_split() reads it (cmdline.h). The caller frees. */
static char *quote(const char *name, const char *value)
{
	AUTO_FREE char *escaped = mark(value, "\"'\\", '\\');
	bool blanks = strpbrk(value, " \t") != NULL;

	return text_format(blanks ? "%s=\"%s\"" : "%s=%s", name, escaped);
}

char *config_words(const struct config *config)
{
	AUTO_LIST char **words = NULL;

	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		AUTO_FREE char *value = NULL;

		if (config->origin[parameter_index(parameter)] == ORIGIN_BUILTIN)
			continue;
		value = config_value(config, parameter);
		if (value && !strstr(value, "***"))
			list_append(&words, quote(parameter->alias ?: parameter->name, value));
	}
	return list_join(words, " ");
}
