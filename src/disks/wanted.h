/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disks that p2v.disks names: kernel names, "/dev/NAME", or absolute paths, also of
 * files.
 */
#ifndef P2VD_WANTED_H
#define P2VD_WANTED_H

#include "disks/device.h"

/*
 * Appends what @words (NULL-terminated) name to @chosen; files join @all. @fixed: what a
 * message can name instead. Returns 0, or -errno with a sentence in @reason (the caller
 * frees).
 */
int wanted_find(const char *root, struct devices *all, const struct devices *fixed,
		char *const *words, struct devices *chosen, char **reason);

#endif
