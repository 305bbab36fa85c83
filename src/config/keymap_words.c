// SPDX-License-Identifier: GPL-2.0-or-later
/* The words by which a kernel command line names a keyboard layout for any system. */
#include "config/keymap_words.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "config/parameters.h"
#include "config/value.h"

#include <string.h>

static bool names_keymap(const struct cmdline_word *word)
{
	const char *name = word->name;

	if (word->line || word->of_client || !word->value || !*word->value)
		return false;
	if (text_begins(name, "rd."))
		name += strlen("rd.");
	return !strcmp(name, "vconsole.keymap");
}

void keymap_words_take(struct config *config, const struct cmdline *words)
{
	size_t index = parameter_index(parameter_find("p2v.keymap"));
	const struct cmdline_word *last = NULL;
	AUTO_FREE char *reason = NULL;

	for (size_t i = 0; i < words->count; i++)
		if (names_keymap(&words->word[i]))
			last = &words->word[i];
	if (!last || config->keymap)
		return;
	reason = value_check_text(last->value) ?: value_check_keymap(last->value);
	if (reason) {
		log_warning("'%s' is ignored: %s", last->name, reason);
		return;
	}
	config->keymap = text_copy(last->value);
	config->origin[index] = ORIGIN_CMDLINE;
}
