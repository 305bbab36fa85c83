/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with disks that were there at the start. All are asked at the same time,
 * by processes of their own (question.h): one may not answer any more.
 */
#ifndef P2VD_DISK_TROUBLE_H
#define P2VD_DISK_TROUBLE_H

#include "disks/disk.h"

#include <stddef.h>
#include <systemd/sd-event.h>

struct disk_trouble;

/*
 * Calls done() from the event loop, once: with a sentence on the first disk of which something
 * bad is known, or with NULL if all can be read to their ends and have the size that they had.
 * That takes up to 30 s where a disk does not answer. @disk: @count disks, which must live as
 * long as this. done() must not free it.
 */
struct disk_trouble *disk_trouble_start(sd_event *event, const struct disk *disk, size_t count,
					void (*done)(void *user, const char *trouble), void *user);

/* No callback comes any more. NULL is fine. */
void disk_trouble_free(struct disk_trouble *trouble);

#endif
