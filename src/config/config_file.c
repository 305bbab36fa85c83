// SPDX-License-Identifier: GPL-2.0-or-later
/* The file that p2v.config names: its bytes to words. */
#include "config/config_file.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/parameters.h"
#include "config/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(const char **text, size_t *length)
{
	while (*length && is_blank(**text)) {
		(*text)++;
		(*length)--;
	}
}

/* What is wrong with the file as a whole, before any line is read; NULL for nothing. */
static char *judge(const char *data, size_t length)
{
	if (memchr(data, '\0', length))
		return text_format("is no text: it holds NUL bytes");
	if (length > CONFIG_FILE_SIZE_MAX)
		return text_format("is longer than %d KiB", CONFIG_FILE_SIZE_MAX >> 10);
	skip_blanks(&data, &length);
	if (!length)
		return text_format("is empty");
	if (*data == '<')
		return text_format("is a web page, not a list of parameters");
	return NULL;
}

/* Whether a line is text; it may hold tabs. */
static bool is_text(const char *line, size_t length)
{
	char *copy = text_copy_length(line, length);
	char *wrong;

	for (char *tab = copy; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	wrong = *copy ? value_check_text(copy) : NULL;
	secret_free(copy);
	free(wrong);
	return !wrong;
}

/* What is wrong with the words of a line that is not empty; NULL for nothing. */
static const char *judge_words(const struct cmdline *words, bool may_name)
{
	if (!words->count || !text_begins(words->word[0].name, PARAMETER_PREFIX))
		return "does not begin with p2v.";
	if (words->count > 1 && words->word[1].name[0] != '#')
		return "has more than one word: put a value with spaces within double quotes";
	if (words->unclosed && words->count == 1)
		return "opens a double quote that is never closed: if a quote or a backslash before one is part of the value, put a backslash before it";
	if (!may_name && parameter_find(words->word[0].name) == parameter_find("p2v.config"))
		return "names another configuration: p2v.config belongs on the command line";
	return NULL;
}

/* Appends the word of line @number; NULL, or what is wrong with the line. */
static const char *read_line(struct cmdline *words, const char *line, size_t length,
			     unsigned number, bool may_name)
{
	struct cmdline here;
	const char *wrong;

	skip_blanks(&line, &length);
	while (length && is_blank(line[length - 1]))
		length--;
	if (!is_text(line, length))
		return "is no UTF-8 text";
	if (!length || *line == '#')
		return NULL;
	if (words->count == CONFIG_FILE_WORDS_MAX)
		return "is one parameter too many";
	cmdline_split(&here, line, length);
	wrong = judge_words(&here, may_name);
	while (here.count > 1) {
		free(here.word[--here.count].name);
		secret_free(here.word[here.count].value);
	}
	if (!wrong) {
		here.word[0].line = number;
		here.unclosed = false;
		cmdline_append(words, &here);
	}
	cmdline_clear(&here);
	return wrong;
}

int config_file_read(struct cmdline *words, const char *data, size_t length, bool may_name,
		     char **reason)
{
	unsigned number = 0;

	*words = (struct cmdline){ 0 };
	if (length >= 3 && !memcmp(data, BYTE_ORDER_MARK, 3)) {
		data += 3;
		length -= 3;
	}
	*reason = judge(data, length);
	for (size_t at = 0; !*reason && at < length;) {
		const char *end = memchr(data + at, '\n', length - at);
		size_t size = end ? (size_t)(end - data) - at : length - at;
		const char *wrong = read_line(words, data + at, size, ++number, may_name);

		if (wrong)
			*reason = text_format("is no list of parameters: line %u %s", number,
					      wrong);
		at += size + 1;
	}
	if (!*reason)
		return 0;
	cmdline_clear(words);
	return -EINVAL;
}
