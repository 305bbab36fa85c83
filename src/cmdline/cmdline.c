// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel command line, split into words by the rules in cmdline.h. */
#include "cmdline/cmdline.h"

#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static bool is_escape(const char *text, size_t left)
{
	return left >= 2 && text[0] == '\\' &&
	       (text[1] == '"' || text[1] == '\'' || text[1] == '\\');
}

/* One word while it is read from the text into @scratch, which has room for all of it. */
struct splitter {
	char *scratch;
	size_t length;
	size_t equals;      /* the index of the first '=' in scratch, 0 for none */
	bool quoted;        /* inside quotes now */
	bool whole;         /* the word began with a quote */
	bool value;         /* its value began with a quote */
	bool closing;       /* the last character is a quote that was not escaped */
};

static void take_character(struct splitter *splitter, char c)
{
	if (c == '=' && !splitter->equals)
		splitter->equals = splitter->length;
	splitter->scratch[splitter->length++] = c;
	splitter->closing = false;
}

/* A quote that opens the word or its value is removed. Any other is kept: only the
 * word's end shows whether it was the closing one. */
static void take_quote(struct splitter *splitter, bool first)
{
	splitter->quoted = !splitter->quoted;
	if (first) {
		splitter->whole = true;
	} else if (splitter->equals && splitter->length == splitter->equals + 1 &&
		   !splitter->value) {
		splitter->value = true;
	} else {
		take_character(splitter, '"');
		splitter->closing = true;
	}
}

/* Reads the word at the beginning of @text; returns its length there. */
static size_t take_word(struct splitter *splitter, const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && (splitter->quoted || !is_blank(text[i]))) {
		if (is_escape(text + i, length - i)) {
			take_character(splitter, text[i + 1]);
			i += 2;
		} else if (text[i] == '"') {
			take_quote(splitter, i == 0);
			i++;
		} else {
			take_character(splitter, text[i++]);
		}
	}
	if (splitter->closing && (splitter->whole || splitter->value))
		splitter->length--;
	return i;
}

static void keep_word(struct cmdline *cmdline, const struct splitter *splitter)
{
	const char *text = splitter->scratch;
	size_t name = splitter->equals ? splitter->equals : splitter->length;
	struct cmdline_word word = { 0 };

	if (cmdline->count && text[0] == '=')
		cmdline->word[cmdline->count - 1].gap = !cmdline->word[cmdline->count - 1].value;
	if (name == 0 || text[0] == '=')
		return;
	word.name = text_copy_length(text, name);
	if (splitter->equals)
		word.value = text_copy_length(text + name + 1, splitter->length - name - 1);
	APPEND(cmdline->word, cmdline->count, word);
}

void cmdline_split(struct cmdline *cmdline, const char *text, size_t length)
{
	char *scratch = memory_zero(length + 1, 1);

	*cmdline = (struct cmdline){ 0 };
	for (size_t i = 0; i < length;) {
		struct splitter splitter = { .scratch = scratch };

		if (is_blank(text[i])) {
			i++;
			continue;
		}
		i += take_word(&splitter, text + i, length - i);
		keep_word(cmdline, &splitter);
		cmdline->unclosed = splitter.quoted;
	}
	secret_free_length(scratch, length + 1);
}

void cmdline_append(struct cmdline *cmdline, struct cmdline *more)
{
	for (size_t i = 0; i < more->count; i++)
		APPEND(cmdline->word, cmdline->count, more->word[i]);
	cmdline->unclosed = more->unclosed;
	free(more->word);
	*more = (struct cmdline){ 0 };
}

void cmdline_append_copy(struct cmdline *cmdline, const struct cmdline *more)
{
	for (size_t i = 0; i < more->count; i++) {
		struct cmdline_word word = more->word[i];

		word.name = text_copy(word.name);
		word.value = text_copy(word.value);
		APPEND(cmdline->word, cmdline->count, word);
	}
}

void cmdline_clear(struct cmdline *cmdline)
{
	for (size_t i = 0; i < cmdline->count; i++) {
		free(cmdline->word[i].name);
		secret_free(cmdline->word[i].value);
	}
	free(cmdline->word);
	*cmdline = (struct cmdline){ 0 };
}
