/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying again, with doubled pauses, what has failed for a reason that is temporary, as
 * long as the user allows (p2v.network_timeout, p2v.connect_timeout). Says why it waits,
 * each reason once, and before each pause for how long it will go on.
 */
#ifndef P2VD_RETRY_H
#define P2VD_RETRY_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct retry;

enum retry_limit {
	RETRY_NETWORK, /* p2v.network_timeout; pauses of 1 to 5 s: there is no server to spare */
	RETRY_SERVER,  /* p2v.connect_timeout; pauses of 1 to 30 s */
	RETRY_BRIEFLY, /* 15 s, with pauses of 1 to 8 s: for what the guest does not depend on */
};

struct retry_events {
	/* It is time to try, for the first time, too. Comes from the event loop. */
	void (*again)(void *user);
	/* For what and how long it waits, a line for the status area; NULL: it no longer
	 * waits. Comes from within retry_later() and retry_rest(). */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* @what is waited for ("server 'example.com'") and is copied, @config is kept by
 * the caller. Nothing happens before retry_begin(). */
struct retry *retry_new(sd_event *event, const struct config *config, const char *what,
			const struct retry_events *events);
void retry_free(struct retry *retry);

/* From now on @limit counts: again() comes at once, pauses and reasons begin anew. */
void retry_begin(struct retry *retry, enum retry_limit limit);

/*
 * A try has failed because of @reason. Returns NULL, and again() comes after a
 * pause; or, past the deadline, a sentence that tells @reason and the parameter that
 * sets how long to try (the caller frees). Nothing else looks at the deadline.
 */
char *retry_later(struct retry *retry, const char *reason);

/* It no longer waits: takes the line away. If the try fails after all, retry_later()
 * goes on towards the same deadline. */
void retry_rest(struct retry *retry);

#endif
