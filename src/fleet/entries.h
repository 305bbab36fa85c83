/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tree of p2v-pxe(8) says of each machine: its entries are the state of the fleet, and
 * whoever can read a machine's entry can speak for it, by the token that is in it.
 */
#ifndef P2VD_ENTRIES_H
#define P2VD_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTRY_MAC_SIZE 18       /* of "52-54-00-12-34-56" with its NUL */
#define ENTRY_DEFAULT "default" /* stands for machines that have no entry */

enum entry_state {
	ENTRY_NONE,
	ENTRY_LOCAL, /* starts its own disk, and never did anything else */
	ENTRY_CONVERT,
	ENTRY_DONE,
	ENTRY_GIVEN_UP,
};

/* What the entries for all loaders say together. */
struct entry {
	char mac[ENTRY_MAC_SIZE]; /* with dashes, or ENTRY_DEFAULT */
	enum entry_state state;
	unsigned failures, tries; /* after so many it is given up */
	char *name;
	char *token; /* secret */
};

struct entries;

/* Of the tree in the directory @tree. */
struct entries *entries_new(const char *tree);
void entries_free(struct entries *entries);

/* Reads what has changed. Is cheap if nothing has, or within a second of the last time unless
 * @now. Entries that were handed out before are then no longer valid. */
void entries_look(struct entries *entries, bool now);

/* NULL: there is none. */
const struct entry *entries_find(const struct entries *entries, const char *mac);

/* Those that are there, by an index below the count. */
size_t entries_count(const struct entries *entries);
const struct entry *entries_at(const struct entries *entries, size_t index);

/* One entry's file, @length bytes: what it says is added to @entry. No I/O. */
void entry_read(struct entry *entry, const char *text, size_t length);

/* Whether @token is @right; takes as long for a wrong one as for the right one. */
bool entry_token_is(const char *right, const char *token);

/* Any spelling of a card's MAC address, with colons, dashes, dots or none, into one. */
bool entry_mac(const char *text, char mac[static ENTRY_MAC_SIZE]);

#endif
