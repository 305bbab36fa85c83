// SPDX-License-Identifier: GPL-2.0-or-later
/* virt-v2v's log on its way to the console. */
#include "server/v2v_log.h"

#include "base/cleanup.h"
#include "base/lines.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/v2v_root.h"

#include <stdlib.h>
#include <string.h>

#define KEPT (64U << 10) /* bytes; there is space for twice as many, to move them seldom */

struct v2v_log {
	struct lines lines;
	struct v2v_step step;
	char text[2 * KEPT + 1];
	size_t length;
	uint64_t shown; /* of what comes, so many bytes were shown before */
	bool quiet;
};

struct v2v_log *v2v_log_new(void)
{
	return memory_zero(1, sizeof(struct v2v_log));
}

void v2v_log_free(struct v2v_log *log)
{
	free(log);
}

static void keep(struct v2v_log *log, const char *line)
{
	size_t length = strlen(line);

	if (log->length + length + 1 > 2 * KEPT) {
		memmove(log->text, log->text + log->length - KEPT, KEPT);
		log->length = KEPT;
	}
	memcpy(log->text + log->length, line, length);
	log->text[log->length + length] = '\n';
	log->length += length + 1;
	log->text[log->length] = '\0';
}

static void on_line(void *user, const char *line)
{
	struct v2v_log *log = user;
	AUTO_FREE char *warning = v2v_root_warning(line);

	keep(log, line);
	v2v_step_read(&log->step, line);
	if (log->quiet)
		return;
	log_notice("virt-v2v: %s", line);
	if (warning)
		log_warning("%s", warning);
}

void v2v_log_feed(struct v2v_log *log, const char *data, size_t length)
{
	size_t shown = length < log->shown ? length : (size_t)log->shown;

	log->shown -= shown;
	log->quiet = true;
	lines_feed(&log->lines, data, shown, on_line, log);
	log->quiet = false;
	lines_feed(&log->lines, data + shown, length - shown, on_line, log);
}

void v2v_log_skip(struct v2v_log *log, uint64_t bytes)
{
	log->shown = bytes;
}

void v2v_log_end(struct v2v_log *log)
{
	lines_end(&log->lines, on_line, log);
}

const char *v2v_log_text(const struct v2v_log *log)
{
	return log->length > KEPT ? log->text + log->length - KEPT : log->text;
}

const struct v2v_step *v2v_log_step(const struct v2v_log *log)
{
	return &log->step;
}
