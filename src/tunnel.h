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

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

/* How to log in; kept by the caller as long as its tunnels. */
struct tunnel_login {
	const char *address; /* numeric */
	uint16_t port;
	const char *user;
	const char *known_hosts; /* a file that names the server TUNNEL_HOST_ALIAS */
	const char *identity;    /* a private key's file, or NULL */
	char *const *environment; /* askpass_environment(), or NULL */
	bool aes;                /* the CPU encrypts AES itself */
};

#define TUNNEL_HOST_ALIAS "conversion-server"

struct tunnel;

struct tunnel_events {
	void (*up)(void *user, struct tunnel *tunnel, uint16_t port);
	/* Not come up, or broken; only tunnel_free() is left to do. */
	void (*failed)(void *user, struct tunnel *tunnel, const char *reason);
	void *user;
};

/* @socket: the export's; @name: the disk's, for messages. Returns 0 and the
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
