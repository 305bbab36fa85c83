/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a conversion that a person fills in, and their fields: each is a parameter, by
 * the long name that GetParameters tells. Every parameter is in one part.
 */
#ifndef P2VD_PART_H
#define P2VD_PART_H

#include <stdbool.h>

/* Fields of a part, at most: a screen of 24 lines holds no more. */
#define PART_FIELDS 15

enum part {
	PART_SERVER,
	PART_NETWORK,
	PART_MACHINE,
	PART_DISKS,
	PART_CARDS,
	PART_OUTPUT,
	PART_TRANSFER,
	PART_MORE,
	PART_KEYBOARD, /* only where p2v-console is on the kernel's own screen */
	PARTS,
};

const char *part_name(enum part part);

/* Its fields in their order, up to a NULL. */
const char *const *part_fields(enum part part);

/* The part that has the parameter; PARTS: none. */
enum part part_of(const char *parameter);

/* Whether virt-v2v's output @mode ("local") has a use for the parameter. One that we do not
 * know has a use for all. */
bool part_mode_uses(const char *mode, const char *parameter);

#endif
