/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control connection to the conversion server: waits for a route to it, logs in,
 * and tries again until the user's deadline (p2v.network_timeout,
 * p2v.connect_timeout, p2v.reconnect_timeout). Logs and shows what it waits for as in retry.h.
 */
#ifndef P2VD_CONNECTION_H
#define P2VD_CONNECTION_H

#include "config/config.h"
#include "ssh/ssh.h"

struct connection;

struct connection_events {
	void (*found)(void *user);                       /* there is a route */
	void (*ready)(void *user, struct ssh *ssh);      /* logged in */
	void (*failed)(void *user, const char *reason);  /* the deadline passed, or refused */
	void (*lost)(void *user, const char *reason);    /* it was ready and broke */
	/* As in retry.h. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* @config is kept by the caller. */
struct connection *connection_new(sd_event *event, const struct config *config,
				  const struct connection_events *events);
void connection_free(struct connection *connection);

/* Waits for a route to the server: found() or failed(). */
void connection_find(struct connection *connection);

/* Logs in, for as long as p2v.connect_timeout says: ready() or failed(). @login is kept by the
 * caller. */
void connection_login(struct connection *connection, const struct ssh_login *login);

/* Logs in, but where a try has failed, it is the only one: failed(). For a route it waits at most
 * 15 s. */
void connection_login_once(struct connection *connection, const struct ssh_login *login);

/* Where something runs on the server already (after lost(), or of the p2vd before this one): the
 * same for as long as p2v.reconnect_timeout says. */
void connection_login_again(struct connection *connection, const struct ssh_login *login);

/* The session, or NULL while there is none. NULL is fine. */
struct ssh *connection_ssh(const struct connection *connection);

#endif
