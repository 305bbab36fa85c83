// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as what a server's queue says of a place in it: what is taken has a place and slots. */
#include "server/queue.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "run-files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *copy = text_copy_length((const char *)data, size);
	AUTO_FREE char *text = NULL;
	struct queue_place place;
	struct queue_look look;

	if (queue_place_read(&place, copy)) {
		if (!place.place || !place.slots)
			abort();
		text = queue_place_text(&place);
		if (!text_begins(text, "place "))
			abort();
	} else if (place.place || place.guests) {
		abort();
	}
	queue_place_clear(&place);
	if (queue_look_read(&look, copy) && (!look.place || !look.slots))
		abort();
	return 0;
}
