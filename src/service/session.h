/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What p2vd does, from its start to its end: as the kernel command line says, and then as
 * its clients say. One test or conversion at a time.
 */
#ifndef P2VD_SESSION_H
#define P2VD_SESSION_H

#include "config/config.h"
#include "conversion/conversion.h"

#include <systemd/sd-event.h>
#include <systemd/sd-json.h>

enum activity {
	ACTIVITY_WAITING, /* for a client */
	ACTIVITY_CONFIGURING,
	ACTIVITY_TESTING,
	ACTIVITY_CONVERTING,
	ACTIVITY_ENDING, /* the end is reported; p2v.done, p2v.post or p2v.fail runs */
	ACTIVITY_ENDED,
	ACTIVITY_LEAVING, /* the machine is powered off */
};

/* How the last test or conversion ended, or the configuration before it. */
struct session_result {
	bool test;
	bool inventory; /* the machine was only looked through */
	int code;     /* EXIT_… */
	char *reason; /* why it failed, as shown to people; NULL: it did not */
	char *guest;  /* where the guest lies; NULL: there is none */
};

struct session;

/* What it points to must live as long as the session. */
struct session_setup {
	const char *cmdline;
	bool appliance; /* p2vd runs as the image's daemon */
	bool serve;     /* wait for clients, and stay after the end */
	const char *directory; /* for sockets; no other p2vd uses it */
	/* Where p2vd itself shows how far it is: @lines are for below its messages, valid in the
	 * call only; NULL: none. */
	void (*progress)(void *user, char *const *lines);
	void *user;
	/* What p2v.report tells (report_json.h). */
	sd_json_variant *(*report)(const struct session *session);
};

struct session_events {
	/* What session_activity() or session_status() says is another. */
	void (*changed)(void *user);
	/* As in conversion.h. */
	void (*tested)(void *user, const struct server *server, const char *address,
		       const char *hostkey);
	/* A test or conversion has ended, or the configuration before it has failed. */
	void (*ended)(void *user, const struct session_result *result);
	void *user;
};

/* @config: of command line and image; the session takes the copy. */
struct session *session_new(sd_event *event, const struct session_setup *setup,
			    const struct config *config);
void session_free(struct session *session);

/* To be called once at most: from then on @events are told. */
void session_listen(struct session *session, const struct session_events *events);

/* Begins as the command line says, once. @trouble: why nothing can be begun, and with which
 * @code p2vd ends; NULL for none. */
void session_begin(struct session *session, int code, const char *trouble);

/* To be called when a signal wants p2vd to end. */
void session_leave(struct session *session);

/*
 * Sets parameters for the next test or conversion: @words override all others; one without a
 * value takes back what was set. Returns 0, -EINVAL after an error message (then nothing was
 * changed), or -EBUSY. p2v.bandwidth holds for the conversion that runs, too.
 */
int session_set(struct session *session, const struct cmdline *words);

/* Begins a test or a conversion. Returns 0, -EINVAL after an error message, or -EBUSY. */
int session_start(struct session *session, bool test);

/* Ends what runs as failed; ended() is called later. Returns 0, or -ENOENT: nothing runs. */
int session_cancel(struct session *session);

/* Ends the countdown of p2v.countdown, if there is one: nothing begins by itself any more. */
void session_hold(struct session *session);

/* Whether there is something to cancel. */
bool session_runs(const struct session *session);

enum activity session_activity(const struct session *session);
const struct config *session_config(const struct session *session);

/* Makes a configuration of its own from the same words. The caller clears it. */
void session_copy_config(const struct session *session, struct config *config);

/* The test or conversion that runs or was the last; NULL: none yet. */
struct conversion *session_conversion(const struct session *session);

/* What is waited for; NULL: nothing. */
const char *session_waiting(const struct session *session);

/* The parameters that clients have set since a test or conversion began last, by their long names;
 * a list. NULL: none. */
char *const *session_set_since(const struct session *session);

/* NULL: nothing has ended yet. */
const struct session_result *session_result(const struct session *session);

#endif
