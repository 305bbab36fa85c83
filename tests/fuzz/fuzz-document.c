// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a report of a machine: read, and taken into what is known of the machine. */
#include "base/cleanup.h"
#include "fleet/record.h"
#include "run-files.h"

#include <string.h>

static void expect_safe(const char *text, size_t most)
{
	if (!text)
		return;
	if (!*text || strlen(text) > most)
		abort();
	expect_plain(NULL, 0, text);
}

static void check(const struct document *document)
{
	if (!document->run || !document->sequence || !document->data || document->result < -1 ||
	    document->result > 255)
		abort();
	expect_safe(document->state, 200);
	expect_safe(document->reason, 2000);
	for (size_t i = 0; i < document->changes; i++) {
		if (!document->change[i].number ||
		    (i && document->change[i].number < document->change[i - 1].number))
			abort();
		expect_safe(document->change[i].state, 200);
	}
	for (size_t i = 0; i < document->disks; i++)
		if (document->disk[i].size != DOCUMENT_UNKNOWN &&
		    document->disk[i].size > DOCUMENT_NUMBER_MOST)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *reason = NULL;
	struct document document;
	struct record record, copy;

	if (document_read((const char *)data, size, &document, &reason) < 0) {
		if (!reason || document.run || document.change)
			abort();
		return 0;
	}
	check(&document);
	record_init(&record, "52-54-00-12-34-01");
	record_take(&record, &document, 1000, 1000);
	if (!record.last.run || document.run)
		abort();
	record_copy(&copy, &record);
	if (strcmp(copy.last.run, record.last.run) != 0 || copy.last.disks != record.last.disks)
		abort();
	free(record_advice(&copy, NULL, record_group(&copy, NULL, 2000)));
	record_clear(&copy);
	record_clear(&record);
	document_clear(&document);
	return 0;
}
