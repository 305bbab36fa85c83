/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What clients have set, kept while p2vd is down: systemd holds it in a file in memory (its
 * file descriptor store, sd_notify(3)), and hands it to the p2vd that it starts after a crash.
 * It is in no file system, and gone when the service stops.
 */
#ifndef P2VD_KEPT_WORDS_H
#define P2VD_KEPT_WORDS_H

#include "cmdline/cmdline.h"

/* Keeps @words in place of those that were kept before. Without systemd it does nothing. */
void kept_words_store(const struct cmdline *words);

/* Appends the words that were kept. To be called once, before p2vd starts a child. */
void kept_words_take(struct cmdline *words);

#endif
