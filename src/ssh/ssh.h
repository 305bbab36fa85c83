/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An SSH session by libssh2 that never blocks the event loop.
 *
 * Commands run one after the other, in the order in which they were given. Each is a
 * script for sh. The command line sent to the server is always the same, and script and
 * input follow on its standard input. So the server's process list shows neither, and
 * the user may have any login shell.
 *
 * Callbacks may queue commands; they must not free the session.
 */
#ifndef P2VD_SSH_H
#define P2VD_SSH_H

#include "ssh/known_hosts.h"

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct ssh;

enum ssh_failure {
	SSH_UNREACHABLE, /* no connection: try again later */
	SSH_REFUSED,     /* by the server or by us: to try again would not help */
	SSH_LOST,        /* the connection was ready and broke */
};

struct ssh_login {
	const char *user;
	const char *password; /* or NULL; with a key it is given only if the server wants both */
	const char *key;      /* a private key in PEM or OpenSSH format, or NULL */
	size_t key_length;
	struct known_hosts known; /* which host keys are accepted; zeroed: any */
};

struct ssh_events {
	void (*ready)(void *user);
	/* The session is dead. done() of unfinished commands is not called. */
	void (*failed)(void *user, enum ssh_failure failure, const char *reason);
	void *user;
};

struct ssh_command {
	const char *script;
	const void *input; /* what the script reads from its stdin */
	size_t input_length;
	unsigned timeout; /* seconds until the session counts as lost; 0: none */
	/* Seconds; the script's input stays open, and gets @beat_line that often, the first
	 * at once. So the script knows that we are there. Such a command ends by itself hardly
	 * ever: it is stopped when another is queued. 0: its input ends with @input. */
	unsigned beat;
	const char *beat_line; /* with its newline; a literal; NULL: an empty line */
	/* Standard output and, with @error, standard error, as they come. */
	void (*output)(void *user, bool error, const char *data, size_t length);
	/* @status: the script's, 0-255; -1 if it did not come to its end, or not to us. */
	void (*done)(void *user, int status);
	/* Called instead of done() if the session is freed before; may be NULL. */
	void (*dropped)(void *user);
	void *user;
};

/* @login's strings must live as long as the session. */
struct ssh *ssh_new(sd_event *event, const struct ssh_login *login,
		    const struct ssh_events *events);

/* Closes the connection at once and frees the session. NULL is fine. */
void ssh_free(struct ssh *ssh);

/* Tries each of @addresses in turn; they must live until ready() or failed(). Callbacks are
 * called from the event loop, never from within this function. */
void ssh_connect(struct ssh *ssh, const struct addrinfo *addresses);

/* Queues a command; script and input are copied. Only after ready(). */
void ssh_run(struct ssh *ssh, const struct ssh_command *command);

/* Closes the channel of the running command, if all of its input was sent. Its done()
 * is called with status -1 or the real one. */
void ssh_stop_command(struct ssh *ssh);

/* The command that runs gets @line, a literal, at once and as its beat_line from now on. Does
 * nothing where none runs that has beats. */
void ssh_change_beat(struct ssh *ssh, const char *line);

/* Whether the server wanted the password, too, after the key. */
bool ssh_gave_both(const struct ssh *ssh);

/* The address in use as a number, "192.0.2.7" or "fe80::1%eth0". */
const char *ssh_address(const struct ssh *ssh);

/* Microseconds from a message to its answer, the shortest that there was; 0: unknown. @ssh may be
 * NULL. */
uint64_t ssh_delay(const struct ssh *ssh);

/* To be called about once a second: ends a session, as a link that is lost does, whose address this
 * machine does not have any more. Such a session would only be silent. */
void ssh_look(struct ssh *ssh);

/* The host key's fingerprint, "SHA256:…" as ssh-keygen -l shows it. The caller frees. */
char *ssh_fingerprint(struct ssh *ssh);

/* The algorithm by which the server has proved that key, "rsa-sha2-512". The caller frees. */
char *ssh_host_key_algorithm(struct ssh *ssh);

/* The server's host key as a known_hosts line for the host name @alias
 * (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). The caller frees. */
char *ssh_known_host(struct ssh *ssh, const char *alias);

#endif
