// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of one machine: how a report changes it. */
#include "fleet/record.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/text.h"

#include <string.h>

void record_init(struct record *record, const char *mac)
{
	*record = (struct record){ .result = DOCUMENT_NO_RESULT, .found_hours = -1 };
	memcpy(record->mac, mac, strnlen(mac, sizeof(record->mac) - 1));
	record->last.result = DOCUMENT_NO_RESULT;
}

void record_clear(struct record *record)
{
	document_clear(&record->last);
	free(record->state);
	free(record->reason);
	sd_json_variant_unref(record->found);
	list_free(record->warnings);
	free(record->power_error);
	secret_free(record->token);
	*record = (struct record){ 0 };
}

void record_copy(struct record *copy, const struct record *record)
{
	AUTO_FREE char *reason = NULL;

	*copy = *record;
	if (!record->last.data || document_of_data(record->last.data, &copy->last, &reason) < 0)
		copy->last = (struct document){ .result = DOCUMENT_NO_RESULT };
	if (record->last.found)
		document_take_found(&copy->last, record->last.found);
	copy->state = text_copy(record->state);
	copy->reason = text_copy(record->reason);
	copy->found = sd_json_variant_ref(record->found);
	copy->warnings = list_copy(record->warnings);
	copy->power_error = text_copy(record->power_error);
	copy->token = text_copy(record->token);
}

bool record_is_known(const struct record *record)
{
	return record->last.run || record->told_done || record->skipped || record->power_seen ||
	       record->powered;
}

bool record_is_other_run(const struct record *record, const struct document *document)
{
	return !record->last.run || strcmp(record->last.run, document->run) != 0;
}

bool record_is_news(const struct record *record, const struct document *document)
{
	return record_is_other_run(record, document) || document->changes || document->lost ||
	       document->found ||
	       (document->result != record->result && document->sequence > record->last.sequence);
}

int64_t record_moment(const struct document *document, const struct document_change *change,
		      int64_t now)
{
	int64_t ago = document->time - change->time;

	/* A clock that is set meanwhile tells nothing. */
	if (!document->time || !change->time || ago < 0 || ago > 7LL * 24 * 3600 * 1000)
		return now;
	return now - ago;
}

static void begin_run(struct record *record, const struct document *document, int64_t now)
{
	document_clear(&record->last);
	record->numbers = 0;
	record->started = now;
	if (document->elapsed != DOCUMENT_UNKNOWN && document->elapsed < 365ULL * 24 * 3600)
		record->started = now - (int64_t)document->elapsed * 1000;
	record->ended = 0;
	record->result = DOCUMENT_NO_RESULT;
	record->inventory = false;
	record->bytes = record->bytes_kept = record->disks_read = 0;
	record->mark = MARK_NOTHING;
	record->told_done = 0;
	record->skipped = false;
	free(steal(record->state));
	free(steal(record->reason));
}

static void enter(struct record *record, const char *state, const char *reason, int64_t since)
{
	free(record->state);
	record->state = text_copy(state);
	free(record->reason);
	record->reason = text_copy(reason);
	record->since = since;
}

static void take_changes(struct record *record, const struct document *document, int64_t now)
{
	for (size_t i = 0; i < document->changes; i++) {
		const struct document_change *change = &document->change[i];

		if (change->number <= record->numbers)
			continue;
		if (change->number == 1)
			record->started = record_moment(document, change, now);
		record->numbers = change->number;
		enter(record, change->state, change->reason, record_moment(document, change, now));
	}
}

/*
 * Another try of virt-v2v begins at 0 again: all that was read counts. What was read after the last
 * report of progress only the end tells.
 */
static void take_bytes(struct record *record, const struct document *document)
{
	uint64_t read = 0;

	for (size_t i = 0; i < document->disks; i++)
		if (document->disk[i].read != DOCUMENT_UNKNOWN)
			read += document->disk[i].read;
	record->bytes += read >= record->disks_read ? read - record->disks_read : read;
	record->disks_read = read;
	if (document->bytes != DOCUMENT_UNKNOWN && document->bytes > record->bytes)
		record->bytes = document->bytes;
}

static void take_found(struct record *record, struct document *document)
{
	if (document->inventory)
		record->inventory = true;
	if (!document->found)
		return;
	sd_json_variant_unref(record->found);
	record->found = sd_json_variant_ref(document->found);
	record->found_hours = document->hours;
	list_free(record->warnings);
	record->warnings = list_copy(document->warnings);
}

static void take_result(struct record *record, const struct document *document, int64_t now)
{
	if (document->result == DOCUMENT_NO_RESULT) {
		/* Somebody at the machine has begun again. */
		record->result = DOCUMENT_NO_RESULT;
		record->ended = 0;
		return;
	}
	if (record->result == DOCUMENT_NO_RESULT)
		record->ended = now;
	record->result = document->result;
	if (document->reason) {
		free(record->reason);
		record->reason = text_copy(document->reason);
	}
}

void record_take(struct record *record, struct document *document, int64_t now, int64_t steady)
{
	if (record_is_other_run(record, document))
		begin_run(record, document, now);
	take_changes(record, document, now);
	record->seen = now;
	record->heard = steady;
	record->changed = true;
	if (document->sequence <= record->last.sequence)
		return;
	take_bytes(record, document);
	take_found(record, document);
	take_result(record, document, now);
	if (document->state && (!record->state || strcmp(record->state, document->state) != 0) &&
	    document->result == DOCUMENT_NO_RESULT)
		enter(record, document->state, NULL, now);
	document_keep(document, &record->last);
	document_clear(&record->last);
	record->last = *document;
	*document = (struct document){ .result = DOCUMENT_NO_RESULT };
}

/* Of what is not known of one disk, the sum is not known. */
static void add(uint64_t *sum, uint64_t number)
{
	*sum = *sum == DOCUMENT_UNKNOWN || number == DOCUMENT_UNKNOWN ? DOCUMENT_UNKNOWN :
									*sum + number;
}

struct record_sum record_sum(const struct record *record)
{
	struct record_sum sum = { 0 };
	bool rate = false;

	if (!record->last.disks)
		return (struct record_sum){ DOCUMENT_UNKNOWN, DOCUMENT_UNKNOWN, DOCUMENT_UNKNOWN,
					    DOCUMENT_UNKNOWN, DOCUMENT_UNKNOWN };
	for (size_t i = 0; i < record->last.disks; i++) {
		const struct document_disk *disk = &record->last.disk[i];

		if (disk->rate != DOCUMENT_UNKNOWN) {
			rate = true;
			sum.rate += disk->rate;
		}
		add(&sum.size, disk->size);
		add(&sum.used, disk->used);
		add(&sum.read, disk->read);
		/* They are copied one after the other, or at the same time by the same line. */
		add(&sum.remaining, disk->remaining);
	}
	if (!rate)
		sum.rate = DOCUMENT_UNKNOWN;
	return sum;
}
