/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of several servers is asked what it offers, over a connection of its own. The test of it is
 * that of every server (probe.sh), but for the tunnel, and it takes no place in the queue.
 */
#ifndef P2VD_SCOUT_H
#define P2VD_SCOUT_H

#include "conversion/choice.h"
#include "server/queue.h"
#include "server/server.h"
#include "ssh/ssh.h"

struct scout;

struct scout_setup {
	const struct config *config; /* for this server; is kept */
	struct queue_call call;      /* is copied */
	uint64_t bytes; /* of all disks; 0: what it can do is known, only its queue counts */
};

struct scout_events {
	/* It has logged in. */
	void (*logged_in)(void *user, struct ssh *ssh);
	/* The server's answer, of which @offer is made. NULL: there was none. Both are called from
	 * the event loop; the scout may be freed in the second one only. */
	void (*answered)(void *user, const struct server *server);
	void (*done)(void *user, const struct offer *offer);
	void *user;
};

struct scout *scout_new(sd_event *event, const struct scout_setup *setup,
			const struct scout_events *events);

/* Closes its connection. No callback is called any more. NULL is fine. */
void scout_free(struct scout *scout);

/* @login: of credentials.h; is kept. */
void scout_log_in(struct scout *scout, const struct ssh_login *login);

/* There is nothing to log in with, for @reason. */
void scout_give_up(struct scout *scout, const char *reason);

/* NULL until done(). */
const struct offer *scout_offer(const struct scout *scout);

/* After done(): takes a slot there, if one is free and nobody waits. done() of this call tells. */
void scout_take(struct scout *scout, void (*done)(void *user, bool taken), void *user);

/* After done(): gives up what this machine has in the queue there; then done(), also where that has
 * failed. */
void scout_leave(struct scout *scout, void (*done)(void *user), void *user);

#endif
