/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watching p2vd: its messages and how far it is, on a screen as they come. */
#ifndef P2VD_WATCH_H
#define P2VD_WATCH_H

#include "client/client.h"
#include "client/screen.h"
#include "client/status.h"

struct watch;

struct watch_events {
	/* How it stands, whenever that has changed. What else came with it is on the screen. */
	void (*told)(void *user, const struct status *status);
	/* Nothing more will come; client_sentence() says why. */
	void (*lost)(void *user, const struct client *client, const struct client_reply *reply);
	void *user;
};

/*
 * Watches by a connection of its own to the socket @path. @screen, which must outlive the watch,
 * gets the messages and, as its area, the progress, or what p2vd sends as JSON, an object a
 * line. @earlier: show also the messages that p2vd said before. A callback may free the watch.
 * Returns 0 and the watch, which the caller frees, or what client_open() does.
 */
int watch_start(sd_event *event, const char *path, struct screen *screen, bool earlier,
		const struct watch_events *events, struct watch **watch, char **reason);

/* Closes the connection, and clears the screen's area. NULL is fine. */
void watch_free(struct watch *watch);

/* Shows those of @reply.messages, all warnings and errors, that were not shown before. NULL is
 * fine. */
void watch_show_rest(struct watch *watch, sd_json_variant *reply);

#endif
