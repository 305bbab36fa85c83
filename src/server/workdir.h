/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The work directory on the conversion server,
 * /tmp/virt-p2v-YYYYMMDD-XXXXXXXX, and the files in it.
 */
#ifndef P2VD_WORKDIR_H
#define P2VD_WORKDIR_H

#include "base/files.h"
#include "ssh/ssh.h"

#include <stdbool.h>

#define WORKDIR_PREFIX "/tmp/virt-p2v-"

/* The end of its name, with a NUL. */
#define WORKDIR_UNIQUE 9

/* Another one each time. */
void workdir_unique(char unique[static WORKDIR_UNIQUE]);

/* Makes the directory whose name ends with @unique, or takes the one that is there, and
 * writes all of @files into it. @done gets its path, or NULL and a reason. */
void workdir_make(struct ssh *ssh, const char *unique, const struct files *files,
		  void (*done)(void *user, const char *path, const char *reason), void *user);

/* Why nothing can be written there, and what to do: "cannot @what …: @said; …". The caller frees. */
char *workdir_refused(const char *what, const char *said);

/* Whether what the script printed is the path of a work directory and nothing else. */
bool workdir_is_path(const char *answer);

#endif
