/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The work directory on the conversion server,
 * /tmp/virt-p2v-YYYYMMDD-XXXXXXXX, and the files in it.
 */
#ifndef P2VD_WORKDIR_H
#define P2VD_WORKDIR_H

#include "base/files.h"
#include "config/config.h"
#include "ssh/ssh.h"

#include <stdbool.h>
#include <stdint.h>

#define WORKDIR_PREFIX "/tmp/virt-p2v-"

/* The end of its name, with a NUL. */
#define WORKDIR_UNIQUE 9

/* Another one each time. */
void workdir_unique(char unique[static WORKDIR_UNIQUE]);

struct workdir_call {
	const char *unique;
	const struct files *files;
	const struct config *config;
	const char *name; /* the guest's */
	/* If a relay is to be started, for which @files has "p2v-relay" and "substitute.sh":
	 * NAME:SIZE:EXPORT of each disk, see p2v-relay --help. Else NULL. */
	char **disks;
	const char *obstacle; /* why it can only be the relay's substitute; or NULL */
	/* @path: of the directory, or NULL with a reason. @ports: where the relay serves each disk,
	 * or its substitute if there is a reason; NULL if there is none, with a reason if there
	 * should be one. Valid in the call only. */
	void (*done)(void *user, const char *path, const uint16_t *ports, const char *reason);
	void *user;
};

/* Makes the directory whose name ends with @unique, or takes the one that is there, writes all of
 * @files into it, and starts the relay. All that @call points to is copied. */
void workdir_make(struct ssh *ssh, const struct workdir_call *call);

/* @files for a script that writes them: its value "files", and its input, @length bytes. The caller
 * frees both. */
void workdir_pack(const struct files *files, char **list, char **contents, size_t *length);

/* Why nothing can be written there, and what to do: "cannot @what …: @said; …". The caller frees. */
char *workdir_refused(const char *what, const char *said);

/* Whether what the script printed is the path of a work directory and nothing else. */
bool workdir_is_path(const char *answer);

#endif
