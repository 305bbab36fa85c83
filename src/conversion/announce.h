/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells the URL of p2v.done that this machine has been converted. A few tries,
 * bounded in time; that it fails is worth a warning and nothing more, for the
 * guest is there.
 */
#ifndef P2VD_ANNOUNCE_H
#define P2VD_ANNOUNCE_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct announce;

/* Begins to call the URL of p2v.done in @config, which the caller keeps. @done comes once,
 * from the event loop, when it was heard or given up; the announcement may be freed in
 * it. */
struct announce *announce_start(sd_event *event, const struct config *config,
				void (*done)(void *user), void *user);

/* Ends it, if it has not ended, without a call; frees. NULL is fine. */
void announce_free(struct announce *announce);

#endif
