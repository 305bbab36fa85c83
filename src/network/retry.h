/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying again what has failed for a temporary reason. Each pause is twice as long as the
 * one before. The user sets the deadline (p2v.network_timeout, p2v.connect_timeout). Logs
 * each new reason, and shows the time left in the status area.
 */
#ifndef P2VD_RETRY_H
#define P2VD_RETRY_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct retry;

enum retry_limit {
	RETRY_NETWORK, /* p2v.network_timeout; pauses of 1 to 5 s, short as no server is asked */
	RETRY_SERVER,  /* p2v.connect_timeout; pauses of 1 to 30 s */
	RETRY_LINK, /* p2v.reconnect_timeout; pauses of 1 to 3 s, after 10 minutes up to 30 s */
	RETRY_BRIEFLY, /* 15 s, with pauses of 1 to 8 s: for what the guest can do without */
};

struct retry_events {
	/* It is time for a try, also for the first one. Called from the event loop. */
	void (*again)(void *user);
	void *user;
	/* @line, for the status area, says for what and how long it waits; NULL: it no longer
	 * waits. Called from within retry_later() and retry_rest(). */
	void (*waiting)(void *user, const char *line);
	void *waiting_user;
};

/* @what names in messages what is waited for ("server 'example.com'"). @config must live
 * as long as the result. Nothing happens before retry_begin(). */
struct retry *retry_new(sd_event *event, const struct config *config, const char *what,
			const struct retry_events *events);
void retry_free(struct retry *retry);

/* Starts, or starts over, with the deadline of @limit. again() is called at once. */
void retry_begin(struct retry *retry, enum retry_limit limit);

/*
 * To be called when a try has failed because of @reason. Returns NULL, and again() is
 * called after a pause. After the deadline it returns a sentence with @reason and the
 * parameter that sets how long to try (the caller frees). A try is not stopped at the
 * deadline.
 */
char *retry_later(struct retry *retry, const char *reason);

/* To be called when a try succeeds so far: clears the status line. If it fails later,
 * retry_later() goes on with the same deadline. */
void retry_rest(struct retry *retry);

#endif
