// SPDX-License-Identifier: GPL-2.0-or-later
/* What clients have set, kept while p2vd is down. */
#include "service/kept_words.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memfile.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <string.h>
#include <systemd/sd-daemon.h>

#define NAME "words" /* of the file in systemd's store */

/* NAME, NUL, VALUE, NUL for each word. The caller frees by secret_free_length(). */
static char *write_words(const struct cmdline *words, size_t *length)
{
	char *data, *to;

	*length = 0;
	for (size_t i = 0; i < words->count; i++)
		*length += strlen(words->word[i].name) + strlen(words->word[i].value) + 2;
	data = to = memory_zero(*length + 1, 1);
	for (size_t i = 0; i < words->count; i++) {
		to = stpcpy(to, words->word[i].name) + 1;
		to = stpcpy(to, words->word[i].value) + 1;
	}
	return data;
}

void kept_words_store(const struct cmdline *words)
{
	size_t length = 0;
	char *data = NULL;
	AUTO_CLOSE int fd = -1;
	int r;

	if (!getenv("NOTIFY_SOCKET"))
		return;
	sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=" NAME);
	data = write_words(words, &length);
	fd = r = memfile_new(NAME, data, length);
	secret_free_length(data, length + 1);
	if (fd >= 0)
		r = sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=" NAME, &fd, 1);
	if (r < 0)
		log_warning("what was entered is lost if p2vd has to be started again: systemd does not keep it: %s",
			    strerror(-r));
}

static void read_words(struct cmdline *words, const char *data, size_t length)
{
	const char *end = data + length;

	while (data < end) {
		const char *value = data + strlen(data) + 1;
		struct cmdline_word word = { .name = text_copy(data), .of_client = true };

		word.value = text_copy(value < end ? value : "");
		APPEND(words->word, words->count, word);
		data = value + strlen(word.value) + 1;
	}
}

void kept_words_take(struct cmdline *words)
{
	AUTO_LIST char **names = NULL;
	int count = sd_listen_fds_with_names(1, &names);

	for (int i = 0; i < count; i++) {
		AUTO_CLOSE int fd = SD_LISTEN_FDS_START + i;
		size_t length = 0;
		char *data = NULL;

		if (strcmp(names[i], NAME) == 0 && lseek(fd, 0, SEEK_SET) == 0)
			data = file_read_all(fd, CMDLINE_MOST, &length);
		if (data)
			read_words(words, data, length);
		secret_free_length(data, data ? length + 1 : 0);
	}
}
