// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of several servers will serve this machine first. */
#include "conversion/choice.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdlib.h>

bool choice_looks(unsigned minutes, unsigned place)
{
	return minutes >= (place < CHOICE_MINUTES_MOST ? place : CHOICE_MINUTES_MOST);
}

bool offer_is_free(const struct offer *offer)
{
	const struct queue_look *look = &offer->look;

	/* Those before it take theirs first. */
	return !offer->wrong && (look->slot || look->taken + look->place <= look->slots);
}

static unsigned free_slots(const struct offer *offer)
{
	const struct queue_look *look = &offer->look;

	return offer_is_free(offer) && !look->slot ? look->slots - look->taken - look->place + 1 :
						     0;
}

/* Whether @one is better than @other. Both can serve it. */
static bool is_better(const struct offer *one, const struct offer *other)
{
	const struct queue_look *a = &one->look, *b = &other->look;

	if (a->slot != b->slot)
		return a->slot;
	if (offer_is_free(one) || offer_is_free(other))
		return free_slots(one) > free_slots(other);
	if (a->seconds != QUEUE_UNKNOWN && b->seconds != QUEUE_UNKNOWN)
		return a->seconds < b->seconds;
	return (uint64_t)a->place * b->slots < (uint64_t)b->place * a->slots;
}

int choice_best(const struct offer *const *offers, size_t count, size_t first)
{
	int best = -1;

	for (size_t turn = 0; turn < count; turn++) {
		size_t i = (first + turn) % count;

		if (offers[i] && !offers[i]->wrong &&
		    (best < 0 || is_better(offers[i], offers[best])))
			best = (int)i;
	}
	return best;
}

char *offer_text(const struct offer *offer)
{
	const struct queue_look *look = &offer->look;
	AUTO_FREE char *duration = text_duration(look->seconds);
	bool known = look->seconds && look->seconds != QUEUE_UNKNOWN;

	if (offer->wrong)
		return text_copy(offer->wrong);
	if (look->slot)
		return text_copy("this machine has a slot there");
	if (offer_is_free(offer))
		return text_format("%u of %u slots %s free", look->slots - look->taken, look->slots,
				   look->slots == 1 ? "is" : "are");
	return text_format("%u of %u slots %s taken, this machine would have place %u%s%s",
			   look->taken, look->slots, look->slots == 1 ? "is" : "are", look->place,
			   known ? "; about " : "", known ? duration : "");
}

void offer_clear(struct offer *offer)
{
	free(offer->wrong);
	*offer = (struct offer){ 0 };
}
