/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report of a machine, the CloudEvents document of p2v.report (REPORTS in p2vd(8)), read. It
 * comes from the network: texts are of limited length and safe to show, numbers of limited size.
 */
#ifndef P2VD_DOCUMENT_H
#define P2VD_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-json.h>

#define DOCUMENT_MOST (256 * 1024)      /* bytes */
#define DOCUMENT_NO_RESULT (-1)
#define DOCUMENT_UNKNOWN UINT64_MAX     /* a number that is not told */
#define DOCUMENT_NUMBER_MOST (1ULL << 53) /* what a JSON reader of any language can read */

struct document_disk {
	char *name;
	uint64_t size, used, read; /* bytes */
	uint64_t rate;             /* bytes per second */
	uint64_t remaining;        /* seconds */
};

struct document_change {
	uint64_t number; /* in its run, from 1 */
	int64_t time;    /* by the machine's clock, 0: not told; see moment.h */
	char *state, *reason;
};

struct document {
	char *run;
	uint64_t sequence; /* in its run, from 1: the greater one is the newer one */
	int64_t time;      /* when it was made, by the machine's clock; 0: not told */
	bool inventory;    /* of a machine that is only looked through */
	char *uuid, *vendor, *model, *serial;
	uint64_t memory;
	char *state, *step, *server, *guest, *workdir;
	uint64_t elapsed, place, try;
	struct document_disk *disk;
	size_t disks;
	struct document_change *change; /* by number */
	size_t changes;
	uint64_t lost; /* changes that nobody will be told any more */
	int result;    /* p2vd's exit code, or DOCUMENT_NO_RESULT */
	uint64_t bytes; /* read from all disks by all tries, known at the end */
	bool test;     /* it was only tried whether a conversion would be possible */
	char *reason;
	char **warnings;
	double hours;           /* estimated, or below 0 */
	sd_json_variant *found; /* the inventory, as it was reported, or NULL */
	sd_json_variant *data;  /* all but the changes and the inventory */
};

/*
 * Reads @length bytes. Returns 0, or -EBADMSG with a sentence in @reason. document_clear() frees
 * what is in it.
 */
int document_read(const char *text, size_t length, struct document *document, char **reason);

/* Likewise, of the member "data" alone, as it is kept. Takes no reference of @data but its own. */
int document_of_data(sd_json_variant *data, struct document *document, char **reason);

/*
 * What p2vd has forgotten at its end stays known: the disks, the place of the logs. It is taken
 * from @before, the report before this one, and is in @document's data, too.
 */
void document_keep(struct document *document, struct document *before);

/* Adds an inventory that was reported, if it has none. */
void document_take_found(struct document *document, sd_json_variant *found);

void document_clear(struct document *document);

#endif
