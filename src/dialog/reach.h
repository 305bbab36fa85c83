/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can the conversion server be reached? Tries it from here, in words: its name, a connection to
 * its port, and whether packets of the full size arrive.
 */
#ifndef P2VD_REACH_H
#define P2VD_REACH_H

#include "dialog/mirror.h"

struct reach;

/* Tries the server that the parameters of @mirror say, in a process of its own. When that has
 * ended, the mirror's revision grows. */
struct reach *reach_new(sd_event *event, struct mirror *mirror);
void reach_free(struct reach *reach);

/* What works and what does not, a list that belongs to @reach; NULL: it is not known yet. */
char *const *reach_lines(const struct reach *reach);

#endif
