/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the kernel command line that set up the network: ip=, vlan=,
 * bond=, nameserver= and the others of dracut.cmdline(7). No I/O.
 *
 * The image's NetworkManager obeys them. What it cannot read it ignores or replaces,
 * without a message on the console: so they are judged here first.
 */
#ifndef P2VD_NETWORK_WORDS_H
#define P2VD_NETWORK_WORDS_H

#include "cmdline/cmdline.h"

#include <stdbool.h>

/* Whether it is one of these words. */
bool network_words_knows(const char *name);

/* Whether a reader may take it for one, maybe with a = behind it that is none. */
bool network_words_resembles(const char *name);

/*
 * What is wrong with the word @name=@value and what would be right, a sentence
 * (the caller frees). NULL when nothing is wrong, or when it is another word. A
 * word without a value has no effect, and is right.
 */
char *network_words_judge(const char *name, const char *value);

/*
 * Why @word, one of @cmdline, may not do what the user expects, be it right or wrong: the
 * rest of a sentence that begins with the word, "has no effect: …" (the caller frees).
 * NULL when there is nothing to warn of.
 */
char *network_words_warning(const struct cmdline *cmdline, const struct cmdline_word *word);

/*
 * The network cards that the words name; NetworkManager uses no others. Of bonds,
 * VLANs and bridges that the words make, the cards that they consist of. A list
 * (list.h), the caller frees; NULL when no word names a card: then all are used.
 * Hardware addresses with hyphens are left out.
 */
char **network_words_cards(const struct cmdline *cmdline);

#endif
