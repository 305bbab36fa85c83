/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virt-v2v's log on its way to the console. It is shown line by line, and its end is
 * kept, because the reason of a failure is there.
 */
#ifndef P2VD_V2V_LOG_H
#define P2VD_V2V_LOG_H

#include "server/v2v_step.h"

#include <stddef.h>
#include <stdint.h>

struct v2v_log;

struct v2v_log *v2v_log_new(void);
void v2v_log_free(struct v2v_log *log);

/* The next bytes of the log. Each whole line is shown as a message, and after it a warning
 * where it needs one (v2v_root.h). */
void v2v_log_feed(struct v2v_log *log, const char *data, size_t length);

/* The next @bytes of it were shown before, by another p2vd, and are not shown again. */
void v2v_log_skip(struct v2v_log *log, uint64_t bytes);

/* The log has ended: shows its last line, if that had no newline. */
void v2v_log_end(struct v2v_log *log);

/* The end of the log, at most 64 KiB. Belongs to @log. */
const char *v2v_log_text(const struct v2v_log *log);

/* The step that virt-v2v is at. Belongs to @log. */
const struct v2v_step *v2v_log_step(const struct v2v_log *log);

#endif
