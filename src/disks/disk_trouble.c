// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong with disks that were there at the start. */
#include "disks/disk_trouble.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/question.h"
#include "base/text.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define ANSWER_SECONDS 30 /* a disk that has stopped needs time to spin up */

struct answer {
	enum { READS, GONE, ENDS_EARLY } kind;
	int error; /* an errno, 0 for no data */
	int64_t end;
};

/* A disk that is asked. */
struct asked {
	struct disk_trouble *all;
	const struct disk *disk;
	struct question *question;
};

struct disk_trouble {
	struct asked *asked;
	size_t count, open; /* how many were asked, and have not answered */
	char *found;
	void (*done)(void *user, const char *trouble);
	void *user;
	sd_event_source *finish;
};

static struct answer look(const struct disk *disk)
{
	AUTO_CLOSE int fd = open(disk->path, O_RDONLY | O_CLOEXEC);
	struct answer answer = { .kind = GONE, .error = errno };
	char byte;

	if (fd < 0)
		return answer;
	answer = (struct answer){ .kind = READS, .end = lseek(fd, 0, SEEK_END) };
	if (answer.end != (int64_t)disk->size || !disk->size)
		return answer;
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	errno = 0;
	if (pread(fd, &byte, 1, answer.end - 1) != 1)
		answer = (struct answer){ .kind = ENDS_EARLY, .error = errno, .end = answer.end };
	return answer;
}

/* In the new process. */
static char *ask(const void *subject, size_t *length)
{
	struct answer *answer = memory_zero(1, sizeof(*answer));

	*answer = look(subject);
	*length = sizeof(*answer);
	return (char *)answer;
}

static char *explain(const struct disk *disk, const struct answer *answer)
{
	const char *why = answer->error ? strerror(answer->error) : "no data";

	if (answer->kind == GONE)
		return text_format("the disk '%s' is gone: %s", disk->path, why);
	if (answer->end != (int64_t)disk->size)
		return text_format("the disk '%s' has %" PRId64
				   " bytes now, at the start it had %" PRIu64
				   ": it was pulled or changed",
				   disk->path, answer->end, disk->size);
	if (answer->kind == ENDS_EARLY)
		return text_format("the disk '%s' cannot be read to its end: %s", disk->path, why);
	return NULL;
}

/* Takes @trouble over, NULL for none. */
static void conclude(struct disk_trouble *all, char *trouble)
{
	all->open--;
	if (all->found)
		free(trouble);
	else
		all->found = trouble;
	if (all->found || !all->open)
		sd_event_source_set_enabled(all->finish, SD_EVENT_ONESHOT);
}

static void on_answered(void *user, const char *bytes, size_t length, int error)
{
	struct asked *asked = user;
	const char *path = asked->disk->path;
	struct answer answer;

	if (error == ETIMEDOUT) {
		conclude(asked->all,
			 text_format("the disk '%s' does not answer: nothing could be read for %d s",
				     path, ANSWER_SECONDS));
	} else if (error) {
		conclude(asked->all,
			 text_format("the disk '%s' cannot be checked: %s", path, strerror(error)));
	} else {
		assert(length == sizeof(answer));
		memcpy(&answer, bytes, sizeof(answer));
		conclude(asked->all, explain(asked->disk, &answer));
	}
}

static int on_finish(sd_event_source *source, void *user)
{
	struct disk_trouble *all = user;

	(void)source;
	/* The others' answers do not count any more. */
	for (size_t i = 0; i < all->count; i++)
		question_free(steal(all->asked[i].question));
	all->done(all->user, all->found);
	return 0;
}

struct disk_trouble *disk_trouble_start(sd_event *event, const struct disk *disk, size_t count,
					void (*done)(void *user, const char *trouble), void *user)
{
	struct disk_trouble *all = memory_zero(1, sizeof(*all));

	*all = (struct disk_trouble){
		.asked = memory_zero(count, sizeof(*all->asked)),
		.count = count,
		.open = count,
		.done = done,
		.user = user,
	};
	if (sd_event_add_defer(event, &all->finish, on_finish, all) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(all->finish, count ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
	for (size_t i = 0; i < count; i++) {
		struct asked *asked = &all->asked[i];
		int r;

		*asked = (struct asked){ .all = all, .disk = &disk[i] };
		r = question_start(event,
				   &(struct question_options){ ask, &disk[i],
							       ANSWER_SECONDS * 1000000ULL,
							       on_answered, asked },
				   &asked->question);
		if (r < 0)
			on_answered(asked, NULL, 0, -r);
	}
	return all;
}

void disk_trouble_free(struct disk_trouble *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->count; i++)
		question_free(all->asked[i].question);
	sd_event_source_disable_unref(all->finish);
	free(all->asked);
	free(all->found);
	free(all);
}
