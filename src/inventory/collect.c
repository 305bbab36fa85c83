// SPDX-License-Identifier: GPL-2.0-or-later
/* Collects files that describe the physical machine, for the work directory. */
#include "inventory/collect.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/secret_words.h"
#include "inventory/diagnostics.h"

#include <string.h>

#define LIMIT_MICROSECONDS 20000000ULL /* lsusb can hang on a broken device */
#define OUTPUT_MOST (4U << 20)

struct run {
	struct collect *collect;
	const struct diagnostic *diagnostic;
	struct child *child;
	char *text;
	size_t length;
	bool finished;
};

struct collect {
	struct files *files;
	struct run *runs;
	size_t count, open;
	sd_event_source *limit, *finish;
	void (*done)(void *user);
	void *user;
};

static void add_text(struct run *run, const char *data, size_t length)
{
	if (length > OUTPUT_MOST - run->length)
		length = OUTPUT_MOST - run->length;
	run->text = memory_resize(run->text, run->length + length + 1, 1);
	memcpy(run->text + run->length, data, length);
	run->length += length;
	run->text[run->length] = '\0';
}

static void finish(struct run *run, const char *remark)
{
	struct collect *collect = run->collect;
	AUTO_FREE char *line = text_format("%s%s%s", remark ? "p2vd: " : "", remark ? remark : "",
					   remark ? "\n" : "");
	char *redacted;

	add_text(run, line, strlen(line));
	redacted = secret_words_redact(run->text);
	files_put(collect->files, run->diagnostic->file, redacted, strlen(redacted));
	secret_free(steal(run->text));
	run->length = 0;
	run->finished = true;
	if (--collect->open == 0)
		sd_event_source_set_enabled(collect->finish, SD_EVENT_ONESHOT);
}

static void on_output(void *user, const char *data, size_t length)
{
	add_text(user, data, length);
}

static void on_ended(void *user, int status)
{
	struct run *run = user;
	AUTO_FREE char *how = status ? child_status_text(status) : NULL;

	if (!run->finished)
		finish(run, how);
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	struct collect *collect = user;

	(void)source, (void)now;
	for (size_t i = 0; i < collect->count; i++)
		if (!collect->runs[i].finished)
			finish(&collect->runs[i], "the command took too long");
	return 0;
}

static int on_finish(sd_event_source *source, void *user)
{
	struct collect *collect = user;

	(void)source;
	sd_event_source_set_enabled(collect->limit, SD_EVENT_OFF);
	collect->done(collect->user);
	return 0;
}

static void start(struct collect *collect, sd_event *event, const struct diagnostic *diagnostic)
{
	struct run *run = &collect->runs[collect->count++];
	AUTO_FREE char *reason = NULL;

	*run = (struct run){ .collect = collect, .diagnostic = diagnostic };
	if (child_start(event,
			&(struct child_options){ .argv = diagnostic->argv,
						 .output = on_output,
						 .ended = on_ended,
						 .user = run },
			&run->child, &reason) < 0)
		finish(run, reason);
}

struct collect *collect_start(sd_event *event, struct files *files, void (*done)(void *user),
			      void *user)
{
	struct collect *collect = memory_zero(1, sizeof(*collect));
	const struct diagnostic *table = diagnostics_table();

	*collect = (struct collect){ .files = files, .done = done, .user = user };
	if (sd_event_add_time_relative(event, &collect->limit, CLOCK_MONOTONIC, LIMIT_MICROSECONDS,
				       0, on_limit, collect) < 0 ||
	    sd_event_add_defer(event, &collect->finish, on_finish, collect) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(collect->finish, SD_EVENT_OFF);
	while (table[collect->open].file)
		collect->open++;
	collect->runs = memory_zero(collect->open, sizeof(*collect->runs));
	for (; table->file; table++)
		start(collect, event, table);
	return collect;
}

void collect_free(struct collect *collect)
{
	if (!collect)
		return;
	for (size_t i = 0; i < collect->count; i++)
		child_stop(collect->runs[i].child);
	for (size_t i = 0; i < collect->count; i++) {
		child_free(collect->runs[i].child);
		secret_free(collect->runs[i].text);
	}
	sd_event_source_disable_unref(collect->limit);
	sd_event_source_disable_unref(collect->finish);
	free(collect->runs);
	free(collect);
}
