/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places of the disks that cannot be read, and the file "bad-sectors" that lists them. */
#ifndef P2VD_RELAY_BAD_PLACE_H
#define P2VD_RELAY_BAD_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bad_place {
	size_t disk; /* its index */
	uint64_t offset;
};

/* Zeros at first; the caller frees @list. */
struct bad_places {
	struct bad_place *list;
	size_t count;
};

/* Notes a place. False if it is known: what is not kept is read again. */
bool bad_places_note(struct bad_places *places, size_t disk, uint64_t offset);

/* Adds "NAME OFFSET LENGTH", in bytes, to the list in @directory. Returns 0 or -errno. */
int bad_places_write(int directory, const char *name, uint64_t offset, uint64_t length);

#endif
