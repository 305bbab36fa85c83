/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of one machine: the newest report, how its run went on, its power. Which report is
 * the newer one is decided by run and sequence, never by a clock.
 */
#ifndef P2VD_RECORD_H
#define P2VD_RECORD_H

#include "fleet/document.h"
#include "fleet/entries.h"

#define RECORD_SILENT (5 * 60 * 1000)  /* ms without a report of a machine at work */
#define RECORD_BOOTS (15 * 60 * 1000)  /* ms from power-on until a machine must have reported */

/* The order is that of the page: what goes wrong comes first. */
enum group {
	GROUP_FAILED,
	GROUP_GIVEN_UP,
	GROUP_SILENT,
	GROUP_WORKING,
	GROUP_QUEUED,
	GROUP_EXPECTED,
	GROUP_INVENTORY,
	GROUP_CONVERTED,
	GROUP_SKIPPED,
	GROUPS,
};

/* What p2v-pxe is to write, and whether it has. The numbers are kept in the database. */
enum mark {
	MARK_NOTHING = 0,
	MARK_WANTED = 1,
	MARK_WRITTEN = 2,
	MARK_REFUSED = 3, /* p2v-pxe knows no such machine, or no such command */
};

enum power {
	POWER_UNKNOWN = 0,
	POWER_ON = 1,
	POWER_OFF = 2,
};

/* Moments: see moment.h; 0: not known. */
struct record {
	char mac[ENTRY_MAC_SIZE];
	struct document last; /* the newest report; without a run: none ever came */
	uint64_t numbers;     /* of the last change in this run */
	char *state, *reason;
	int64_t since, seen, started, ended;
	int64_t heard;       /* like seen, by the steady clock */
	int result;          /* of the run, or DOCUMENT_NO_RESULT */
	bool inventory;      /* the run only looks the machine through */
	uint64_t bytes;      /* read from all disks in this run, by all tries */
	uint64_t bytes_kept; /* of that: what the counter of all bytes has */
	uint64_t disks_read; /* as last told */
	enum mark mark;
	bool marking; /* p2v-pxe is asked to */
	sd_json_variant *found; /* the newest inventory, or NULL */
	double found_hours;     /* estimated there, or below 0 */
	char **warnings;
	int64_t told_done; /* when /done/MAC was called */
	bool skipped;
	enum power power;
	int64_t power_seen, powered;
	int64_t switched; /* like powered, by the steady clock */
	char *power_error;
	char *token; /* secret: of this run's reports; an entry may lose it when it is done */
	bool changed; /* in a way that need not be kept at once: see fleet.c */
};

void record_init(struct record *record, const char *mac);
void record_clear(struct record *record);

/* A copy of its own. */
void record_copy(struct record *copy, const struct record *record);

/* Whether there was ever a report, or something else worth showing. */
bool record_is_known(const struct record *record);

/* Whether @document is of another run than the record. */
bool record_is_other_run(const struct record *record, const struct document *document);

/* Whether it says something that must not be lost: it is not only progress. */
bool record_is_news(const struct record *record, const struct document *document);

/* The moment of a change by the clock of this host, whatever the machine's clock says. */
int64_t record_moment(const struct document *document, const struct document_change *change,
		      int64_t now);

/* Takes in a report of the record's own run or of a newer one. What is in @document moves into
 * the record, which keeps it if it is the newest. */
void record_take(struct record *record, struct document *document, int64_t now, int64_t steady);

/* @entry: what the tree says, or NULL; @steady: now. */
enum group record_group(const struct record *record, const struct entry *entry, int64_t steady);
const char *group_name(enum group group);
const char *entry_state_name(enum entry_state state);
const char *power_name(enum power power);

/* What a person is to do, one sentence, or NULL. The caller frees. */
char *record_advice(const struct record *record, const struct entry *entry, enum group group);

/* Of all disks together; DOCUMENT_UNKNOWN if one of them does not tell it. */
struct record_sum {
	uint64_t size, used, read, rate, remaining;
};
struct record_sum record_sum(const struct record *record);

#endif
