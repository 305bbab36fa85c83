// SPDX-License-Identifier: GPL-2.0-or-later
/* What a person has entered. */
#include "dialog/drafts.h"

#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct draft *drafts_find(const struct drafts *drafts, const char *name)
{
	for (size_t i = 0; i < drafts->count; i++)
		if (!strcmp(drafts->draft[i].name, name))
			return &drafts->draft[i];
	return NULL;
}

static void clear(struct draft *draft)
{
	secret_free(draft->text);
	free(draft->sentence);
	draft->text = draft->sentence = NULL;
	draft->wrong = draft->open = draft->half = false;
}

struct draft *drafts_new(struct drafts *drafts, const char *name)
{
	struct draft *draft = drafts_find(drafts, name);

	if (!draft) {
		APPEND(drafts->draft, drafts->count, (struct draft){ .name = text_copy(name) });
		draft = &drafts->draft[drafts->count - 1];
	}
	clear(draft);
	draft->open = true;
	return draft;
}

void drafts_reject(struct draft *draft, const char *text, const char *sentence)
{
	const char *name = strstr(sentence, "%s");

	draft->text = text_copy(text);
	draft->wrong = true;
	draft->open = false;
	draft->sentence = text_format("%.*s%s%s", (int)(name - sentence), sentence, draft->name,
				      name + 2);
}

void drafts_fail(struct drafts *drafts, const char *why)
{
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->draft[i];

		if (!draft->open)
			continue;
		draft->wrong = true;
		free(draft->sentence);
		draft->sentence = text_copy(why);
	}
}

void drafts_clear(struct drafts *drafts)
{
	for (size_t i = 0; i < drafts->count; i++) {
		clear(&drafts->draft[i]);
		free(drafts->draft[i].name);
	}
	free(drafts->draft);
	*drafts = (struct drafts){ 0 };
}
