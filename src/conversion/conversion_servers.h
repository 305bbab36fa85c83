/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The servers that p2v.server names: conversion_servers.c keeps, conversion_choose.c asks them. */
#ifndef P2VD_CONVERSION_SERVERS_H
#define P2VD_CONVERSION_SERVERS_H

#include "conversion/conversion_states.h"

struct candidate {
	struct conversion *conversion;
	char *text; /* as p2v.server has it */
	struct server_view view;
	struct credentials *credentials; /* NULL until it is asked */
	struct scout *scout; /* NULL: it is not asked now */
	bool able; /* it can serve this machine, as was found once */
	bool unfit; /* not to be asked again */
	char *queue_of; /* see server.h; NULL: it has not answered yet */
	char *why; /* what was said of it last; or NULL */
};

struct choosing {
	struct candidate *candidates;
	size_t count;
	size_t first; /* of equals: of many machines that start together, not all shall go to one */
	size_t chosen; /* the one that is used */
	size_t connected; /* the one that the connection is for */
	bool settled; /* one was chosen */
	bool decided; /* for the next connection */
	size_t slot; /* the one that has a slot for us, while we leave another's queue */
	bool was_free; /* a slot of the chosen one was free */
	unsigned minutes; /* since the others were asked last */
	bool looking; /* at the others, while it waits */
	uint64_t begun; /* since when no server could serve it, CLOCK_BOOTTIME; 0: one could */
	sd_event_source *timer; /* of conversion_choose.c; NULL before that */
};

/* The one that is used. */
struct candidate *servers_chosen(const struct conversion *conversion);

/* From now on that one is used. */
void servers_use(struct conversion *conversion, size_t index);

/* Nobody is asked any more. */
void servers_ask_no_more(struct conversion *conversion);

#endif
