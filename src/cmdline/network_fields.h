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

/* @value cut at each @separator that stands in no brackets; the brackets are
 * dropped. Never an empty list (text.h), the caller frees. */
char **network_fields(const char *value, char separator);

/* A field that need not be there: "" then. */
const char *network_field(char *const *fields, size_t index);

/* AF_INET, AF_INET6, or AF_UNSPEC for what is no address. */
int network_family(const char *text);

bool network_is_number(const char *text, unsigned long least, unsigned long most);
bool network_is_card(const char *text);

char *network_judge_card(const char *text);
char *network_judge_address(const char *text, const char *what); /* @what: "the gateway" */
char *network_judge_mtu(const char *text);

/* Whether the fields of an ip= begin with a card, not with an address. */
bool network_ip_begins_with_card(char *const *fields);
const char *network_ip_card(char *const *fields); /* "" when it names none */
bool network_ip_sets_up(char *const *fields); /* false for a card that is to have no address */
char *network_ip_judge(char *const *fields);

char *network_bond_judge(char *const *fields);

#endif
