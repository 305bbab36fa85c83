// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user asked for, printed by the table of parameters. */
#include "config/config.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "config/parameters.h"

#include <inttypes.h>
#include <string.h>

static void print_text(const char *text, const struct parameter *parameter, FILE *file)
{
	bool whole = parameter->secret == SECRET_TEXT || parameter->secret == SECRET_KEYS;
	AUTO_FREE char *redacted = text && !whole ? secret_redact(text) : NULL;

	if (text && *text)
		fprintf(file, " %s", whole ? "***" : redacted);
}

static void print_value(const struct config *config, const struct parameter *parameter, FILE *file)
{
	const void *value = parameter_member(parameter, config);
	uint64_t number = 0;

	switch (parameter->type) {
	case PARAMETER_BOOLEAN:
		fprintf(file, " %s", *(const bool *)value ? "true" : "false");
		break;
	case PARAMETER_CHOICE:
		if (*(const enum choice *)value != CHOICE_MACHINE)
			fprintf(file, " %s",
				*(const enum choice *)value == CHOICE_YES ? "true" : "false");
		break;
	case PARAMETER_WORD:
		fprintf(file, " %s", parameter->words[*(const unsigned *)value]);
		break;
	case PARAMETER_NUMBER:
	case PARAMETER_SECONDS:
		number = *(const unsigned *)value;
		break;
	case PARAMETER_BYTES:
		number = *(const uint64_t *)value;
		break;
	case PARAMETER_HOURS:
		if (config->rtc_offset_given)
			fprintf(file, " %g", *(const int *)value / 3600.0);
		break;
	case PARAMETER_SERVER:
	case PARAMETER_TEXT:
		print_text(*(char *const *)value, parameter, file);
		break;
	case PARAMETER_LIST:
		for (char *const *item = *(char **const *)value; item && *item; item++)
			print_text(*item, parameter, file);
		break;
	}
	if (number)
		fprintf(file, " %" PRIu64, number);
}

static bool is_given(const struct parameter *parameter, const struct cmdline *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (parameter_find(words->word[i].name) == parameter)
			return true;
	return false;
}

void config_print(const struct config *config, const struct cmdline *only, FILE *file)
{
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		if (only && !is_given(parameter, only))
			continue;
		fputs(parameter->name + strlen(PARAMETER_PREFIX), file);
		print_value(config, parameter, file);
		fputc('\n', file);
	}
}
