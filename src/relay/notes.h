/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes in the work directory: lines of the log, and numbers that p2vd puts there. */
#ifndef P2VD_RELAY_NOTES_H
#define P2VD_RELAY_NOTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/* Adds a line with the time to the log @fd. */
void notes_say(int fd, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* What the file @name in @directory says, or false if it is not there. */
bool notes_number(int directory, const char *name, uint64_t *number);

#endif
