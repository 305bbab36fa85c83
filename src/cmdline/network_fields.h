/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the network's words: fields separated by colons, and in them
 * addresses, cards and numbers. And the functions for the fields of the two words
 * that have files of their own (network_ip.c, network_bond.c). No I/O.
 *
 * A ..._judge function returns NULL when nothing is wrong, else a sentence that
 * says what would be right (the caller frees).
 */
#ifndef P2VD_NETWORK_FIELDS_H
#define P2VD_NETWORK_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* @value split at each @separator outside brackets, without the brackets: a list
 * (list.h) with at least one item. The caller frees. */
char **network_fields(const char *value, char separator);

/* The field with that index, "" if there are not so many. */
const char *network_field(char *const *fields, size_t index);

/* AF_INET, AF_INET6, or AF_UNSPEC if @text is no address. */
int network_family(const char *text);

bool network_is_number(const char *text, unsigned long least, unsigned long most);
bool network_is_card(const char *text); /* the kernel would accept the name */

/* What a field must be. */
enum field_kind {
	FIELD_END, /* the end of a list of kinds */
	FIELD_ANY, /* anything */
	FIELD_CARD,
	FIELD_CARD_OR_HARDWARE, /* eno1 or 52-54-00-12-34-56 */
	FIELD_NEW_HARDWARE,     /* the address that a card is to get */
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

/* The same for each field; only the first must not be empty. */
char *network_fields_judge(const enum field_kind *kinds, char *const *fields);

char *network_ip_judge(char *const *fields);
const char *network_ip_card(char *const *fields); /* "" for none */
bool network_ip_sets_up(char *const *fields); /* false: the card gets no address */

char *network_bond_judge(char *const *fields);
/* As network_words_warning(): about an option that p2vd does not know, but a newer kernel
 * and NetworkManager may. */
char *network_bond_warning(char *const *fields);

#endif
