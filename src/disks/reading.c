// SPDX-License-Identifier: GPL-2.0-or-later
/* The reading of what is on the disks. */
#include "disks/reading.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/question.h"
#include "base/text.h"
#include "disks/content.h"

#include <stdbool.h>
#include <string.h>

#define ANSWER_SECONDS 60 /* disks that have to spin up answer one after the other */
#define PATIENCE_SECONDS 5 /* until it is said which disks p2vd waits for */
#define AT_A_TIME 64 /* processes */

/* A device that is read. */
struct asked {
	struct reading *reading;
	struct device *device;
	struct question *question;
	bool answered;
};

struct reading {
	sd_event *event;
	const char *root;
	bool ask_use;
	struct asked *asked;
	size_t count, started, open; /* open: started and not answered */
	void (*done)(void *user);
	void *user;
	sd_event_source *step, *patience;
};

/* In the new process. */
static char *ask(const void *subject, size_t *length)
{
	const struct asked *asked = subject;
	const struct reading *reading = asked->reading;

	return content_pack(content_read(reading->root, asked->device, reading->ask_use), length);
}

static void on_answered(void *user, const char *bytes, size_t length, int error)
{
	struct asked *asked = user;

	if (error)
		asked->device->unread = error;
	else
		asked->device->content = content_unpack(bytes, length);
	asked->answered = true;
	asked->reading->open--;
	sd_event_source_set_enabled(asked->reading->step, SD_EVENT_ONESHOT);
}

static bool is_there(const char *root, const char *name)
{
	AUTO_FREE char *path = disk_node(root, name);

	return access(path, F_OK) == 0;
}

/* What has no node needs no process. */
static bool has_node(const char *root, const struct device *device)
{
	bool has = is_there(root, device->disk.kernel ? device->disk.kernel : device->disk.path);

	for (size_t i = 0; !has && device->partitions && device->partitions[i]; i++)
		has = is_there(root, device->partitions[i]);
	return has;
}

static void start_next(struct reading *reading)
{
	struct asked *asked = &reading->asked[reading->started++];
	int r;

	reading->open++;
	if (!has_node(reading->root, asked->device)) {
		asked->device->content = memory_zero(1, sizeof(struct content));
		asked->answered = true;
		reading->open--;
		return;
	}
	r = question_start(reading->event,
			   &(struct question_options){ ask, asked, ANSWER_SECONDS * 1000000ULL,
						       on_answered, asked },
			   &asked->question);
	if (r < 0)
		on_answered(asked, NULL, 0, -r);
}

static int on_step(sd_event_source *source, void *user)
{
	struct reading *reading = user;

	(void)source;
	while (reading->started < reading->count && reading->open < AT_A_TIME)
		start_next(reading);
	if (!reading->open) {
		sd_event_source_set_enabled(reading->patience, SD_EVENT_OFF);
		reading->done(reading->user);
	}
	return 0;
}

static int on_patience(sd_event_source *source, uint64_t now, void *user)
{
	const struct reading *reading = user;
	AUTO_LIST char **names = NULL;
	AUTO_FREE char *text = NULL;

	(void)source, (void)now;
	for (size_t i = 0; i < reading->started; i++)
		if (!reading->asked[i].answered)
			list_append(&names, text_copy(reading->asked[i].device->disk.path));
	text = list_join(names, ", ");
	log_notice("waiting for an answer of %s, for %d s at most", text, ANSWER_SECONDS);
	return 0;
}

struct reading *reading_start(sd_event *event, const char *root, const struct devices *some,
			      bool ask_use, void (*done)(void *user), void *user)
{
	struct reading *reading = memory_zero(1, sizeof(*reading));

	*reading = (struct reading){
		.event = event,
		.root = root,
		.ask_use = ask_use,
		.asked = memory_zero(some->count, sizeof(*reading->asked)),
		.count = some->count,
		.done = done,
		.user = user,
	};
	for (size_t i = 0; i < some->count; i++)
		reading->asked[i] = (struct asked){ reading, some->device[i], NULL, false };
	if (sd_event_add_defer(event, &reading->step, on_step, reading) < 0 ||
	    sd_event_add_time_relative(event, &reading->patience, CLOCK_MONOTONIC,
				       PATIENCE_SECONDS * 1000000ULL, 0, on_patience, reading) < 0)
		abort(); /* no memory */
	return reading;
}

void reading_free(struct reading *reading)
{
	if (!reading)
		return;
	for (size_t i = 0; i < reading->count; i++)
		question_free(reading->asked[i].question);
	sd_event_source_disable_unref(reading->step);
	sd_event_source_disable_unref(reading->patience);
	free(reading->asked);
	free(reading);
}

char *reading_trouble(const struct device *device)
{
	if (!device->unread)
		return NULL;
	if (device->unread != ETIMEDOUT)
		return text_format("what is on the disk '%s' cannot be read: %s", device->disk.path,
				   strerror(device->unread));
	return text_format("the disk '%s' does not answer: nothing could be read from it for %d s",
			   device->disk.path, ANSWER_SECONDS);
}
