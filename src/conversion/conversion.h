/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion: the states from looking at the hardware to the finished guest.
 *
 * Every change of state goes through the event loop, so that no part is freed while its
 * callback runs.
 */
#ifndef P2VD_CONVERSION_H
#define P2VD_CONVERSION_H

#include "config/config.h"
#include "console/console.h"

#include <systemd/sd-event.h>

/* p2vd's exit codes: p2vd(8), EXIT STATUS. */
enum {
	EXIT_DONE = 0,
	EXIT_CONVERSION = 1,
	EXIT_CONFIGURATION = 2,
	EXIT_SERVER = 3,
	EXIT_INTERNAL = 4,
};

enum conversion_state {
	STATE_INVENTORY,  /* running p2v.pre; reading what the machine is */
	STATE_NETWORK,    /* waiting for a route to the server */
	STATE_CONNECTING, /* key, control connection, login */
	STATE_TESTING,    /* can the server convert this machine? */
	STATE_EXPORTING,  /* starting a qemu-nbd per disk */
	STATE_TUNNELLING, /* starting an ssh -R per disk */
	STATE_PREPARING,  /* making the work directory; starting virt-v2v */
	STATE_CONVERTING, /* virt-v2v runs */
	STATE_FINISHING,  /* ending what runs on the server */
	STATE_DONE,
	STATE_FAILED,
};

struct conversion;

struct conversion_events {
	void (*state)(void *user, enum conversion_state state, const char *name);
	/* The last call. @code: EXIT_…; @reason: why it failed, or NULL. */
	void (*ended)(void *user, int code, const char *reason);
	/* As in retry.h. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* Begins with the first state, from the event loop. @directory is for sockets, and no other
 * p2vd uses it. @live: the machine's own system runs, not the image, so its disks may be in
 * use. The arguments must live as long as the conversion. */
struct conversion *conversion_start(sd_event *event, const struct config *config, bool live,
				    struct console *console, const char *directory,
				    const struct conversion_events *events);
void conversion_free(struct conversion *conversion);

/* Ends it as failed, and ends all that runs for it. ended() is called later. */
void conversion_cancel(struct conversion *conversion, const char *reason);

#endif
