// SPDX-License-Identifier: GPL-2.0-or-later
/* Asks a disk of its health by another process. */
#include "disks/smart_question.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/question.h"
#include "disks/smart.h"

#include <assert.h>
#include <string.h>

#define ANSWER_SECONDS 15

struct smart_question {
	struct question *question;
	sd_event_source *finish;
	struct smart smart;
	void (*done)(void *user, const char *text);
	void *user;
};

/* In the new process. */
static char *ask(const void *subject, size_t *length)
{
	const struct disk *disk = subject;
	struct smart *smart = memory_zero(1, sizeof(*smart));

	*smart = smart_ask(disk->path);
	*length = sizeof(*smart);
	return (char *)smart;
}

static void on_answered(void *user, const char *bytes, size_t length, int error)
{
	struct smart_question *question = user;

	if (!error) {
		assert(length == sizeof(question->smart));
		memcpy(&question->smart, bytes, sizeof(question->smart));
	}
	sd_event_source_set_enabled(question->finish, SD_EVENT_ONESHOT);
}

static int on_finish(sd_event_source *source, void *user)
{
	struct smart_question *question = user;
	AUTO_FREE char *text = smart_text(&question->smart);

	(void)source;
	question->done(question->user, text);
	return 0;
}

struct smart_question *smart_question_start(sd_event *event, const struct disk *disk,
					    void (*done)(void *user, const char *text), void *user)
{
	struct smart_question *question = memory_zero(1, sizeof(*question));
	struct question_options options = { ask, disk, ANSWER_SECONDS * 1000000ULL, on_answered,
					    question };

	*question = (struct smart_question){ .done = done, .user = user };
	if (sd_event_add_defer(event, &question->finish, on_finish, question) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(question->finish, SD_EVENT_OFF);
	if (question_start(event, &options, &question->question) < 0)
		sd_event_source_set_enabled(question->finish, SD_EVENT_ONESHOT);
	return question;
}

void smart_question_free(struct smart_question *question)
{
	if (!question)
		return;
	question_free(question->question);
	sd_event_source_disable_unref(question->finish);
	free(question);
}
