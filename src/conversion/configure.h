/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way from p2v.config to a whole configuration: waits for the network,
 * puts the machine's own values into the URL, fetches the file (again, with
 * growing pauses, as long as p2v.network_timeout and p2v.connect_timeout let
 * us), reads it and puts the command line's words behind its own.
 */
#ifndef P2VD_CONFIGURE_H
#define P2VD_CONFIGURE_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct configure;

/*
 * The one call at the end. Either @config is whole and the receiver's to take
 * (a copy of the struct; config_clear() in the end), or it is NULL and @reason
 * tells why, with @code p2vd's exit code: the file is wrong, or cannot be had.
 */
typedef void (*configure_done_t)(void *user, const struct config *config, int code,
				 const char *reason);

/* For what and how long it waits, a line for the status area; NULL: no more. */
typedef void (*configure_waiting_t)(void *user, const char *line);

/* @config is what @cmdline says, with a p2v.config; the caller keeps it until
 * the end, @cmdline is copied. @done and @waiting come from the event loop. */
struct configure *configure_start(sd_event *event, const struct config *config, const char *cmdline,
				  configure_done_t done, configure_waiting_t waiting, void *user);

/* Ends it, if it has not ended, without a call; frees. NULL is fine. Not from
 * within the call. */
void configure_free(struct configure *configure);

#endif
