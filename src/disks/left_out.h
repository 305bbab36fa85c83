/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disks that are not converted unasked, in words: a machine that is converted without one
 * of its disks may not start, and nobody would know why.
 */
#ifndef P2VD_LEFT_OUT_H
#define P2VD_LEFT_OUT_H

#include "disks/device.h"

/*
 * Appends to @warnings a sentence for each piece of hardware among @all that is not in
 * @chosen, with the reason and how to take it, and one for each storage controller whose
 * disks do not show. Empty card readers, media of management controllers, drives and the
 * medium of this image are left out without a word.
 */
void left_out_warn(const char *root, const struct devices *all, const struct devices *chosen,
		   char ***warnings);

/* Why there is no fixed disk among @all, and what to do: a sentence. The caller frees. */
char *left_out_say_none(const char *root, const struct devices *all);

#endif
