/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk's tunnel: `ssh -N -R` from a port on the conversion server's loopback
 * to the export's socket here.
 *
 * OpenSSH and not libssh2 carries the bulk: it costs a fifth of the CPU time
 * per byte. It goes to the very address that the control connection reached
 * and accepts only the host key seen there.
 */
#ifndef P2VD_TUNNEL_H
#define P2VD_TUNNEL_H

#include "transfer/tunnel_login.h"

#include <stdint.h>
#include <systemd/sd-event.h>

struct tunnel;

struct tunnel_events {
	void (*up)(void *user, struct tunnel *tunnel, uint16_t port);
	/* Not come up, or broken; only tunnel_free() is left to do. */
	void (*failed)(void *user, struct tunnel *tunnel, const char *reason);
	void *user;
};

/* @login is kept by the caller. @socket: the export's; @name: the disk's, for
 * messages. Returns 0 and the
 * tunnel, or -errno with @reason. */
int tunnel_start(sd_event *event, const struct tunnel_login *login, const char *socket,
		 const char *name, const struct tunnel_events *events, struct tunnel **tunnel,
		 char **reason);

/* Ends ssh. NULL is fine. */
void tunnel_free(struct tunnel *tunnel);

/* The port in ssh's "Allocated port N for remote forward to …", 0 if @line is
 * another message. */
uint16_t tunnel_allocated_port(const char *line);

#endif
