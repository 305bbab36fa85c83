// SPDX-License-Identifier: GPL-2.0-or-later
/* The file that p2v.config names: its bytes to words. */
#include "config/config_file.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "cmdline/look_alike.h"
#include "config/parameters.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t\r\n"

/* What is wrong with the file as a whole, before any line is read; NULL for nothing. */
static char *judge(const char *text, size_t length)
{
	const char *first = text + strspn(text, BLANKS);

	if (strlen(text) < length)
		return text_format("is no text: it holds NUL bytes");
	if (length > CONFIG_FILE_SIZE_MAX)
		return text_format("is longer than %d KiB", CONFIG_FILE_SIZE_MAX >> 10);
	if (!*first)
		return text_format("is empty");
	if (*first == '<')
		return text_format("is a web page, not a list of parameters");
	return NULL;
}

/* Whether a line is text; it may hold tabs. */
static bool is_text(const char *line)
{
	char *plain = text_copy(line);
	bool same;

	text_make_plain(plain);
	same = !strcmp(plain, line);
	secret_free_length(plain, strlen(line));
	return same;
}

/* Quotes and blanks that are none; in a comment they do no harm. */
static char *judge_characters(const struct cmdline *words)
{
	char *wrong = NULL;

	for (size_t i = 0; i < words->count && !wrong && words->word[i].name[0] != '#'; i++) {
		wrong = i ? look_alike_judge(words->word[i].name) :
			    look_alike_judge_name(words->word[i].name);
		if (!wrong)
			wrong = look_alike_judge(words->word[i].value);
	}
	return wrong;
}

/* What is wrong with the words of a line that is not empty; NULL for nothing. */
static char *judge_words(const struct cmdline *words, bool may_name)
{
	char *wrong = judge_characters(words);

	if (wrong)
		return wrong;
	if (!words->count || !text_begins(words->word[0].name, PARAMETER_PREFIX))
		return text_copy("does not begin with p2v.");
	if (words->count > 1 && words->word[1].name[0] != '#')
		return text_copy("has more than one word: put a value with spaces within double quotes");
	if (words->unclosed && words->count == 1)
		return text_copy("opens a double quote that is never closed: if a quote or a backslash before one is part of the value, put a backslash before it");
	if (!may_name && parameter_find(words->word[0].name) == parameter_find("p2v.config"))
		return text_copy("names another configuration: p2v.config belongs on the command line");
	return NULL;
}

/* Appends the word of line @number; NULL, or what is wrong with the line (the caller frees). */
static char *read_line(struct cmdline *words, char *line, unsigned number, bool may_name)
{
	struct cmdline here;
	char *wrong;
	size_t length;

	line += strspn(line, BLANKS);
	length = strlen(line);
	while (length && strchr(BLANKS, line[length - 1]))
		line[--length] = '\0';
	if (!is_text(line))
		return text_copy("is no UTF-8 text");
	if (!length || *line == '#')
		return NULL;
	if (words->count == CONFIG_FILE_WORDS_MAX)
		return text_copy("is one parameter too many");
	cmdline_split(&here, line, length);
	wrong = judge_words(&here, may_name);
	if (!wrong) {
		APPEND(words->word, words->count, here.word[0]);
		words->word[words->count - 1].line = number;
		here.word[0] = (struct cmdline_word){ 0 };
	}
	cmdline_clear(&here);
	return wrong;
}

int config_file_read(struct cmdline *words, const char *data, size_t length, bool may_name,
		     char **reason)
{
	char *text = text_copy_length(data, length), *rest = text;
	size_t size = strlen(text);
	unsigned number = 0;

	*words = (struct cmdline){ 0 };
	rest += text_mark(text, length);
	*reason = text_is_utf16(data, length) ? text_copy("is UTF-16: save it as UTF-8") :
						judge(rest, length - (size_t)(rest - text));
	while (!*reason && rest) {
		char *line = strsep(&rest, "\n");
		AUTO_FREE char *wrong = read_line(words, line, ++number, may_name);

		if (wrong)
			*reason = text_format("is no list of parameters: line %u %s", number,
					      wrong);
	}
	secret_free_length(text, size);
	if (!*reason)
		return 0;
	cmdline_clear(words);
	return -EINVAL;
}
