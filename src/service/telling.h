/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session tells p2v.report, and when. Nobody is told of a test. */
#ifndef P2VD_TELLING_H
#define P2VD_TELLING_H

#include "service/session.h"

struct telling;

/* @data: what there is to tell of @session. @told: after telling_end(), where that says so. */
struct telling *telling_new(sd_event *event,
			    sd_json_variant *(*data)(const struct session *session),
			    void (*told)(void *session), struct session *session);
void telling_free(struct telling *telling);

/* A conversion begins, whose receivers are in @config. */
void telling_begin(struct telling *telling, const struct config *config);

void telling_state(struct telling *telling, enum conversion_state state, const char *name);

/* The conversion, or the configuration before it, has ended. @reason: why it failed, or NULL.
 * Returns whether that is being told: then told() is called later, from the event loop. */
bool telling_end(struct telling *telling, const struct config *config, const char *reason);

/* Whether told() will be called. */
bool telling_busy(const struct telling *telling);

/* Waits for no receiver any longer, and is ready for the next conversion: told() is not called. */
void telling_stop(struct telling *telling);

#endif
