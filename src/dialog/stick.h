/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files in the top directory of FAT sticks, read by mtools(1): nothing is mounted, and the kernel
 * is told to refuse every write to a stick before it is read. A process of its own does that, since
 * a stick may be slow or dying.
 */
#ifndef P2VD_STICK_H
#define P2VD_STICK_H

#include "dialog/mirror.h"

#define STICK_FILE_MOST 32768 /* bytes of a file; of longer ones, the beginning */

struct stick;

/* Looks for the files of all sticks. When that is known, and whenever a file has been read, the
 * mirror's revision grows. @root: "" for the running system. */
struct stick *stick_new(sd_event *event, struct mirror *mirror, const char *root);
void stick_free(struct stick *stick); /* wipes what was read; NULL is fine */

/* Whether it still looks or reads. */
bool stick_is_busy(const struct stick *stick);

/* What is wrong; NULL: nothing. */
const char *stick_trouble(const struct stick *stick);

/* "/dev/sdb1 id_ed25519" for each file, a list that belongs to @stick. */
char *const *stick_files(const struct stick *stick);

/* Reads one of these. */
void stick_read(struct stick *stick, const char *file);

/* What was read, a text; NULL: nothing yet. */
const char *stick_text(const struct stick *stick);

#endif
