/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is needed to log in to the conversion server: the private key that was given or that
 * p2v.identity names, or the password; and the host keys that the server may have. Those are set by
 * p2v.hostkey or the image's known_hosts; else the key of the first login is the one.
 */
#ifndef P2VD_CREDENTIALS_H
#define P2VD_CREDENTIALS_H

#include "config/config.h"
#include "network/retry.h"
#include "ssh/ssh.h"

struct credentials;

enum credentials_failure {
	CREDENTIALS_KNOWN_HOSTS, /* the image's file cannot be read */
	CREDENTIALS_KEY,         /* it cannot be fetched in time, or is not a private key */
};

struct credentials_events {
	void (*ready)(void *user);
	void (*failed)(void *user, enum credentials_failure failure, const char *reason);
	/* As in retry.h. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* @config is kept by the caller. */
struct credentials *credentials_new(sd_event *event, const struct config *config,
				    const struct credentials_events *events);

/* Wipes the key. No callback is called any more. NULL is fine. */
void credentials_free(struct credentials *credentials);

/*
 * Reads the known hosts again and fetches the key, unless there is one from before. Tries
 * again as long as @limit allows. Calls ready() or failed(), possibly before it returns.
 */
void credentials_get(struct credentials *credentials, enum retry_limit limit);

/* How to log in, valid after ready() and as long as @credentials. */
const struct ssh_login *credentials_login(const struct credentials *credentials);

/* To be called after a login to @ssh. The first call remembers the server's host key:
 * without p2v.hostkey and known_hosts, no other one is accepted from then on. */
void credentials_pin(struct credentials *credentials, struct ssh *ssh);

#endif
