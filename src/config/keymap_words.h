/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words by which a kernel command line names a keyboard layout for any system:
 * rd.vconsole.keymap and vconsole.keymap, see systemd-vconsole-setup.service(8).
 */
#ifndef P2VD_KEYMAP_WORDS_H
#define P2VD_KEYMAP_WORDS_H

#include "config/config.h"

/* Where nobody has given p2v.keymap, the last of these words is its value. A layout that cannot
 * be one is told as a warning. */
void keymap_words_take(struct config *config, const struct cmdline *words);

#endif
