/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How ssh(1) logs in for the tunnels: at the address that the control connection
 * reached, accepting only the host key that was seen there, with the same private
 * key or password. Neither is ever in a file, an argument or the environment.
 */
#ifndef P2VD_TUNNEL_LOGIN_H
#define P2VD_TUNNEL_LOGIN_H

#include "ssh/ssh.h"

#include <stdbool.h>

struct tunnel_login;

/* Where to. The strings are copied. */
struct tunnel_host {
	const char *address;    /* numeric */
	uint16_t port;
	const char *known_host; /* its key as a known_hosts line for TUNNEL_HOST_ALIAS */
	const char *algorithm;  /* by which the server is to prove it; NULL: any */
	bool wants_both;        /* the password, too, after the key */
};

#define TUNNEL_HOST_ALIAS "conversion-server"

/*
 * As @login says (kept by the caller, as is @directory for sockets). @aes: the CPU
 * has instructions for AES. Returns NULL with @reason when it cannot be made.
 */
struct tunnel_login *tunnel_login_to(sd_event *event, const struct tunnel_host *host,
				     const struct ssh_login *login, bool aes, const char *directory,
				     char **reason);

/* The same, to the host that the control connection @ssh is logged in to. */
struct tunnel_login *tunnel_login_new(sd_event *event, struct ssh *ssh,
				      const struct ssh_login *login, uint16_t port, bool aes,
				      const char *directory, char **reason);
void tunnel_login_free(struct tunnel_login *login);

/*
 * Tunnels ask the server to listen on "localhost": then sshd listens on its loopback addresses
 * of both families, and the word is what PermitListen of other servers names. From now on
 * they ask for "127.0.0.1". Returns false if they did so already.
 */
bool tunnel_login_by_number(struct tunnel_login *login);

/* ssh compresses what goes through tunnels from now on. */
void tunnel_login_compress(struct tunnel_login *login);

/* The server's IP address. */
const char *tunnel_login_address(const struct tunnel_login *login);

/* From where on the server to where here. */
struct tunnel_way {
	/* The path of a socket that sshd makes; NULL: a free port of its loopback interface. */
	const char *listen;
	const char *socket; /* of the export */
	/* Seconds that connecting may take; 0: 30, for a run that has had no tunnel yet. If such a
	 * one is refused, the server's settings forbid it; later, its relay may have ended. */
	unsigned connect;
	bool again; /* it is made again: it counts as lost after 12 s of silence, not 2 minutes */
};

/* ssh(1)'s arguments, its own name first, for a tunnel. NULL-terminated; the caller frees. The
 * files that they name last as long as @login. */
char **tunnel_login_arguments(const struct tunnel_login *login, const struct tunnel_way *way);

/* What to add to ssh's environment, "NAME=value", NULL-terminated; or NULL. */
char *const *tunnel_login_environment(const struct tunnel_login *login);

#endif
