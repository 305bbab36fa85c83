// SPDX-License-Identifier: GPL-2.0-or-later
/* How a machine stands, in one word, and what a person is to do about it. */
#include "base/moment.h"
#include "base/text.h"
#include "fleet/record.h"

#include <inttypes.h>
#include <string.h>

const char *group_name(enum group group)
{
	static const char *const names[GROUPS] = {
		[GROUP_FAILED] = "failed",       [GROUP_GIVEN_UP] = "given up",
		[GROUP_SILENT] = "silent",       [GROUP_WORKING] = "working",
		[GROUP_QUEUED] = "queued",       [GROUP_EXPECTED] = "expected",
		[GROUP_INVENTORY] = "inventory", [GROUP_CONVERTED] = "converted",
		[GROUP_SKIPPED] = "skipped",
	};

	return group < GROUPS ? names[group] : "";
}

const char *entry_state_name(enum entry_state state)
{
	static const char *const names[] = {
		[ENTRY_NONE] = "none", [ENTRY_LOCAL] = "local",       [ENTRY_CONVERT] = "convert",
		[ENTRY_DONE] = "done", [ENTRY_GIVEN_UP] = "given up",
	};

	return names[state];
}

const char *power_name(enum power power)
{
	static const char *const names[] = {
		[POWER_UNKNOWN] = "unknown",
		[POWER_ON] = "on",
		[POWER_OFF] = "off",
	};

	return names[power];
}

static bool is_not_heard_since_power(const struct record *record)
{
	return record->powered && (!record->seen || record->switched > record->heard);
}

static bool boots_for_too_long(const struct record *record, int64_t steady)
{
	return is_not_heard_since_power(record) && steady - record->switched > RECORD_BOOTS;
}

/* Of a run that goes on. */
static enum group running(const struct record *record, const struct entry *entry, int64_t steady)
{
	bool silent = steady - record->heard > RECORD_SILENT;
	bool queued = record->state && !strcmp(record->state, "queued");

	/* Its last report was lost, or somebody has decided that it is done. */
	if (silent && entry && entry->state == ENTRY_DONE)
		return record->told_done ? GROUP_CONVERTED : GROUP_SKIPPED;
	return silent ? GROUP_SILENT : queued ? GROUP_QUEUED : GROUP_WORKING;
}

static enum group ended(const struct record *record, const struct entry *entry)
{
	enum entry_state state = entry ? entry->state : ENTRY_NONE;
	/* Somebody has let p2v-pxe convert it again. */
	bool again = record->mark == MARK_WRITTEN && state == ENTRY_CONVERT && !entry->failures;

	if (state == ENTRY_GIVEN_UP)
		return GROUP_GIVEN_UP;
	if (record->result == 0 && record->inventory)
		return state == ENTRY_DONE ? GROUP_CONVERTED : GROUP_INVENTORY;
	if (again)
		return GROUP_EXPECTED;
	if (record->result == 0)
		return GROUP_CONVERTED;
	if (state == ENTRY_DONE)
		return record->told_done ? GROUP_CONVERTED : GROUP_SKIPPED;
	return GROUP_FAILED;
}

enum group record_group(const struct record *record, const struct entry *entry, int64_t steady)
{
	enum entry_state state = entry ? entry->state : ENTRY_NONE;
	enum group group = GROUP_EXPECTED;

	if (record->last.run && record->result == DOCUMENT_NO_RESULT)
		group = running(record, entry, steady);
	else if (record->last.run)
		group = ended(record, entry);
	else if (state == ENTRY_GIVEN_UP)
		group = GROUP_GIVEN_UP;
	else if (state == ENTRY_DONE)
		group = GROUP_CONVERTED;
	if (record->skipped && state == ENTRY_DONE && record->result != 0)
		return GROUP_SKIPPED;
	if (group != GROUP_WORKING && group != GROUP_QUEUED && state != ENTRY_DONE &&
	    boots_for_too_long(record, steady))
		return GROUP_SILENT;
	return group;
}

static char *failed_advice(const struct record *record)
{
	const struct document *last = &record->last;

	if (last->workdir && last->server)
		return text_format("see the logs in %s on %s, correct the cause, then run 'p2v-fleet again'",
				   last->workdir, last->server);
	return text_copy("correct the cause, then run 'p2v-fleet again'");
}

static char *converted_advice(const struct record *record)
{
	if (record->mark == MARK_REFUSED)
		return text_copy("its entry could not be written: see p2v-pxe list, or it is converted again when it boots from the network");
	if (record->mark == MARK_WANTED)
		return text_copy("its entry is not written yet: do not let it boot from the network");
	if (record->power == POWER_OFF)
		return NULL;
	return text_copy("turn it off before its guest starts");
}

char *record_advice(const struct record *record, const struct entry *entry, enum group group)
{
	switch (group) {
	case GROUP_FAILED:
		return failed_advice(record);
	case GROUP_GIVEN_UP:
		return text_format("it failed %u times and starts its own disk: correct the cause, then run 'p2v-fleet again'",
				   entry ? entry->failures : 0);
	case GROUP_SILENT:
		if (is_not_heard_since_power(record))
			return text_copy("it was switched on and has not reported: does it boot from the network?");
		return text_copy("it no longer reports: look at its console and its network");
	case GROUP_CONVERTED:
		return converted_advice(record);
	case GROUP_INVENTORY:
		return record->warnings ? text_copy("read the warnings before it is converted") :
					  NULL;
	case GROUP_WORKING:
	case GROUP_QUEUED:
	case GROUP_EXPECTED:
	case GROUP_SKIPPED:
	case GROUPS:
		break;
	}
	return NULL;
}
