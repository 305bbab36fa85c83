/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it takes to log in to the conversion server: the private key that p2v.identity
 * names, or the password; and the host keys that the server may have, by p2v.hostkey or
 * the image's known_hosts, else the one that it had at the first login.
 */
#ifndef P2VD_CREDENTIALS_H
#define P2VD_CREDENTIALS_H

#include "config/config.h"
#include "ssh/ssh.h"

struct credentials;

enum credentials_failure {
	CREDENTIALS_KNOWN_HOSTS, /* the image's file cannot be read */
	CREDENTIALS_KEY,         /* cannot be fetched in time, or is none */
};

struct credentials_events {
	void (*ready)(void *user);
	void (*failed)(void *user, enum credentials_failure failure, const char *reason);
	/* For what and how long it waits, a line for the status area; NULL: it no longer waits. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* @config is kept by the caller. */
struct credentials *credentials_new(sd_event *event, const struct config *config,
				    const struct credentials_events *events);

/* Wipes the key. No event comes any more. NULL is fine. */
void credentials_free(struct credentials *credentials);

/*
 * Reads the known hosts anew, and fetches the key unless it is there, again and again as
 * long as p2v.connect_timeout allows. ready() or failed(), perhaps from within.
 */
void credentials_get(struct credentials *credentials);

/* Once ready: how to log in; lives as long as @credentials. */
const struct ssh_login *credentials_login(const struct credentials *credentials);

/* After the first login to @ssh: without p2v.hostkey and known_hosts no other host key
 * will do from now on. Later calls change nothing. */
void credentials_pin(struct credentials *credentials, struct ssh *ssh);

#endif
