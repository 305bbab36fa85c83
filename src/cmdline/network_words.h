/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the kernel command line that set the network up: ip=, vlan=,
 * bond=, nameserver= and the others of dracut.cmdline(7). No I/O.
 *
 * The image's NetworkManager acts on them. What it cannot read there it passes
 * over or replaces by something else, and tells nobody at the console: so they
 * are judged here first.
 */
#ifndef P2VD_NETWORK_WORDS_H
#define P2VD_NETWORK_WORDS_H

#include "cmdline/cmdline.h"

/*
 * What is wrong with the word @name=@value and what would be right, a sentence
 * (the caller frees). NULL when nothing is, or when it is no such word. A word
 * whose value is NULL or empty is one that says nothing.
 */
char *network_words_judge(const char *name, const char *value);

/*
 * What the word @word of @cmdline does not do, be it right or wrong in itself, to be said
 * behind it: "has no effect: …" (the caller frees). NULL when there is nothing to warn of.
 */
char *network_words_warning(const struct cmdline *cmdline, const struct cmdline_word *word);

/*
 * The network cards that the words name: NetworkManager works with these and
 * leaves others alone. Not the bonds, VLANs and bridges that the words make,
 * but what is beneath. A list (list.h), the caller frees; NULL when no word
 * names one, and all cards are used. Hyphenated hardware addresses do not count.
 */
char **network_words_cards(const struct cmdline *cmdline);

#endif
