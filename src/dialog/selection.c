// SPDX-License-Identifier: GPL-2.0-or-later
/* What a person chooses out of a list. */
#include "dialog/selection.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

void selection_add(struct selection *selection, const char *name, sd_json_variant *facts)
{
	struct selection_item item = {
		.name = text_copy(name),
		.facts = sd_json_variant_ref(facts),
	};

	APPEND(selection->item, selection->count, item);
}

/* Two commas are one within a name. Returns the rest of @value, NULL at its end. */
static const char *take_name(const char *value, char **name)
{
	char *to = memory_zero(strlen(value) + 1, 1);

	*name = to;
	for (; *value; value++) {
		if (*value == ',' && *++value != ',')
			return value;
		*to++ = *value;
	}
	return NULL;
}

static size_t find(struct selection *selection, const char *name)
{
	static const char devices[] = "/dev/";
	const char *plain = text_begins(name, devices) ? name + strlen(devices) : name;
	size_t i = 0;

	while (i < selection->count && strcmp(selection->item[i].name, plain) != 0 &&
	       strcmp(selection->item[i].name, name) != 0)
		i++;
	if (i == selection->count)
		selection_add(selection, name, NULL);
	return i;
}

/* Moves the item @from to the place @to. */
static void move(struct selection *selection, size_t from, size_t to)
{
	struct selection_item item = selection->item[from];

	for (; from > to; from--)
		selection->item[from] = selection->item[from - 1];
	selection->item[to] = item;
}

void selection_choose(struct selection *selection, const char *value)
{
	size_t chosen = 0;

	for (size_t i = 0; i < selection->count; i++)
		selection->item[i].chosen = !value;
	while (value && *value) {
		AUTO_FREE char *name = NULL;
		size_t at;

		value = take_name(value, &name);
		at = find(selection, name);
		if (selection->item[at].chosen)
			continue;
		selection->item[at].chosen = true;
		move(selection, at, chosen++);
	}
}

/* @name with each comma written twice. */
static char *written(const char *name)
{
	char *text = memory_zero(strlen(name) * 2 + 1, 1), *to = text;

	for (; *name; name++) {
		if (*name == ',')
			*to++ = ',';
		*to++ = *name;
	}
	return text;
}

char *selection_value(const struct selection *selection)
{
	AUTO_LIST char **names = NULL;

	for (size_t i = 0; i < selection->count; i++)
		if (selection->item[i].chosen)
			list_append(&names, written(selection->item[i].name));
	return names ? list_join(names, ",") : text_copy("");
}

void selection_clear(struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++) {
		free(selection->item[i].name);
		sd_json_variant_unref(selection->item[i].facts);
	}
	free(selection->item);
	*selection = (struct selection){ 0 };
}
