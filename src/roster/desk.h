/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2v-fleet was told on its command line, and how it speaks. */
#ifndef P2VD_DESK_H
#define P2VD_DESK_H

#include "client/screen.h"

#include <stdbool.h>

/* The exit codes. */
enum {
	DESK_DONE,
	DESK_FAILED,      /* a machine has failed, or a BMC did not do it */
	DESK_WRONG,       /* usage, list or machine wrong: nothing was done */
	DESK_UNREACHABLE, /* p2v-fleetd is not, or the system refused something */
};

struct desk {
	const char *control; /* p2v-fleetd's socket */
	const char *tree, *machines, *p2v_pxe;
	const char *bmcs; /* the list beside the machines'; NULL: bmc.csv, if it is there */
	const char *passwords; /* of BMCs */
	const char *authorities; /* for Redfish's certificates, or NULL */
	const char *at; /* when to start, or NULL: now */
	const char *name; /* of a machine that is adopted, or NULL */
	bool inventory, csv, force;
	bool json;
	unsigned most; /* machines on at the same time; 0: any number */
	unsigned grace; /* seconds to shut down */
	unsigned patience; /* seconds until a machine that does not report is told */
	char *const *words; /* machines and groups, up to a NULL */
	struct screen *screen;
};

/* To standard error, "p2v-fleet: …": secrets are hidden, and what a terminal would obey. */
void desk_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The width of the lines that fit, 0: any, for standard output is no terminal. */
unsigned desk_width(void);
unsigned desk_height(void);

#endif
