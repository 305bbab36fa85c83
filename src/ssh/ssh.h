/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control connection: a libssh2 session that never blocks the event loop.
 *
 * Commands run one after the other, in the order given. Each is a script for
 * sh: what is sent to the server as the command is always the same line, and
 * script and input follow on its standard input. So neither stands in the
 * server's process list, and what the user's login shell is does not matter.
 *
 * Callbacks may queue commands; they must not free the session.
 */
#ifndef P2VD_SSH_H
#define P2VD_SSH_H

#include "ssh/known_hosts.h"

#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct ssh;

enum ssh_failure {
	SSH_UNREACHABLE, /* no connection: worth trying again */
	SSH_REFUSED,     /* the server said no: trying again would not help */
	SSH_LOST,        /* the connection was up and broke */
};

struct ssh_login {
	const char *user;
	const char *password; /* or NULL */
	const char *key;      /* a private key, PEM or OpenSSH; wins over the password; or NULL */
	size_t key_length;
	struct known_hosts known; /* which host keys will do; zeroed: any */
};

struct ssh_events {
	void (*ready)(void *user);
	/* The session is dead. Commands under way are not called back. */
	void (*failed)(void *user, enum ssh_failure failure, const char *reason);
	void *user;
};

struct ssh_command {
	const char *script;
	const void *input; /* what the script reads from its stdin */
	size_t input_length;
	unsigned timeout; /* seconds until the session counts as lost; 0: none */
	/* Standard output and error as they come; NULL where nobody asks. */
	void (*output)(void *user, const char *data, size_t length);
	void (*error)(void *user, const char *data, size_t length);
	/* @status: 0-255, or -1 when a signal ended it or the server did not say. */
	void (*done)(void *user, int status);
	/* Instead of done() when the session is freed first; may be NULL. */
	void (*dropped)(void *user);
	void *user;
};

/* @login's strings must live as long as the session. */
struct ssh *ssh_new(sd_event *event, const struct ssh_login *login,
		    const struct ssh_events *events);

/* Frees the session, the connection closed at once. NULL is fine. */
void ssh_free(struct ssh *ssh);

/* Tries each of @addresses in turn (kept by the caller until ready or failed). Callbacks
 * come from the event loop, never from within this function. */
void ssh_connect(struct ssh *ssh, const struct addrinfo *addresses);

/* Queues a command; script and input are copied. Only after ready. */
void ssh_run(struct ssh *ssh, const struct ssh_command *command);

/* Queues the question whether the server lets us listen on its loopback.
 * @done gets NULL when it does, else what it said. */
void ssh_try_forward(struct ssh *ssh, void (*done)(void *user, const char *refusal), void *user);

/* Closes the channel of the command that is running, if it is past its input;
 * its done() comes with status -1 or the real one. */
void ssh_stop_command(struct ssh *ssh);

/* The address in use, numeric, as in "192.0.2.7" or "fe80::1%eth0". */
const char *ssh_address(const struct ssh *ssh);

/* The host key's fingerprint, "SHA256:…" as ssh-keygen -l shows it. The caller frees. */
char *ssh_fingerprint(struct ssh *ssh);

/* The server's host key as a known_hosts line for the host name @alias
 * (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). The caller frees. */
char *ssh_known_host(struct ssh *ssh, const char *alias);

#endif
