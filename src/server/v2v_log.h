/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virt-v2v's log on its way to the console: shown line by line, its end kept,
 * because that is where the reason of a failure stands.
 */
#ifndef P2VD_V2V_LOG_H
#define P2VD_V2V_LOG_H

#include <stddef.h>

struct v2v_log;

struct v2v_log *v2v_log_new(void);
void v2v_log_free(struct v2v_log *log);

/* The next bytes: each whole line is said as a message. */
void v2v_log_feed(struct v2v_log *log, const char *data, size_t length);

/* The log is at its end: says what stands there without a newline. */
void v2v_log_end(struct v2v_log *log);

/* The end of the log as text, at most 64 KiB. */
const char *v2v_log_text(const struct v2v_log *log);

/* Says the last dozen lines once more. */
void v2v_log_say_tail(const struct v2v_log *log);

#endif
