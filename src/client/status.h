/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What p2vd does and how far it is, as its interface's type Status tells it; and that as lines
 * for people (status_lines.c).
 */
#ifndef P2VD_STATUS_H
#define P2VD_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-json.h>

#define STATUS_UNKNOWN UINT64_MAX

enum status_activity {
	STATUS_WAITING, /* nothing has been done yet */
	STATUS_CONFIGURING,
	STATUS_TESTING,
	STATUS_CONVERTING,
	STATUS_ENDING, /* there is a result; what comes after it runs still (p2v.post, p2v.fail) */
	STATUS_ENDED, /* see the result */
	STATUS_LEAVING, /* likewise; the machine is powered off */
	STATUS_OTHER, /* what this program does not know yet */
};

/* The texts belong to @json. A text is NULL, a number STATUS_UNKNOWN where p2vd tells none. */
struct status {
	sd_json_variant *json;
	enum status_activity activity;
	const char *version, *state, *waiting, *server, *guest, *workdir, *step;
	uint64_t number, count; /* of the state */
	uint64_t elapsed; /* seconds */
	uint64_t step_number, step_count;
	uint64_t try, tries; /* of virt-v2v; unknown in the first */
	const char *failure; /* of the try before */
	sd_json_variant *disks; /* or NULL, see status_disks() */

	bool has_result;
	uint64_t code; /* 0: it has succeeded */
	bool test; /* it was a test */
	bool inventory; /* the machine was only looked through */
	const char *reason;
	const char *place; /* of the guest: "in '/out'" */
	uint64_t bytes;
};

/* Reads the object @json, of which it keeps a reference. status_clear() gives it back; a
 * zeroed struct may be cleared, too. */
void status_read(struct status *status, sd_json_variant *json);
void status_clear(struct status *status);

/* Whether something is under way, so that nothing else can be begun. */
bool status_is_busy(const struct status *status);

/* Whether the result is that of what was done last: no conversion or test is under way. */
bool status_is_over(const struct status *status);

/* Whether what was done last has failed. */
bool status_has_failed(const struct status *status);

/* "try 2 of 2"; NULL in the first. The caller frees. */
char *status_try(const struct status *status);

/* Everything on one screen; a line for each disk. The caller frees with list_free(). */
char **status_lines(const struct status *status);

/* A line for all disks where there are several, and one for each, each of at most 79 columns. The
 * caller frees with list_free(). */
char **status_disks(const struct status *status);

/* The same in few lines, for below the messages: what happens, and a line for each disk. Each
 * has at most 79 columns. @elapsed: in seconds, in place of that in @status. NULL: nothing
 * happens. The caller frees with list_free(). */
char **status_progress(const struct status *status, uint64_t elapsed);

/* How it ended, as a sentence; NULL: there is no result. @brief: without the reason and the
 * guest's place, where p2vd's own messages tell them. The caller frees. */
char *status_result(const struct status *status, bool brief);

#endif
