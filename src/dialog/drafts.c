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
	draft->wrong = false;
}

struct draft *drafts_new(struct drafts *drafts, const char *name)
{
	struct draft *draft = drafts_find(drafts, name);

	if (!draft) {
		APPEND(drafts->draft, drafts->count, (struct draft){ .name = text_copy(name) });
		draft = &drafts->draft[drafts->count - 1];
	}
	clear(draft);
	return draft;
}

void drafts_fail(struct drafts *drafts, const char *why)
{
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->draft[i];

		if (!draft->text || draft->wrong)
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
