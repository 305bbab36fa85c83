// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user asked for, printed by the table of parameters. */
#include "config/config_print.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "config/parameters.h"

#include <inttypes.h>
#include <string.h>

#define PREFIX "p2v."

static const void *member(const struct config *config, const struct parameter *parameter)
{
	return (const char *)config + parameter->offset;
}

static void print_text(const char *text, const struct parameter *parameter, FILE *file)
{
	bool whole = parameter->secret == SECRET_TEXT || parameter->secret == SECRET_KEYS;
	AUTO_FREE char *redacted = text && !whole ? secret_redact(text) : NULL;

	if (text)
		fprintf(file, " %s", whole ? "***" : redacted);
}

static void print_list(char *const *list, const struct parameter *parameter, FILE *file)
{
	for (; list && *list; list++)
		print_text(*list, parameter, file);
}

static void print_choice(enum choice choice, FILE *file)
{
	if (choice != CHOICE_MACHINE)
		fprintf(file, " %s", choice == CHOICE_YES ? "true" : "false");
}

static void print_value(const struct config *config, const struct parameter *parameter, FILE *file)
{
	const void *value = member(config, parameter);

	switch (parameter->type) {
	case PARAMETER_BOOLEAN:
		fprintf(file, " %s", *(const bool *)value ? "true" : "false");
		break;
	case PARAMETER_CHOICE:
		print_choice(*(const enum choice *)value, file);
		break;
	case PARAMETER_WORD:
		fprintf(file, " %s", parameter->words[*(const unsigned *)value]);
		break;
	case PARAMETER_PORT:
		fprintf(file, " %u", *(const uint16_t *)value);
		break;
	case PARAMETER_NUMBER:
	case PARAMETER_SECONDS:
		if (*(const unsigned *)value)
			fprintf(file, " %u", *(const unsigned *)value);
		break;
	case PARAMETER_BYTES:
		if (*(const uint64_t *)value)
			fprintf(file, " %" PRIu64, *(const uint64_t *)value);
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
		print_list(*(char **const *)value, parameter, file);
		break;
	}
}

static void print(const struct config *config, const struct parameter *parameter, FILE *file)
{
	fputs(parameter->name + strlen(PREFIX), file);
	print_value(config, parameter, file);
	fputc('\n', file);
}

void config_print(const struct config *config, FILE *file)
{
	for (size_t i = 0; i < parameter_count(); i++)
		print(config, parameter_at(i), file);
}

void config_print_given(const struct config *config, const struct cmdline *words, FILE *file)
{
	for (size_t i = 0; i < parameter_count(); i++) {
		bool given = false;

		for (size_t j = 0; j < words->count; j++)
			given = given || parameter_find(words->word[j].name) == parameter_at(i);
		if (given)
			print(config, parameter_at(i), file);
	}
}
