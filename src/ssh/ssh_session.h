/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of an SSH session, shared by its parts: ssh_session.c (what all of them
 * need), ssh_login.c (from the first byte to the login), ssh_command.c (its commands)
 * and ssh.c (connecting, events). Only these include this header.
 *
 * Each stage has a function. It returns 0 if the session can go on at once, with the
 * stage that the function has set; LIBSSH2_ERROR_EAGAIN if it has to wait; or another
 * error after ssh_fail(). A libssh2 call that would block must be repeated before any
 * other call that sends, so there is one operation at a time.
 */
#ifndef P2VD_SSH_SESSION_H
#define P2VD_SSH_SESSION_H

#include "ssh/ssh.h"
#include "ssh/ssh_ending.h"
#include "ssh/ssh_greeting.h"

#include <libssh2.h>
#include <stdbool.h>

#define SSH_HELLO_MOST (16U << 10) /* bytes: the algorithms that a server offers are in them */
#define SSH_LOGIN_SECONDS 60 /* key exchange and authentication */
#define SSH_STEP_SECONDS 60  /* for requests that the server answers at once */
#define SSH_KEEPALIVE_SECONDS 15
#define SSH_SILENCE_SECONDS 45 /* three keepalives without an answer: the link is gone */

enum ssh_stage {
	STAGE_ADDRESS, /* try the next address */
	STAGE_TCP,
	STAGE_HANDSHAKE,
	STAGE_METHODS,
	STAGE_LOGIN,
	STAGE_IDLE,
	STAGE_OPEN,
	STAGE_PAUSE, /* the server has refused to open a channel */
	STAGE_EXEC,
	STAGE_WRITE,
	STAGE_EOF,
	STAGE_READ,
	STAGE_CLOSE,
	STAGE_FREE,
	STAGE_DEAD,
};

enum ssh_method { LOGIN_KEY, LOGIN_PASSWORD, LOGIN_INTERACTIVE };

struct ssh_operation {
	struct ssh_operation *next;
	struct ssh_command command;
	char *input;                /* length line, script, data */
	size_t length, sent;
	struct ssh_greeting greetings[2]; /* of the login shell, on standard output and error */
	struct ssh_ending endings[2];     /* of the script, on both */
};

struct ssh {
	sd_event *event;
	struct ssh_login login;
	struct ssh_events events;
	const struct addrinfo *address;
	char *numeric;
	char *last_error; /* of the address that was tried last */
	char *farewell;   /* why the server ended the session, in its words; or NULL */
	char *hello;      /* the first bytes from the server, until the handshake is over */
	size_t hello_length;
	int fd;
	size_t budget; /* bytes that may still be received before other events */
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	enum ssh_stage stage;
	enum ssh_method method;
	char *refusal;      /* of the method, while the server is asked which others it offers */
	bool password_expired;
	bool second_factor; /* the password, after the key */
	struct ssh_operation *queue;
	bool opened;       /* a channel, at any time */
	unsigned homeless; /* how often in sequence ssh_look() has missed our address */
	unsigned refusals; /* of the channel that is to be opened */
	bool beat_due;         /* a beat is to be sent, or half sent, */
	const char *beat_rest; /* and this of it is not sent yet; NULL: all of it */
	sd_event_source *io, *timeout, *keepalive, *resume, *beat, *pause;
};

/* Ends the session and calls failed(). Frees @reason. */
void ssh_fail(struct ssh *ssh, enum ssh_failure failure, char *reason);

/* The same for a connection that broke while it was @doing something. Returns
 * a libssh2 error. */
int ssh_lost(struct ssh *ssh, const char *doing);

/* Gives up the current address: the next stage tries the next one. Returns 0. */
int ssh_address_failed(struct ssh *ssh, const char *why);

/* Closes the connection at once and frees libssh2's session. */
void ssh_close_socket(struct ssh *ssh);

/* Sets the time limit for what the session does now; 0: none. */
void ssh_set_timeout(struct ssh *ssh, unsigned seconds);

/* Creates libssh2's session for the connected socket. */
void ssh_start_session(struct ssh *ssh);

/* Whether the connection was closed by the other side or broke. */
bool ssh_closed(const struct ssh *ssh);

/* Makes the session go on, from the event loop. */
void ssh_resume(struct ssh *ssh);

/* libssh2's last error, valid until the next call of libssh2. */
const char *ssh_error(struct ssh *ssh);

/* The stages of the login. */
int ssh_stage_tcp(struct ssh *ssh);
int ssh_stage_handshake(struct ssh *ssh);
int ssh_stage_methods(struct ssh *ssh);
int ssh_stage_login(struct ssh *ssh);

/* The stages of an operation. */
int ssh_stage_idle(struct ssh *ssh);
int ssh_stage_open(struct ssh *ssh);
int ssh_stage_pause(struct ssh *ssh);
int ssh_stage_exec(struct ssh *ssh);
int ssh_stage_write(struct ssh *ssh);
int ssh_stage_eof(struct ssh *ssh);
int ssh_stage_read(struct ssh *ssh);
int ssh_stage_close(struct ssh *ssh);
int ssh_stage_free(struct ssh *ssh);

/* What a login shell has said so far in place of running the command; NULL if the command
 * runs. The caller frees. */
char *ssh_command_greeting(const struct ssh *ssh);

/* Frees all operations that have not ended, and calls dropped(). */
void ssh_drop_operations(struct ssh *ssh);

#endif
