/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person chooses out of a list: disks, drives, cards. Its value is that of a
 * parameter such as p2v.disks: names with commas between them.
 */
#ifndef P2VD_SELECTION_H
#define P2VD_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-json.h>

struct selection_item {
	char *name;
	sd_json_variant *facts; /* what the inventory tells of it; NULL: nothing */
	bool chosen;
};

/* Zeroed to begin with. */
struct selection {
	struct selection_item *item;
	size_t count;
};

/* Adds a thing that can be chosen; the caller keeps its own reference to @facts. */
void selection_add(struct selection *selection, const char *name, sd_json_variant *facts);

/*
 * Chooses what @value says, in that order. NULL: all that were added. A name that was not
 * added is so, without facts; a path under /dev counts as the name in it.
 */
void selection_choose(struct selection *selection, const char *value);

/* The value that says what is chosen, by all names, for the default may be another by then. "": none.
 * The caller frees. */
char *selection_value(const struct selection *selection);

void selection_clear(struct selection *selection);

#endif
