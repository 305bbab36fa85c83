// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls of p2v-pxe, one after the other. */
#include "fleet/marking.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "fleet/entries.h"

#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#define LONGEST 120000000ULL /* microseconds of a call: p2v-pxe itself waits 30 s for the tree */

struct call {
	struct call *next;
	const char *command;
	char mac[ENTRY_MAC_SIZE];
	void (*ended)(void *user, int code);
	void *user;
};

struct marking {
	sd_event *event;
	char *program, *tree;
	struct call *first, **last; /* the first one runs */
	size_t count;
	struct child *child;
	char *said; /* the child's last line */
	sd_event_source *limit, *next;
};

static void on_line(void *user, const char *line)
{
	struct marking *marking = user;

	free(marking->said);
	marking->said = text_copy(line);
	log_info("%s", line);
}

/* The first call has come to its end. */
static void end(struct marking *marking, int code)
{
	struct call *call = marking->first;

	child_free(steal(marking->child));
	free(steal(marking->said));
	sd_event_source_set_enabled(marking->limit, SD_EVENT_OFF);
	marking->first = call->next;
	if (!marking->first)
		marking->last = &marking->first;
	marking->count--;
	if (marking->first)
		sd_event_source_set_enabled(marking->next, SD_EVENT_ONESHOT);
	call->ended(call->user, code);
	free(call);
}

static void on_ended(void *user, int status)
{
	struct marking *marking = user;
	const struct call *call = marking->first;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : MARKING_TROUBLE;

	if (code == MARKING_OK) {
		log_info("p2v-pxe %s %s", call->command, call->mac);
	} else {
		AUTO_FREE char *text = child_status_text(status);

		log_warning("p2v-pxe %s %s did not succeed (%s): %s", call->command, call->mac,
			    text, marking->said ?: "it said nothing");
	}
	end(marking, code == MARKING_OK || code == MARKING_NO_MACHINE ? code : MARKING_TROUBLE);
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	struct marking *marking = user;

	(void)source, (void)now;
	log_warning("p2v-pxe %s %s took too long and is ended", marking->first->command,
		    marking->first->mac);
	end(marking, MARKING_TROUBLE);
	return 0;
}

static int on_next(sd_event_source *source, void *user)
{
	struct marking *marking = user;
	AUTO_FREE char *tree = text_format("--tree=%s", marking->tree);
	AUTO_FREE char *reason = NULL;

	(void)source;
	if (!marking->first || marking->child)
		return 0;
	const char *const argv[] = { marking->program, tree, marking->first->command,
				     marking->first->mac, NULL };
	const struct child_options options = {
		.argv = argv, .line = on_line, .ended = on_ended, .user = marking
	};

	if (child_start(marking->event, &options, &marking->child, &reason) < 0) {
		log_warning("%s", reason);
		end(marking, MARKING_TROUBLE);
		return 0;
	}
	sd_event_source_set_time_relative(marking->limit, LONGEST);
	sd_event_source_set_enabled(marking->limit, SD_EVENT_ONESHOT);
	return 0;
}

void marking_add(struct marking *marking, const char *command, const char *mac,
		 void (*ended)(void *user, int code), void *user)
{
	struct call *call = memory_zero(1, sizeof(*call));

	*call = (struct call){ .command = command, .ended = ended, .user = user };
	memcpy(call->mac, mac, strnlen(mac, sizeof(call->mac) - 1));
	*marking->last = call;
	marking->last = &call->next;
	marking->count++;
	if (!marking->child)
		sd_event_source_set_enabled(marking->next, SD_EVENT_ONESHOT);
}

size_t marking_count(const struct marking *marking)
{
	return marking->count;
}

struct marking *marking_new(sd_event *event, const char *program, const char *tree)
{
	struct marking *marking = memory_zero(1, sizeof(*marking));

	marking->event = event;
	marking->program = text_copy(program);
	marking->tree = text_copy(tree);
	marking->last = &marking->first;
	if (sd_event_add_defer(event, &marking->next, on_next, marking) < 0 ||
	    sd_event_add_time_relative(event, &marking->limit, CLOCK_BOOTTIME, 0, 0, on_limit,
				       marking) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(marking->next, SD_EVENT_OFF);
	sd_event_source_set_enabled(marking->limit, SD_EVENT_OFF);
	return marking;
}

void marking_free(struct marking *marking)
{
	if (!marking)
		return;
	child_free(marking->child);
	free(marking->said);
	sd_event_source_disable_unref(marking->limit);
	sd_event_source_disable_unref(marking->next);
	while (marking->first) {
		struct call *call = marking->first;

		marking->first = call->next;
		call->ended(call->user, MARKING_TROUBLE);
		free(call);
	}
	free(marking->program);
	free(marking->tree);
	free(marking);
}
