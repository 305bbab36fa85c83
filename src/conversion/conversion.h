/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion: the states from looking at the hardware to the finished guest.
 *
 * Every transition goes through the event loop, so a part's callback never
 * sees that part freed under it.
 */
#ifndef P2VD_CONVERSION_H
#define P2VD_CONVERSION_H

#include "config/config.h"
#include "console/console.h"

#include <systemd/sd-event.h>

enum conversion_state {
	STATE_INVENTORY,  /* what the machine is; p2v.pre */
	STATE_NETWORK,    /* waiting for a route to the server */
	STATE_CONNECTING, /* key, control connection, login */
	STATE_TESTING,    /* will this server do? */
	STATE_EXPORTING,  /* a qemu-nbd per disk */
	STATE_TUNNELLING, /* an ssh -R per disk */
	STATE_PREPARING,  /* the work directory; virt-v2v started */
	STATE_CONVERTING, /* virt-v2v at work */
	STATE_FINISHING,  /* everything taken down again */
	STATE_DONE,
	STATE_FAILED,
};

struct conversion;

struct conversion_events {
	void (*state)(void *user, enum conversion_state state, const char *name);
	/* The last call. @code: see exit_code.h; @reason: why it failed, or NULL. */
	void (*ended)(void *user, int code, const char *reason);
	/* For what and how long it waits, a line for the status area; NULL: it no longer waits. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* @config, @console and @directory (ours alone, for sockets) are kept by the
 * caller. */
struct conversion *conversion_new(sd_event *event, const struct config *config,
				  struct console *console, const char *directory,
				  const struct conversion_events *events);
void conversion_free(struct conversion *conversion);

void conversion_start(struct conversion *conversion);

/* Ends it as failed, everything taken down; ended() comes later. */
void conversion_cancel(struct conversion *conversion, const char *reason);

#endif
