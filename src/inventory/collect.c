// SPDX-License-Identifier: GPL-2.0-or-later
/* Collects files that describe the physical machine, for the work directory. */
#include "inventory/collect.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/secret_words.h"

#include <string.h>

#define LIMIT_MICROSECONDS 20000000ULL /* lsusb can hang on a broken device */
#define OUTPUT_MOST (4U << 20)

/* The files have the names of their commands, which users of virt-p2v know. */
static const char *const commands[][3] = {
	{ "dmesg" }, { "lscpu" }, { "lspci", "-vvv" }, { "lsscsi", "-v" }, { "lsusb", "-v" },
};

struct run {
	struct collect *collect;
	const char *name; /* of the command and of the file */
	struct child *child;
	char *text;
	size_t length;
	bool finished;
};

struct collect {
	struct files *files;
	struct run runs[COUNT(commands)];
	size_t open;
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
	AUTO_FREE char *line = remark ? text_format("p2vd: %s\n", remark) : text_copy("");
	char *redacted;

	add_text(run, line, strlen(line));
	redacted = secret_words_redact(run->text);
	files_put(collect->files, run->name, redacted, strlen(redacted));
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
	for (size_t i = 0; i < COUNT(commands); i++)
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

static void start(struct run *run, sd_event *event, const char *const *argv)
{
	AUTO_FREE char *reason = NULL;

	if (child_start(event,
			&(struct child_options){
				.argv = argv, .output = on_output, .ended = on_ended, .user = run },
			&run->child, &reason) < 0)
		finish(run, reason);
}

struct collect *collect_start(sd_event *event, struct files *files, void (*done)(void *user),
			      void *user)
{
	struct collect *collect = memory_zero(1, sizeof(*collect));

	*collect = (struct collect){ .files = files, .done = done, .user = user };
	if (sd_event_add_time_relative(event, &collect->limit, CLOCK_MONOTONIC, LIMIT_MICROSECONDS,
				       0, on_limit, collect) < 0 ||
	    sd_event_add_defer(event, &collect->finish, on_finish, collect) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(collect->finish, SD_EVENT_OFF);
	collect->open = COUNT(commands);
	for (size_t i = 0; i < COUNT(commands); i++) {
		collect->runs[i] = (struct run){ .collect = collect, .name = commands[i][0] };
		start(&collect->runs[i], event, commands[i]);
	}
	return collect;
}

void collect_free(struct collect *collect)
{
	if (!collect)
		return;
	for (size_t i = 0; i < COUNT(commands); i++) {
		child_free(collect->runs[i].child);
		secret_free(collect->runs[i].text);
	}
	sd_event_source_disable_unref(collect->limit);
	sd_event_source_disable_unref(collect->finish);
	free(collect);
}
