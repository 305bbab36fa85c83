/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages: to the console and to the journal.
 *
 * LOG_NOTICE and above are for people and also appear on the console; LOG_INFO
 * and LOG_DEBUG go to the journal only (with p2v.debug to the console, too). A
 * message is in lower case, without a full stop, and one unsplit string. It
 * quotes its subject and says what to do next, where we know it.
 *
 * What a message quotes may come from a server, a tool or a disk. So in every
 * message a registered secret (secret.h) is replaced by ***, and a byte that a
 * terminal would obey or cannot show is replaced by ?.
 */
#ifndef P2VD_LOG_H
#define P2VD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/* Gets the messages for the console, without a newline. Without a sink they go to
 * standard error. */
typedef void (*log_sink_t)(void *user, int priority, const char *line);

void log_set_sink(log_sink_t sink, void *user);
void log_set_debug(bool debug);

/* Until log_capture(NULL, NULL), messages for people go to @sink alone: for a judgement that
 * somebody has asked for. */
void log_capture(log_sink_t sink, void *user);

/* @priority is one of syslog(3)'s. Does not change errno. */
void log_message(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A copy of @text with the replacements that a message gets. The caller frees. */
char *log_clean(const char *text);

#define log_error(...) log_message(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_message(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_message(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_message(LOG_DEBUG, __VA_ARGS__)

#endif
