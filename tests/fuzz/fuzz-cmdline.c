// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a kernel command line: split, then read as a configuration. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "cmdline/cmdline.h"
#include "cmdline/network_words.h"
#include "config/config.h"
#include "run-files.h"

#include <string.h>

/* The kernel's rules in another implementation: first find the end of a word, then remove
 * its quotes. Without our own escapes, the result must be the same. */
static void expect_kernel(const struct cmdline *cmdline, const char *text)
{
	size_t count = 0;

	for (text += strspn(text, " \t\n\v\f\r"); *text; text += strspn(text, " \t\n\v\f\r")) {
		AUTO_FREE char *word = NULL;
		const char *end = text;
		bool quoted = false;

		for (; *end && (quoted || !strchr(" \t\n\v\f\r", *end)); end++)
			quoted ^= *end == '"';
		word = text_copy_length(text, (size_t)(end - text));
		text = end;

		char *name = word + (*word == '"');
		char *equals = *name ? strchr(name + 1, '=') : NULL;
		char *value = equals ? equals + 1 : NULL;
		char *last = *name ? name + strlen(name) - 1 : name;
		bool opened = name > word || (value && *value == '"');

		if (value && *value == '"')
			value++;
		if (opened && *last == '"')
			*last = '\0';
		if (equals)
			*equals = '\0';
		if (!*name || *name == '=')
			continue;
		if (count == cmdline->count || strcmp(cmdline->word[count].name, name) ||
		    !cmdline->word[count].value != !value ||
		    (value && strcmp(cmdline->word[count].value, value)))
			abort();
		count++;
	}
	if (count != cmdline->count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = text_copy_length((const char *)data, size);
	AUTO_FREE char *printed = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&printed, &length);
	struct cmdline cmdline;
	struct config config;

	cmdline_split(&cmdline, (const char *)data, size);
	if (!memchr(data, 0, size) && !memchr(data, '\\', size))
		expect_kernel(&cmdline, text);
	list_free(network_words_cards(&cmdline));

	log_set_sink(expect_plain, NULL);
	config_init(&config);
	config_read(&config, &cmdline);
	cmdline_clear(&cmdline);
	config_print(&config, NULL, stream);
	config_clear(&config);
	secret_forget_all();
	fclose(stream);
	return 0;
}
