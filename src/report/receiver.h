/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One receiver of reports, a URL of p2v.report: one document at a time is under way to it.
 *
 * One that is down, slow or says nonsense holds nothing up: it is asked again after a pause, which
 * grows. What it has missed meanwhile is in the next document.
 */
#ifndef P2VD_RECEIVER_H
#define P2VD_RECEIVER_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct receiver;

struct receiver_events {
	/* The document as it is now, for one that knows of the first @told changes. *@holds: of how
	 * many it will then know. The caller frees the result. */
	char *(*document)(void *user, uint64_t told, uint64_t *holds);
	/* After receiver_finish(): nothing is left to be sent, or it cannot be. */
	void (*finished)(void *user);
	void *user;
};

/* @url: as the user wrote it. @token: secret, or NULL. Both are copied. */
struct receiver *receiver_new(sd_event *event, const char *url, const char *token,
			      const struct receiver_events *events);

/* What is under way is stopped. NULL is fine. */
void receiver_free(struct receiver *receiver);

/* There is something to tell: now, or as soon as what is under way has come to its end. */
void receiver_tell(struct receiver *receiver);

/* Likewise, for the last time, and without the rest of a pause: finished() is called once, from
 * the event loop. */
void receiver_finish(struct receiver *receiver);

/* Says that the last document has not arrived, if that is so. */
void receiver_give_up(struct receiver *receiver);

#endif
