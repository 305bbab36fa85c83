/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clients that watch what p2vd does (the method Watch). What happens in one turn of the event
 * loop is sent in one answer.
 */
#ifndef P2VD_WATCHERS_H
#define P2VD_WATCHERS_H

#include "service/session.h"

#include <systemd/sd-varlink.h>

struct watchers;

/* @session must live as long. */
struct watchers *watchers_new(sd_event *event, const struct session *session);
void watchers_free(struct watchers *watchers);

/* Sends the first answer. Returns what the method is to return. */
int watchers_add(struct watchers *watchers, sd_varlink *link);

/* To be called when a client has gone, which may be none of them. */
void watchers_remove(struct watchers *watchers, sd_varlink *link);

/* Sends a Message, and keeps it for those that come later. Unrefs @message. */
void watchers_message(struct watchers *watchers, sd_json_variant *message);

/* Sends the session's status: it has changed. */
void watchers_status(struct watchers *watchers);

#endif
