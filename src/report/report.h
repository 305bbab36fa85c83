/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reports of p2v.report: what changes is kept until each receiver knows it.
 *
 * A document is a CloudEvent 1.0 in JSON (structured mode), see REPORTS in p2vd(8).
 */
#ifndef P2VD_REPORT_H
#define P2VD_REPORT_H

#include "config/config.h"

#include <systemd/sd-event.h>
#include <systemd/sd-json.h>

struct report;

struct report_events {
	/* What there is to tell now, an object; the report unrefs it. */
	sd_json_variant *(*data)(void *user);
	/* After report_finish(), once. */
	void (*finished)(void *user);
	/* Whether it goes on by itself, so that how far it is is worth telling in between. */
	bool (*moves)(void *user);
	void *user;
};

/* For the receivers of @config; NULL: there are none. NULL is fine for the next two functions. */
struct report *report_new(sd_event *event, const struct config *config,
			  const struct report_events *events);
void report_free(struct report *report);

/* The state @name is entered. @reason: why, where it is a failure; or NULL. */
void report_change(struct report *report, const char *name, const char *reason);

/* Tells all receivers the last that there is. finished() is called when they know it, or after
 * @seconds. */
#define REPORT_LAST_SECONDS 10
void report_finish(struct report *report, unsigned seconds);

#endif
