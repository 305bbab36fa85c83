// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd does, in words. */
#include "dialog/step.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/progress_line.h"
#include "base/text.h"
#include "client/field.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *state, *words;
} states[] = {
	{ "configuration", "fetch more parameters" },
	{ "inventory", "look at this machine" },
	{ "network", "wait for the network" },
	{ "connecting", "log in to the server" },
	{ "testing", "test the server" },
	{ "queued", "wait for other machines" },
	{ "preparing", "prepare the server" },
	{ "exporting", "export the disks" },
	{ "tunnelling", "open the tunnels" },
	{ "launching", "start virt-v2v" },
	{ "converting", "copy and convert" },
	{ "finishing", "clean up" },
	{ "done", "done" },
	{ "failed", "failed" },
};

static const char *words_of(const char *state)
{
	for (size_t i = 0; i < COUNT(states); i++)
		if (!strcmp(states[i].state, state))
			return states[i].words;
	return state;
}

char *step_text(const struct status *status)
{
	const char *words = words_of(status->state ?: "nothing");
	AUTO_FREE char *number = status_try(status);
	AUTO_FREE char *try = number ? text_format(" (%s)", number) : text_copy("");
	AUTO_FREE char *step = status->step ? text_format(", virt-v2v: %s", status->step) :
					      text_copy("");

	if (status->number == STATUS_UNKNOWN || status->count == STATUS_UNKNOWN)
		return text_format("%s%s%s", words, try, step);
	return text_format("step %" PRIu64 " of %" PRIu64 ": %s%s%s", status->number, status->count,
			   words, try, step);
}

char *step_subject(const struct status *status)
{
	return text_format("%s%s%s%s", status->server ?: "no server",
			   status->guest ? ", guest '" : "", status->guest ?: "",
			   status->guest ? "'" : "");
}

char **step_advice(const struct status *status)
{
	char **lines = NULL;

	if (status_has_failed(status)) {
		list_append(&lines,
			    text_copy("Nothing on this machine was changed. What was half made on the server is removed, unless a warning says otherwise. Enter tries again as it is, e goes back to correct something."));
		if (status->workdir)
			list_append(&lines, text_format("On the server, the log is in '%s'.",
							status->workdir));
		return lines;
	}
	if (status->inventory) {
		list_append(&lines,
			    text_copy("Nothing was converted: p2v.do=inventory only looks. What was found stands in the log (l), and p2v.report was told."));
		return lines;
	}
	if (status->place)
		list_append(&lines, text_format("The guest is %s.", status->place));
	list_append(&lines,
		    text_copy("Start the guest on its host. This machine must not run beside it: power it off, or start it from its own disk only without the network."));
	return lines;
}
