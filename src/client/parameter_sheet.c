// SPDX-License-Identifier: GPL-2.0-or-later
/* The p2v.* parameters for people. */
#include "client/parameter_sheet.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "client/sheet.h"

#include <inttypes.h>
#include <string.h>

#define NONE UINT64_MAX

static bool is_named(const char *known, const char *name)
{
	if (!known)
		return false;
	for (; *known && *name; known++, name++)
		if (*known != (*name == '-' ? '_' : *name))
			return false;
	return *known == *name;
}

sd_json_variant *parameter_sheet_find(sd_json_variant *reply, const char *name)
{
	for (size_t i = 0; i < field_count(reply, "parameters"); i++) {
		sd_json_variant *parameter = field_element(reply, "parameters", i);

		if (is_named(field_text(parameter, "name"), name) ||
		    is_named(field_text(parameter, "alias"), name))
			return parameter;
	}
	return NULL;
}

static const char *short_name(sd_json_variant *parameter)
{
	return field_text(parameter, "alias") ?: field_text(parameter, "name") ?: "?";
}

/* Who has given its value, in a word. */
static const char *origin(sd_json_variant *parameter)
{
	static const char *const words[][2] = {
		{ "builtin", "default" },
		{ "cmdline", "command line" },
		{ "client", "set here" },
	};
	const char *name = field_text(parameter, "origin") ?: "?";

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(name, words[i][0]))
			return words[i][1];
	return name;
}

char **parameter_sheet_list(sd_json_variant *reply)
{
	int width = 0;
	char **lines = NULL;

	for (size_t i = 0; i < field_count(reply, "parameters"); i++) {
		int length = (int)strlen(short_name(field_element(reply, "parameters", i)));

		width = length > width ? length : width;
	}
	for (size_t i = 0; i < field_count(reply, "parameters"); i++) {
		sd_json_variant *parameter = field_element(reply, "parameters", i);
		const char *value = field_text(parameter, "value");

		list_append(&lines,
			    value ? text_format("%-*s  %-12s  %s", width, short_name(parameter),
						origin(parameter), value) :
				    text_copy(short_name(parameter)));
	}
	return lines;
}

static const char *kind(sd_json_variant *parameter)
{
	static const char *const words[][2] = {
		{ "boolean", "yes or no" },
		{ "choice", "yes or no; without a value it is as the machine has it" },
		{ "word", "one of some words" },
		{ "number", "a number" },
		{ "seconds", "a time: 300, 300s, 5m, 1h" },
		{ "bytes", "an amount of memory: 4096M, 4G" },
		{ "hours", "hours, perhaps with a sign and minutes: +2, -3.5, 5:30" },
		{ "server", "a host name or an address" },
		{ "text", "a text" },
		{ "list", "texts with commas between them" },
	};
	const char *name = field_text(parameter, "kind") ?: "?";

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(name, words[i][0]))
			return words[i][1];
	return name;
}

/* @number as a person reads it: bytes have their unit. The caller frees. */
static char *bound(sd_json_variant *parameter, uint64_t number)
{
	if (!strcmp(field_text(parameter, "kind") ?: "", "bytes"))
		return text_bytes(number);
	return text_format("%" PRIu64, number);
}

static void add_bounds(char ***sheet, sd_json_variant *parameter)
{
	uint64_t minimum = field_number(parameter, "minimum", NONE);
	uint64_t maximum = field_number(parameter, "maximum", NONE);
	AUTO_FREE char *least = minimum == NONE ? NULL : bound(parameter, minimum);
	AUTO_FREE char *most = maximum == NONE ? NULL : bound(parameter, maximum);
	bool is_time = !strcmp(field_text(parameter, "kind") ?: "", "seconds");
	const char *unit = is_time ? " seconds" : "";

	if (least && most)
		sheet_format(sheet, "Bounds", "%s to %s%s", least, most, unit);
	else if (least || most)
		sheet_format(sheet, "Bounds", "at %s %s%s", least ? "least" : "most", least ?: most,
			     unit);
}

char **parameter_sheet(sd_json_variant *parameter)
{
	const char *alias = field_text(parameter, "alias");
	const char *form = field_text(parameter, "form");
	AUTO_FREE char *words = field_texts(parameter, "words", ", ");
	char **sheet = NULL;

	list_append(&sheet,
		    text_format("%s%s%s%s%s", field_text(parameter, "name") ?: "?", form ? "=" : "",
				form ?: "", alias ? ", " : "", alias ?: ""));
	sheet_format(&sheet, "Value", "%s", field_text(parameter, "value") ?: "none");
	sheet_add(&sheet, "Given by", origin(parameter));
	sheet_add(&sheet, "Default", field_text(parameter, "default") ?: "none");
	sheet_add(&sheet, "Type", kind(parameter));
	sheet_add(&sheet, "Words", words);
	add_bounds(&sheet, parameter);
	if (field_truth(parameter, "empty"))
		sheet_add(&sheet, "Empty", "an empty value is right: it means none");
	if (field_truth(parameter, "secret"))
		sheet_add(&sheet, "Secret", "its value, or a part of it, is never shown");
	sheet_add(&sheet, "About", field_text(parameter, "description"));
	list_append(&sheet, text_copy(""));
	return sheet;
}
