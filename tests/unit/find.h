/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search for disks, run to its end. */
#ifndef TESTS_FIND_H
#define TESTS_FIND_H

#include "base/text.h"
#include "disks/disks.h"

#include <err.h>

struct find {
	sd_event *event;
	int result;
	char *reason;
};

static void find_on_done(void *user, int result, const char *reason)
{
	struct find *find = user;

	find->result = result;
	find->reason = text_copy(reason);
	sd_event_exit(find->event, 0);
}

/* As disks_search() does. Returns 0, or -errno with a sentence in @reason; the caller frees. */
static __attribute__((unused)) int find_disks(const struct disks_wishes *wishes,
					      struct disks *disks, char **reason)
{
	struct find find = { 0 };
	struct disks_search *search;

	if (sd_event_new(&find.event) < 0)
		errx(1, "no event loop");
	search = disks_search(find.event, wishes, disks, find_on_done, &find);
	sd_event_loop(find.event);
	disks_search_free(search);
	sd_event_unref(find.event);
	if (find.result < 0)
		*reason = find.reason;
	return find.result;
}

static __attribute__((unused)) int disks_find(const char *root, char *const *wanted,
					      char *const *removable, struct disks *disks,
					      char **reason)
{
	return find_disks(&(struct disks_wishes){ root, wanted, removable, false }, disks, reason);
}

#endif
