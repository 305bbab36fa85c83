/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk's partition table, as libblkid reads it. */
#ifndef P2VD_TABLE_H
#define P2VD_TABLE_H

#include "blocks/piece.h"

#include <stdbool.h>

#define TABLE_LINKS_MOST 64

struct table {
	char *type; /* "gpt", "dos"; NULL: there is none */
	char *whole; /* libblkid's word for what the disk as a whole holds; NULL: nothing */
	char *reason; /* why the disk is used wholly; NULL: it need not be */
	struct pieces partitions; /* in the order of their places; no extended one */
	uint64_t extended, extended_end; /* where extended partitions lie, bytes; 0: nowhere */
	uint64_t links[TABLE_LINKS_MOST]; /* where tables of logical partitions lie, in bytes */
	size_t link_count;
	bool links_known; /* these are all of them */
	uint64_t backup; /* where a GPT says that its copy lies, in bytes; 0: nowhere */
};

/* The caller hands @table to table_clear(). */
void table_read(struct table *table, int disk, uint64_t size);
void table_clear(struct table *table);

#endif
