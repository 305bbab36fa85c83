/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to p2vd: calls of its Varlink interface io.p2vd.Daemon, whose methods and types
 * src/service/interface.c describes.
 *
 * Nothing here waits: a call is made by the event loop, and so is the reply handed on. A
 * connection carries one call at a time. To watch p2vd and ask it something, open two.
 */
#ifndef P2VD_CLIENT_H
#define P2VD_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>
#include <systemd/sd-json.h>
#include <systemd/sd-varlink.h>

#define CLIENT_INTERFACE "io.p2vd.Daemon"
#define CLIENT_DIRECTORY "/run/p2vd"   /* p2vd's runtime directory, unless it is told another */
#define CLIENT_SOCKET CLIENT_INTERFACE /* the socket's name in that directory */

/* The error of a connection that is closed, for CLIENT_LOST. */
#define CLIENT_DISCONNECTED SD_VARLINK_ERROR_DISCONNECTED

/* How long p2vd may take to reply, in seconds. */
#define CLIENT_SOON 60
#define CLIENT_EVER 0 /* as long as it likes */

enum client_result {
	CLIENT_ANSWER,
	CLIENT_WRONG_WORDS,  /* the reply has messages (message.h) */
	CLIENT_BUSY,         /* something runs already */
	CLIENT_NOTHING_RUNS, /* there is nothing to cancel */
	CLIENT_LOST,         /* p2vd has closed the connection, or not replied in time */
	CLIENT_FAILED,       /* p2vd cannot do that, or it does not speak this interface */
};

struct client_reply {
	enum client_result result;
	const char *error;           /* the error's full name; NULL: CLIENT_ANSWER */
	sd_json_variant *parameters; /* an object, what the method or the error tells; or NULL */
	bool more;     /* another reply to the same call will follow */
};

/* It may make the next call, unless another reply follows, and may free the client. @reply is
 * valid until it returns. */
typedef void (*client_replied_t)(void *user, const struct client_reply *reply);

struct client;

/*
 * Connects to the socket @path. Returns 0 and the client, which the caller frees, or -errno
 * and the reason, a sentence that the caller frees: -ENOENT and -ECONNREFUSED if no p2vd
 * listens there, -EACCES if this user may not ask it.
 */
int client_open(sd_event *event, const char *path, struct client **client, char **reason);

/* Closes the connection; a reply that is under way comes no more. p2vd goes on with what it
 * does. NULL is fine. */
void client_free(struct client *client);

/*
 * Calls @method ("GetStatus") with @parameters, an object or NULL, of which it keeps a reference
 * until it is sent; if they hold a secret, mark them by sd_json_variant_sensitive(), and they
 * are wiped. @seconds: CLIENT_SOON, CLIENT_EVER or another time. client_watch() calls Watch,
 * which replies again and again. In both, the last reply to a call has more == false, and
 * there is one in any case.
 */
void client_call(struct client *client, const char *method, sd_json_variant *parameters,
		 uint64_t seconds, client_replied_t replied, void *user);
void client_watch(struct client *client, client_replied_t replied, void *user);

/* What went wrong, and what to do; not for CLIENT_ANSWER. To be called before the next call. The
 * caller frees. */
char *client_sentence(const struct client *client, const struct client_reply *reply);

#endif
