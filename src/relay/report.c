// SPDX-License-Identifier: GPL-2.0-or-later
/* How far it is, for p2vd. */
#include "relay/report.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW REPORT_FILE ".new"

static void add(struct report *report, const char *line)
{
	size_t length = strlen(line);

	report->text = memory_resize(report->text, report->length + length + 1, 1);
	memcpy(report->text + report->length, line, length + 1);
	report->length += length;
}

void report_disk(struct report *report, size_t index, uint64_t used, uint64_t fetched)
{
	AUTO_FREE char *line = text_format("disk %zu %" PRIu64 " %" PRIu64 "\n", index, used,
					   fetched);

	add(report, line);
}

/* In one piece, so that nobody reads a half of it. */
static bool replace(const struct report *report, int directory)
{
	AUTO_CLOSE int fd = openat(directory, NEW,
				   O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && write(fd, report->text, report->length) == (ssize_t)report->length &&
	    !renameat(directory, NEW, directory, REPORT_FILE))
		return true;
	/* Where all is full, not even a name without content may stay. */
	if (fd >= 0)
		unlinkat(directory, NEW, 0);
	return false;
}

void report_write(struct report *report, int directory, bool complete)
{
	add(report, complete ? "complete\n" : "incomplete\n");
	if (!(report->written && !strcmp(report->text, report->written)) &&
	    replace(report, directory)) {
		free(report->written);
		report->written = report->text;
	} else {
		free(report->text);
	}
	report->text = NULL;
	report->length = 0;
}

void report_end(struct report *report)
{
	free(report->text);
	free(report->written);
}
