/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching the file of p2v.config: waits for the network, puts the machine's own values
 * into the URL, and fetches the file. Tries again until the user's deadlines
 * (p2v.network_timeout, p2v.connect_timeout).
 */
#ifndef P2VD_CONFIGURE_H
#define P2VD_CONFIGURE_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct configure;

/*
 * Called once, at the end. Either @words are those of the file, which are freed after the
 * call. Or they are NULL, because the file cannot be fetched or is not such a list; then
 * @reason tells why, and @code is p2vd's exit code.
 */
typedef void (*configure_done_t)(void *user, const struct cmdline *words, int code,
				 const char *reason);

/* As in retry.h. */
typedef void (*configure_waiting_t)(void *user, const char *line);

/* @config: the configuration without the file, with a p2v.config. It must live until the
 * end. @done and @waiting are called from the event loop. */
struct configure *configure_start(sd_event *event, const struct config *config,
				  configure_done_t done, configure_waiting_t waiting, void *user);

/* Frees it. If it has not ended, it is stopped, and @done is not called. Must not be
 * called in @done. NULL is fine. */
void configure_free(struct configure *configure);

#endif
