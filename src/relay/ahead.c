// SPDX-License-Identifier: GPL-2.0-or-later
/* Which reads come one after the other, and how far to read ahead of them. */
#include "relay/ahead.h"

#include <string.h>

#define WINDOW_MIN (2U << 20) /* so far at first, then further and further */
#define REACH (8U << 20)      /* reads that come in about this order are a sequence */
#define READS 8               /* so many at least */
#define OTHERS 128            /* reads of others after which a sequence has ended */

#define ALLOWED_MIN (4U << 20)
#define MEASURED 100 /* milliseconds at least */

#define BEHIND_MIN (512U << 10)
#define BEHIND_MILLISECONDS 20 /* of the line, beside what the delay takes */
#define DELAY_MAX 1000

void ahead_measure(struct ahead *ahead, uint64_t received, bool busy, uint64_t now)
{
	uint64_t passed = now - ahead->mark_time, rate;

	if (busy && ahead->mark_time) {
		if (passed < MEASURED)
			return;
		rate = (received - ahead->mark_bytes) * 1000 / passed;
		ahead->per_second -= ahead->per_second / 4;
		if (ahead->per_second < rate)
			ahead->per_second = rate;
	}
	ahead->mark_bytes = received;
	ahead->mark_time = busy ? now : 0;
}

uint64_t ahead_allowed(const struct ahead *ahead)
{
	uint64_t half = ahead->per_second / 2;

	return half > ALLOWED_MIN ? half : ALLOWED_MIN;
}

static bool is_sequence(const struct sequence *sequence)
{
	return sequence->reads >= READS;
}

static bool goes_on(const struct ahead *ahead, const struct sequence *sequence)
{
	return is_sequence(sequence) && ahead->clock - sequence->used < OTHERS;
}

uint64_t ahead_allowed_behind(const struct ahead *ahead, uint64_t delay, bool hurry)
{
	uint64_t time = 2 * (delay < DELAY_MAX ? delay : DELAY_MAX) + BEHIND_MILLISECONDS;
	uint64_t bytes = ahead->per_second * time / 1000;

	return bytes > BEHIND_MIN && !hurry ? bytes : BEHIND_MIN;
}

uint64_t ahead_position(const struct ahead *ahead)
{
	uint64_t position = UINT64_MAX;

	for (unsigned i = 0; i < AHEAD_SEQUENCES; i++)
		if (goes_on(ahead, &ahead->sequences[i]) && ahead->sequences[i].at < position)
			position = ahead->sequences[i].at;
	return position == UINT64_MAX || position < REACH ? 0 : position - REACH;
}

bool ahead_has_passed(const struct ahead *ahead, uint64_t offset)
{
	for (unsigned i = 0; i < AHEAD_SEQUENCES; i++)
		if (goes_on(ahead, &ahead->sequences[i]) && offset >= ahead->sequences[i].begin &&
		    offset < ahead->sequences[i].at)
			return true;
	return false;
}

void ahead_forget(struct ahead *ahead)
{
	memset(ahead->sequences, 0, sizeof(ahead->sequences));
}

static uint64_t distance(uint64_t one, uint64_t other)
{
	return one > other ? one - other : other - one;
}

/* The sequence that @offset goes on with, else the one that was used least recently. */
static struct sequence *sequence_of(struct ahead *ahead, uint64_t offset)
{
	struct sequence *oldest = ahead->sequences, *best = NULL;

	for (unsigned i = 0; i < AHEAD_SEQUENCES; i++) {
		struct sequence *sequence = &ahead->sequences[i];

		if (sequence->used < oldest->used)
			oldest = sequence;
		if (sequence->used && distance(offset, sequence->at) <= REACH &&
		    (!best || distance(offset, sequence->at) < distance(offset, best->at)))
			best = sequence;
	}
	if (best)
		return best;
	*oldest = (struct sequence){
		.begin = offset, .at = offset, .ahead = offset, .window = WINDOW_MIN
	};
	return oldest;
}

void ahead_note(struct ahead *ahead, uint64_t offset, uint64_t end)
{
	struct sequence *sequence = sequence_of(ahead, offset);

	sequence->used = ++ahead->clock;
	sequence->reads++;
	if (sequence->begin > offset) /* nbdkit's first reads come in any order */
		sequence->begin = offset;
	if (end > sequence->at) {
		uint64_t window = sequence->window + 2 * (end - sequence->at);

		sequence->window = window < AHEAD_MAX ? (uint32_t)window : AHEAD_MAX;
		sequence->at = end;
	}
	if (sequence->ahead < sequence->at)
		sequence->ahead = sequence->at;
}

/* Where another one has begun, all was read already. */
static uint64_t end_of(const struct ahead *ahead, const struct sequence *sequence, uint64_t window)
{
	uint64_t end = sequence->at + window;

	for (unsigned i = 0; i < AHEAD_SEQUENCES; i++) {
		const struct sequence *other = &ahead->sequences[i];

		if (other != sequence && is_sequence(other) && other->begin >= sequence->at &&
		    other->begin < end)
			end = other->begin;
	}
	return end;
}

struct sequence *ahead_next(struct ahead *ahead, uint64_t size)
{
	struct sequence *next = NULL;
	unsigned count = 0;

	for (unsigned i = 0; i < AHEAD_SEQUENCES; i++)
		count += goes_on(ahead, &ahead->sequences[i]);
	for (unsigned i = 0; i < AHEAD_SEQUENCES && count; i++) {
		struct sequence *sequence = &ahead->sequences[i];
		uint64_t most = AHEAD_MAX / count, end;

		if (!goes_on(ahead, sequence))
			continue;
		end = end_of(ahead, sequence, sequence->window < most ? sequence->window : most);
		if (sequence->ahead < (end < size ? end : size) &&
		    (!next || sequence->ahead - sequence->at < next->ahead - next->at))
			next = sequence;
	}
	return next;
}
