/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching the file of p2v.config, and reading it: waits for the network, puts the
 * machine's own values into the URL, and fetches the file. Tries again until the user's
 * deadlines (p2v.network_timeout, p2v.connect_timeout). The command line overrides the
 * file.
 */
#ifndef P2VD_CONFIGURE_H
#define P2VD_CONFIGURE_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct configure;

/*
 * Called once, at the end. Either @config is complete: the receiver copies the struct
 * and calls config_clear() for the copy. Or it is NULL, because the file is wrong or
 * cannot be fetched; then @reason tells why, and @code is p2vd's exit code.
 */
typedef void (*configure_done_t)(void *user, const struct config *config, int code,
				 const char *reason);

/* As in retry.h. */
typedef void (*configure_waiting_t)(void *user, const char *line);

/* @config: the configuration from the image and @cmdline, with a p2v.config. It must live
 * until the end; @cmdline is copied. @done and @waiting are called from the event loop. */
struct configure *configure_start(sd_event *event, const struct config *config, const char *cmdline,
				  configure_done_t done, configure_waiting_t waiting, void *user);

/* Frees it. If it has not ended, it is stopped, and @done is not called. Must not be
 * called in @done. NULL is fine. */
void configure_free(struct configure *configure);

#endif
