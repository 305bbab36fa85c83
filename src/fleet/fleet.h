/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fleet: what is known of all machines, what the tree says of them, and what is kept. Reports
 * come in here.
 *
 * A change of state is answered for only when it is on the disk. As that takes a while, all
 * changes that come in one turn of the event loop are kept together.
 */
#ifndef P2VD_FLEET_H
#define P2VD_FLEET_H

#include "fleet/database.h"
#include "fleet/entries.h"
#include "fleet/metrics.h"

#include <systemd/sd-event.h>

struct fleet;

/* @tree: of p2v-pxe, @program: p2v-pxe itself, @database: a file. Returns 0, or -errno and a
 * sentence in @reason. */
int fleet_new(sd_event *event, const char *tree, const char *program, const char *database,
	      struct fleet **fleet, char **reason);

/* Keeps what is not kept yet. NULL is fine. */
void fleet_free(struct fleet *fleet);

enum fleet_right {
	FLEET_MAY,
	FLEET_MAY_NOT,    /* that is not its token */
	FLEET_NO_MACHINE, /* neither is there an entry nor one for all machines */
};
enum fleet_right fleet_right(struct fleet *fleet, const char *mac, const char *token);

/* Told once, perhaps at once: whether it is kept. */
typedef void (*fleet_kept_t)(void *user, bool kept);

/* A report of @mac, with that token. What is in @document is taken or cleared. */
void fleet_report(struct fleet *fleet, const char *mac, const char *token,
		  struct document *document, fleet_kept_t kept, void *user);

/* The machine says that it is converted (/done/MAC). @ended: what p2v-pxe answers (marking.h). */
void fleet_done(struct fleet *fleet, const char *mac, void (*ended)(void *user, int code),
		void *user);

/* What another program knows of a machine: its power, or that nobody wants it. */
struct fleet_word {
	bool has_power, has_powered, has_error, has_skipped;
	enum power power;
	int64_t powered;
	const char *error; /* NULL: there is none any more */
	bool skipped;
};
/* Returns false if there is no such machine; @kept is not called then. */
bool fleet_tell(struct fleet *fleet, const char *mac, const struct fleet_word *word,
		fleet_kept_t kept, void *user);

/* What was committed: to look at. */
struct database *fleet_database(struct fleet *fleet);
const struct metrics *fleet_metrics(const struct fleet *fleet);

/* One machine as it stands now. */
struct fleet_view {
	const char *mac;
	const struct record *record; /* never NULL, but perhaps of a machine never heard of */
	const struct entry *entry; /* NULL: there is none */
	enum group group;
};

/* All machines, by their MAC address, after a look at the tree. Valid until the event loop goes
 * on; the caller frees the array. */
struct fleet_view *fleet_views(struct fleet *fleet, size_t *count);

#endif
