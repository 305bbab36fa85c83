/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying again what may pass, with doubled pauses, as long as the user lets us
 * (p2v.network_timeout, p2v.connect_timeout). Says why it waits, each reason
 * once, and before each pause for how long it will go on.
 */
#ifndef P2VD_RETRY_H
#define P2VD_RETRY_H

#include "config/parameters.h"

#include <systemd/sd-event.h>

struct retry;

enum retry_limit {
	RETRY_NETWORK, /* p2v.network_timeout; pauses of 1 to 5 s: there is no server to spare */
	RETRY_SERVER,  /* p2v.connect_timeout; pauses of 1 to 30 s */
};

/* again() comes from the event loop, waiting() from within retry_later() and retry_rest(). */
struct retry_events {
	void (*again)(void *user); /* it is time to try, for the first time, too */
	/* For what and how long, a line for the status area; NULL: no more. */
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
 * pause; or, past the deadline, which is looked at only here, a sentence that
 * tells @reason and the parameter that sets how long to try (the caller frees).
 */
char *retry_later(struct retry *retry, const char *reason);

/* Nothing is waited for: takes the line away. Should it fail yet, retry_later()
 * goes on towards the same deadline. */
void retry_rest(struct retry *retry);

#endif
