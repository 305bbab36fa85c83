/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects files that describe the physical machine, for the work directory: the
 * output of commands, without secrets.
 */
#ifndef P2VD_COLLECT_H
#define P2VD_COLLECT_H

#include "base/files.h"

#include <systemd/sd-event.h>

struct collect;

/* Runs all commands at once and adds their output to @files, which must live
 * until @done is called. A command that is missing, fails or takes too long
 * leaves a file that says so. */
struct collect *collect_start(sd_event *event, struct files *files, void (*done)(void *user),
			      void *user);

/* Must not be called in @done. NULL is fine. */
void collect_free(struct collect *collect);

#endif
