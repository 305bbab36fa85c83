// SPDX-License-Identifier: GPL-2.0-or-later
/* The words that clients have set. */
#include "service/client_words.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/parameters.h"

#include <errno.h>
#include <string.h>

/* What a client has set for @parameter is taken back. */
static void forget(struct cmdline *client, const struct parameter *parameter)
{
	struct cmdline kept = { 0 };

	for (size_t i = 0; i < client->count; i++) {
		struct cmdline_word *word = &client->word[i];

		if (parameter_find(word->name) != parameter) {
			APPEND(kept.word, kept.count, *word);
			continue;
		}
		free(word->name);
		secret_free(word->value);
	}
	free(client->word);
	*client = kept;
}

/* Where the shell is forbidden, what was given stays as it is, and no command can be given:
 * who sits at the console is not trusted with this machine. */
static bool is_locked(const struct config *config, const struct parameter *parameter)
{
	static const char *const commands[] = { "p2v.pre",    "p2v.post",   "p2v.fail", "p2v.done",
						"p2v.report", "p2v.config", "p2v.shell" };
	unsigned char origin = config->origin[parameter_index(parameter)];
	bool given = origin != ORIGIN_BUILTIN && origin != ORIGIN_CLIENT;

	for (size_t i = 0; i < COUNT(commands); i++)
		given = given || parameter == parameter_find(commands[i]);
	return !config->shell && given;
}

/* Applies @word to @client. Returns 0, or -EINVAL after a message. */
static int apply(const struct config *config, struct cmdline *client, struct cmdline_word *word)
{
	const struct parameter *parameter = parameter_find(word->name);
	struct cmdline one = { .word = word, .count = 1 };
	AUTO_FREE char *why = parameter ? NULL : parameter_unknown(word->name);

	if (!parameter) {
		log_error("'%.80s' %s", word->name, why);
		return -EINVAL;
	}
	if (is_locked(config, parameter)) {
		log_error("'%s' cannot be set here: p2v.shell=no keeps what the image, the file of p2v.config and the kernel command line say, and takes no command",
			  parameter->name);
		return -EINVAL;
	}
	forget(client, parameter);
	if (word->value)
		cmdline_append_copy(client, &one);
	return 0;
}

static size_t bytes_of(const struct cmdline *words)
{
	size_t bytes = 0;

	for (size_t i = 0; i < words->count; i++)
		bytes += strlen(words->word[i].name) + strlen(words->word[i].value) + 2;
	return bytes;
}

bool client_words_only(const struct cmdline *words, const char *name)
{
	const struct parameter *parameter = parameter_find(name);

	for (size_t i = 0; i < words->count; i++)
		if (parameter_find(words->word[i].name) != parameter)
			return false;
	return words->count;
}

void client_words_note(const struct cmdline *words, char ***names)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct parameter *parameter = parameter_find(words->word[i].name);

		if (parameter && !list_contains(*names, parameter->name))
			list_append(names, text_copy(parameter->name));
	}
}

int client_words_apply(struct cmdline *client, const struct cmdline *words,
		       const struct config *config)
{
	int r = 0;

	for (size_t i = 0; i < words->count; i++)
		if (apply(config, client, &words->word[i]) < 0)
			r = -EINVAL;
	if (r >= 0 && bytes_of(client) > CMDLINE_MOST) {
		log_error("what clients have set is longer than %d bytes: put parameters into a file that p2v.config names",
			  CMDLINE_MOST);
		r = -EINVAL;
	}
	for (size_t i = 0; i < client->count; i++)
		client->word[i].of_client = true;
	return r;
}
