/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the network's words are made of: fields with colons between, and in them
 * addresses, cards and numbers. And the judges of the two words that have files
 * of their own (network_ip.c, network_bond.c). No I/O.
 *
 * A judge returns a sentence that says what would be right (the caller frees),
 * NULL when nothing is wrong.
 */
#ifndef P2VD_NETWORK_FIELDS_H
#define P2VD_NETWORK_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* @value cut at each @separator that is not within brackets; the brackets are
 * dropped. Never an empty list (list.h), the caller frees. */
char **network_fields(const char *value, char separator);

/* A field that need not be there: "" then. */
const char *network_field(char *const *fields, size_t index);

/* AF_INET, AF_INET6, or AF_UNSPEC for what is no address. */
int network_family(const char *text);

bool network_is_number(const char *text, unsigned long least, unsigned long most);
bool network_is_card(const char *text); /* whether the kernel would accept the name */

/* What a field is to be. */
enum field_kind {
	FIELD_END, /* none: the end of a list of kinds */
	FIELD_ANY, /* others judge it */
	FIELD_CARD,
	FIELD_CARD_OR_HARDWARE, /* eno1 or 52-54-00-12-34-56 */
	FIELD_NEW_HARDWARE,     /* an address that a card is to take on */
	FIELD_ADDRESS,
	FIELD_PEER,
	FIELD_GATEWAY,
	FIELD_DESTINATION,
	FIELD_SERVER,
	FIELD_HOST,
	FIELD_MTU,
	FIELD_SWITCH,
	FIELD_SPEED
};

char *network_field_judge(enum field_kind kind, const char *text);

/* The same of each field; all but the first may be empty. */
char *network_fields_judge(const enum field_kind *kinds, char *const *fields);

char *network_ip_judge(char *const *fields);
const char *network_ip_card(char *const *fields); /* "" when it names none */
bool network_ip_sets_up(char *const *fields); /* false for a card that is to have no address */

char *network_bond_judge(char *const *fields);
/* What may have no effect, to be said behind the word (the caller frees): an option that
 * is not known here, but may be to a newer kernel and NetworkManager. NULL for nothing. */
char *network_bond_warning(char *const *fields);

#endif
