/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All connections to a disk's export on the machine. */
#ifndef P2VD_RELAY_LINKS_H
#define P2VD_RELAY_LINKS_H

#include "relay/link.h"

/* Links of one disk: 16 through tunnels (tunnels.c), and as many through newer tunnels while those
 * are silent. */
#define LINKS_MAX 32

/* Zeros at first. */
struct links {
	struct link *list[LINKS_MAX];
	size_t count;
	uint64_t received; /* by those that are gone */
};

/* Belongs to @links from now on. Only with fewer than LINKS_MAX. */
void links_add(struct links *links, struct link *link);

/* Removes it and frees it. The last one has its place then. */
void links_remove(struct links *links, struct link *link);
void links_end(struct links *links);

/* Whether there is one, silent or not. */
bool links_are_there(const struct links *links);

/* How many answer: those that have been silent for long do not count. */
unsigned links_up(const struct links *links);

/* One that has been silent for long while another one answers, or NULL. */
struct link *links_silent(const struct links *links);

/* One that was silent when a newer one came up (link.h), or NULL. */
struct link *links_overtaken(const struct links *links);

/* The one with room that has the least to do, or NULL. */
struct link *links_best(const struct links *links);

/* Bytes that came through all. */
uint64_t links_received(const struct links *links);

#endif
