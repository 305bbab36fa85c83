/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of a libssh2 session, shared by its parts: ssh_session.c (what all of
 * them need), ssh_hostkey.c, ssh_login.c (from the first byte to the login),
 * ssh_command.c (what runs on it) and ssh.c (the event loop's side, connecting).
 * Nobody else includes this.
 *
 * One function per stage; it returns 0 when the session can go on at once, in
 * the stage that it has set, and LIBSSH2_ERROR_EAGAIN (or any other error,
 * after fail()) when it cannot. libssh2 wants a call that would block repeated
 * before any other is made that sends, hence one operation at a time.
 */
#ifndef P2VD_SSH_SESSION_H
#define P2VD_SSH_SESSION_H

#include "ssh/ssh.h"
#include "ssh/ssh_greeting.h"

#include <libssh2.h>
#include <stdbool.h>

#define SSH_LOGIN_SECONDS 60 /* key exchange and authentication */
#define SSH_STEP_SECONDS 60  /* what the server has to answer at once, whatever the command */
#define SSH_KEEPALIVE_SECONDS 15
#define SSH_SILENCE_SECONDS 45 /* three keepalives without an answer: the link is gone */

enum ssh_stage {
	STAGE_ADDRESS, /* the next one is to be tried */
	STAGE_TCP,
	STAGE_HANDSHAKE,
	STAGE_METHODS,
	STAGE_LOGIN,
	STAGE_IDLE,
	STAGE_OPEN,
	STAGE_EXEC,
	STAGE_WRITE,
	STAGE_EOF,
	STAGE_READ,
	STAGE_CLOSE,
	STAGE_FREE,
	STAGE_LISTEN,
	STAGE_UNLISTEN,
	STAGE_DEAD,
};

struct ssh_operation {
	struct ssh_operation *next;
	struct ssh_command command; /* for a command */
	char *input;                /* length line, script, data */
	size_t length, sent;
	struct ssh_greeting output, error; /* what the login shell says first */
	void (*forward_done)(void *user, const char *refusal); /* for ssh_try_forward() */
	void *user;
};

struct ssh {
	sd_event *event;
	struct ssh_login login;
	struct ssh_events events;
	const struct addrinfo *address;
	char *numeric;
	char *last_error; /* of the addresses tried so far */
	char *farewell;   /* the server's words when it ended the session, or NULL */
	int fd;
	size_t budget; /* bytes that may still be received in this turn */
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	LIBSSH2_LISTENER *listener;
	enum ssh_stage stage;
	enum { LOGIN_NONE, LOGIN_KEY, LOGIN_PASSWORD, LOGIN_INTERACTIVE } method;
	struct ssh_operation *queue;
	int status;
	sd_event_source *io, *timeout, *keepalive, *resume;
};

/* Says that the session is dead. Takes @reason over. */
void ssh_fail(struct ssh *ssh, enum ssh_failure failure, char *reason);

/* The same for a connection that broke while it was @doing something. Returns
 * a libssh2 error. */
int ssh_lost(struct ssh *ssh, const char *doing);

/* This address does not answer as it should: the next stage tries another. Returns 0. */
int ssh_address_failed(struct ssh *ssh, const char *why);

/* Closes the connection at once, and the session with it. */
void ssh_close_socket(struct ssh *ssh);

/* Gives the session @seconds; 0 takes the limit away. */
void ssh_set_timeout(struct ssh *ssh, unsigned seconds);

/* A session for the connected socket. */
void ssh_start_session(struct ssh *ssh);

/* Whether the connection was closed by the other side or broke. */
bool ssh_closed(const struct ssh *ssh);

/* Goes on from the event loop. */
void ssh_resume(struct ssh *ssh);

/* libssh2's last error. Its own until the next call. */
const char *ssh_error(struct ssh *ssh);

/* The stages of the login. */
int ssh_stage_tcp(struct ssh *ssh);
int ssh_stage_handshake(struct ssh *ssh);
int ssh_stage_methods(struct ssh *ssh);
int ssh_stage_login(struct ssh *ssh);

/* The stages of an operation. */
int ssh_stage_idle(struct ssh *ssh);
int ssh_stage_open(struct ssh *ssh);
int ssh_stage_exec(struct ssh *ssh);
int ssh_stage_write(struct ssh *ssh);
int ssh_stage_eof(struct ssh *ssh);
int ssh_stage_read(struct ssh *ssh);
int ssh_stage_close(struct ssh *ssh);
int ssh_stage_free(struct ssh *ssh);
int ssh_stage_listen(struct ssh *ssh);
int ssh_stage_unlisten(struct ssh *ssh);

/* Frees all operations that have not come to their end. */
void ssh_drop_operations(struct ssh *ssh);

/* Before the handshake: asks for host keys of the types that are known. */
void ssh_prefer_host_keys(struct ssh *ssh);

/* After it: says the server's host key's fingerprint. Returns 0, or a libssh2
 * error after failing when it is not a key that the server may have. */
int ssh_check_host_key(struct ssh *ssh);

#endif
