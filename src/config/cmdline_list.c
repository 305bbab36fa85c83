// SPDX-License-Identifier: GPL-2.0-or-later
/* Many command lines, each judged as a machine would judge it. */
#include "config/cmdline_list.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/defaults.h"
#include "config/parameters.h"

#include <string.h>

struct judge {
	const char *directory;
	FILE *stream;
	size_t number; /* of the command line */
};

static void on_message(void *user, int priority, const char *line)
{
	const struct judge *judge = user;
	const char *kind = priority == LOG_WARNING ? "warning" : "notice";

	if (priority <= LOG_ERR)
		kind = "error";
	fprintf(judge->stream, "%zu %s %s\n", judge->number, kind, line);
}

static void print_secrets(const struct judge *judge, const struct config *config)
{
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	char *rest, *line;

	if (!memory)
		abort(); /* as memory.h does */
	config_print(config, NULL, memory);
	fclose(memory);
	rest = text;
	while ((line = strsep(&rest, "\n")))
		if (strstr(line, "***"))
			fprintf(judge->stream, "%zu secret " PARAMETER_PREFIX "%.*s\n",
				judge->number, (int)strcspn(line, " "), line);
}

static int judge_line(const struct judge *judge, const char *line, size_t length)
{
	char *cmdline = text_copy_length(line, length);
	struct config config;
	int r;

	if (length > CMDLINE_MOST) {
		log_error("the command line is longer than %d bytes: put parameters into a file that p2v.config names",
			  CMDLINE_MOST);
		secret_free(cmdline);
		return -EINVAL;
	}
	r = defaults_config(&config, judge->directory, NULL, cmdline, NULL);
	if (r >= 0)
		print_secrets(judge, &config);
	config_clear(&config);
	secret_forget_all();
	secret_free(cmdline);
	return r;
}

int cmdline_list_judge(const char *list, size_t length, const char *directory, FILE *stream)
{
	struct judge judge = { .directory = directory, .stream = stream };
	int result = 0;

	log_set_sink(on_message, &judge);
	while (length) {
		const char *end = memchr(list, '\n', length);
		size_t line = end ? (size_t)(end - list) : length;

		judge.number++;
		if (judge_line(&judge, list, line) < 0)
			result = -EINVAL;
		line += end != NULL;
		list += line;
		length -= line;
	}
	log_set_sink(NULL, NULL);
	fprintf(stream, "%zu end\n", judge.number);
	return result;
}

int cmdline_list_read(int fd, const char *directory, FILE *stream)
{
	size_t length = 0;
	char *list = file_read_all(fd, CMDLINE_LIST_MOST, &length);
	int r;

	if (!list) {
		r = -errno;
		if (errno == EFBIG)
			log_error("the command lines on standard input have more than %d bytes: give fewer at a time",
				  CMDLINE_LIST_MOST);
		else
			log_error("cannot read command lines from standard input: %s",
				  strerror(errno));
		return r;
	}
	r = cmdline_list_judge(list, length, directory, stream);
	secret_free_length(list, length + 1);
	return r;
}
