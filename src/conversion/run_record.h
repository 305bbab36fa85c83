/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a p2vd that is started again has to know of the conversion that the one before it has
 * begun: a file in the runtime directory, from when virt-v2v runs until it has ended. It holds no
 * secret. It is gone when the machine is reset, as its directory is in memory.
 */
#ifndef P2VD_RUN_RECORD_H
#define P2VD_RUN_RECORD_H

#include "config/config.h"
#include "disks/disks.h"

#include <stdbool.h>
#include <stdint.h>

struct run_record {
	char *config;  /* all parameters as text, without their secrets */
	char *disks;   /* likewise the disks: paths, sizes, serial numbers */
	char *server;  /* as p2v.server has it; of several the one that is used */
	char *unique;  /* of the work directory's name, and in the names of the exports */
	char *workdir; /* on the server */
	char *guest;   /* its name */
	char *version; /* virt-v2v's; NULL: unknown */
	bool sockets;  /* sshd forwards sockets, not ports */
	uint64_t tunnels; /* the numbers of this p2vd's tunnels begin here */
	uint64_t started; /* CLOCK_BOOTTIME in microseconds */
	uint64_t told;    /* bytes of virt-v2v's log that were shown, of this try */
	uint64_t try;     /* of virt-v2v, from 1 */
	char *failure;    /* why the try before has failed; NULL: there was none */
	char **before;    /* the files of the guest's name that the server had before; or NULL */
	char *boot;       /* the server's boot id; NULL: unknown */
	bool unwritten;   /* that was told; no part of the file */
};

/* The two texts. The caller frees. */
char *run_record_config(const struct config *config);
char *run_record_disks(const struct disks *disks);

/* Writes it into @directory, in place of an earlier one. If that fails, it logs why, once: then a
 * p2vd that is started again begins the conversion anew. */
void run_record_write(struct run_record *record, const char *directory);

/* Returns false, and an empty record, where there is none that can be read. */
bool run_record_read(struct run_record *record, const char *directory);

bool run_record_exists(const char *directory);
void run_record_remove(const char *directory);
void run_record_clear(struct run_record *record);

#endif
