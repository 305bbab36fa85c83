/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks a disk of its health (smart.h) by a process of its own, for a limited time. */
#ifndef P2VD_SMART_QUESTION_H
#define P2VD_SMART_QUESTION_H

#include "disks/disk.h"

#include <systemd/sd-event.h>

struct smart_question;

/* Calls done() from the event loop, once: with smart_text(), or NULL if there is nothing to be
 * told; the text is valid in the call. Takes up to 15 s. @disk must live as long. done() must not
 * free it. */
struct smart_question *smart_question_start(sd_event *event, const struct disk *disk,
					    void (*done)(void *user, const char *text), void *user);

/* No callback comes any more. NULL is fine. */
void smart_question_free(struct smart_question *question);

#endif
