/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls the URL of p2v.done to report that this machine has been converted. Tries a few
 * times (RETRY_BRIEFLY). A failure is only a warning, because the guest is ready.
 */
#ifndef P2VD_ANNOUNCE_H
#define P2VD_ANNOUNCE_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct announce;

/* Begins to call the URL of p2v.done in @config, which must live as long as the result.
 * @done is called once, from the event loop, after success or failure. It may free the
 * announcement. */
struct announce *announce_start(sd_event *event, const struct config *config,
				void (*done)(void *user), void *user);

/* Frees it. If it has not ended, it is stopped, and @done is not called. NULL is fine. */
void announce_free(struct announce *announce);

#endif
