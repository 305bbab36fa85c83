/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What p2vd is and says, kept here and always that of the last answer; and what a person has
 * entered and p2vd has not taken yet. If p2vd goes away, the mirror looks for it every second.
 */
#ifndef P2VD_MIRROR_H
#define P2VD_MIRROR_H

#include "client/status.h"
#include "dialog/drafts.h"

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>
#include <systemd/sd-json.h>

#define MIRROR_MESSAGES 1000 /* lines that are kept */

enum mirror_test {
	MIRROR_UNTESTED, /* or what was tested has been changed since */
	MIRROR_TESTING,  /* by us */
	MIRROR_PASSED,
	MIRROR_FAILED,
};

struct mirror {
	sd_event *event;
	char *path;         /* of p2vd's socket */
	uint64_t revision;  /* grows with each change of what follows */
	bool connected;
	char *trouble;      /* why not, or what p2vd has refused to begin; NULL: nothing */

	struct status status;
	char **messages;    /* a list of lines, the newest last */
	uint64_t told;      /* how many have come from this p2vd, also those not kept */
	uint64_t begun;     /* how many had come when it began what it does, or did last */
	sd_json_variant *parameters; /* the answer of GetParameters; NULL: not known yet */
	sd_json_variant *inventory;  /* what would be converted; likewise */
	sd_json_variant *everything; /* what could be chosen; likewise */
	bool late; /* udev has not dealt with all devices yet: more may come */

	enum mirror_test test;
	bool outdated;              /* untested, since what was tested has been changed */
	char *reason;               /* why the test has failed */
	char **test_messages;       /* warnings and errors of the last test, a list */
	sd_json_variant *server;    /* what the server has answered; NULL: nothing */

	struct drafts drafts;

	/* Of mirror.c alone. */
	struct client *watch;
	struct errand *errands;
	sd_event_source *again;
	bool detailed;     /* the inventory is wanted, too */
	bool looks, stale; /* the inventory is asked for, and its answer will be too old */
	char *chosen; /* the parameters that the inventory depends on */
};

/* @path: p2vd's socket. What is asked is answered by the event loop. */
struct mirror *mirror_new(sd_event *event, const char *path);
void mirror_free(struct mirror *mirror);

/* The parameter with this long name, and its value ("***" if secret); NULL: none.
 * (mirror_values.c) */
sd_json_variant *mirror_parameter(const struct mirror *mirror, const char *name);
const char *mirror_value(const struct mirror *mirror, const char *name);

/* What was entered and not taken yet, else the value. */
const char *mirror_entered(const struct mirror *mirror, const char *name);

/* NULL: nothing was entered, or it was taken without a word. */
const struct draft *mirror_draft(const struct mirror *mirror, const char *name);

/* Sets one parameter. @text NULL: takes back what was set. The answer is in its draft. */
void mirror_set(struct mirror *mirror, const char *name, const char *text);

/* Keeps @text as the parameter's draft, and sends nothing: mirror_refuse() since the terminal has
 * sent something else than UTF-8, mirror_keep() since the person has not completed it. */
void mirror_refuse(struct mirror *mirror, const char *name, const char *text);
void mirror_keep(struct mirror *mirror, const char *name, const char *text);

/* Whether something is set or read that others wait for. */
bool mirror_sends(const struct mirror *mirror);

/* Looks at the hardware, and from then on whenever it may be another. */
void mirror_look(struct mirror *mirror);

void mirror_test(struct mirror *mirror);
void mirror_start(struct mirror *mirror);
void mirror_cancel(struct mirror *mirror);

/* Ends the countdown, if there is one. */
void mirror_hold(struct mirror *mirror);

#endif
