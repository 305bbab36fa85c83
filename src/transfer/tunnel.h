/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk's tunnel: `ssh -N -R` from a socket in WORKDIR/tunnels on the conversion server, or
 * from a port of its loopback interface, to the export's socket here.
 *
 * The disks' data goes through OpenSSH and not through libssh2, which needs five
 * times as much CPU time per byte.
 */
#ifndef P2VD_TUNNEL_H
#define P2VD_TUNNEL_H

#include "transfer/tunnel_login.h"

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct tunnel;

struct tunnel_events {
	/* The server listens, on @port if that was asked for, else 0. At most once. */
	void (*up)(void *user, uint16_t port);
	/* It did not come up, or it broke. The last callback, in which it may be freed. */
	void (*failed)(void *user, const char *reason);
	void *user;
};

/* @login is kept by the caller: ssh reads its files later. @disk: its name, for messages; NULL:
 * it is a test. Returns 0 and the tunnel, or -errno with @reason. */
int tunnel_start(sd_event *event, const struct tunnel_login *login, const struct tunnel_way *way,
		 const char *disk, const struct tunnel_events *events, struct tunnel **tunnel,
		 char **reason);

/* Whether up() was called. */
bool tunnel_was_up(const struct tunnel *tunnel);

/* To be called about once a second: a tunnel breaks whose address this machine does not have any
 * more. It would only be silent. */
void tunnel_look(struct tunnel *tunnel);

/* After failed(): whether the server has let ssh in, but does not forward. */
bool tunnel_was_refused(const struct tunnel *tunnel);

/* After failed() of one that never was up: whether another one may come up, because ssh was let in
 * or was ended by a signal, and the server has refused nothing. */
bool tunnel_was_lost(const struct tunnel *tunnel);

/* Ends ssh. Not in up(). NULL is fine. */
void tunnel_free(struct tunnel *tunnel);

/* The port in ssh's "Allocated port N for remote forward to …", 0 if @line is
 * another message. */
uint16_t tunnel_allocated_port(const char *line);

/* Whether @line is ssh's "remote forward success for: listen …", which it prints at the log
 * level DEBUG1. */
bool tunnel_has_socket(const char *line);

#endif
