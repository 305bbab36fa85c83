/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A screen on which a person chooses out of lists by the space bar (Disks, Cards), or writes the
 * same into the part's fields below.
 */
#ifndef P2VD_CHOOSING_H
#define P2VD_CHOOSING_H

#include "dialog/dialog.h"
#include "dialog/part.h"
#include "dialog/selection.h"

/* A list: the parameter that says what is chosen, what there is, and how an item looks. */
struct choosing_kind {
	const char *name;
	void (*find)(struct selection *selection, const struct mirror *mirror);
	char *(*line)(const struct selection_item *item);
};

struct choosing_setup {
	enum part part;
	enum screen self;
	const char *keys;
	const struct choosing_kind *kinds; /* up to a NULL name, two at most */
	char *(*details)(const struct selection_item *item);
	char **(*warnings)(const struct mirror *mirror); /* a list */
	const char *more_button; /* for all that does not fit into the details, by F6; NULL: none */
	char **(*more)(const struct mirror *mirror); /* a list */
};

enum screen choosing_screen(struct dialog *dialog, const struct choosing_setup *setup);

/* The element of @inventory.@kind with this name, which belongs to @inventory; NULL: none. */
sd_json_variant *choosing_facts(sd_json_variant *inventory, const char *kind, const char *name);

/* Its vendor and model, as far as they are known; else "". The caller frees. */
char *choosing_product(sd_json_variant *facts);

#endif
