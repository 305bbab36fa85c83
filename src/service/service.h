/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's Varlink service: io.p2vd.Daemon (interface.h) on a UNIX socket that only
 * root, or p2vd's own user, can connect to.
 *
 * A client that does not read what it is sent is dropped, and delays nobody.
 */
#ifndef P2VD_SERVICE_H
#define P2VD_SERVICE_H

#include "service/session.h"

#define SERVICE_SOCKET "io.p2vd.Daemon" /* in p2vd's directory of sockets */

struct service;

/* Listens in @directory for clients of @session, which must live as long. @live: see disks.h.
 * Returns NULL and the reason (the caller frees) if that is not possible. */
struct service *service_new(sd_event *event, struct session *session, const char *directory,
			    bool live, char **reason);
void service_free(struct service *service);

/* Sends a message to the clients that watch. A log_sink_t; @user is the service. */
void service_message(void *user, int priority, const char *line);

#endif
