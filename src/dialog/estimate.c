// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long a conversion may take: the size of the disks, and what the fastest network card with a
 * link could carry. Nobody has measured the way to the server before the copying begins, so the
 * answer is a wide range, and says what it assumes.
 */
#include "dialog/estimate.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "client/field.h"

#include <inttypes.h>
#include <string.h>

/* Bytes per second that one disk and one encrypted connection rarely exceed. */
#define ROTATING 150000000ULL
#define OTHER 400000000ULL
#define SLOWER 4 /* so many times slower is the other end of the range */

struct known {
	uint64_t bytes, most; /* of all disks; per second */
	const char *card;     /* the one with the fastest link */
	uint64_t speed;       /* its Mbit/s */
};

static void look_at_disks(struct known *known, sd_json_variant *inventory)
{
	known->most = OTHER;
	for (size_t i = 0; i < field_count(inventory, "disks"); i++) {
		sd_json_variant *disk = field_element(inventory, "disks", i);

		known->bytes += field_number(disk, "size", 0);
		if (field_truth(disk, "rotational"))
			known->most = ROTATING;
	}
}

static void look_at_cards(struct known *known, sd_json_variant *inventory)
{
	for (size_t i = 0; i < field_count(inventory, "interfaces"); i++) {
		sd_json_variant *card = field_element(inventory, "interfaces", i);
		uint64_t speed = field_number(card, "speed", 0);

		if (!field_truth(card, "link") || speed <= known->speed)
			continue;
		known->speed = speed;
		known->card = field_text(card, "name") ?: "?";
	}
}

/* Rounded up: "8 minutes", "3 hours". The caller frees. */
static char *time_text(uint64_t seconds)
{
	const uint64_t minutes = seconds / 60 + 1;

	if (minutes < 120)
		return text_format("%" PRIu64 " minute%s", minutes, minutes > 1 ? "s" : "");
	return text_format("%" PRIu64 " hours", (minutes + 59) / 60);
}

char *estimate_text(const struct mirror *mirror)
{
	struct known known = { 0 };
	AUTO_FREE char *size = NULL, *least = NULL, *longest = NULL;
	const char *copy = mirror_value(mirror, "p2v.copy");
	const bool all = copy && !strcmp(copy, "all");
	uint64_t rate;
	bool same;

	look_at_disks(&known, mirror->inventory);
	/* Not only the cards that the guest gets: the way to the server may be another. */
	look_at_cards(&known, mirror->everything ?: mirror->inventory);
	if (!known.bytes || !known.speed)
		return NULL;
	rate = known.speed * 1000000 / 8 * 9 / 10; /* without what the protocols need */
	if (rate > known.most)
		rate = known.most;
	size = text_bytes(known.bytes);
	least = time_text(known.bytes / rate);
	longest = time_text(known.bytes / rate * SLOWER);
	same = !strcmp(least, longest);
	return text_format("It may take %s%s%s to copy %s. This is no measurement: it assumes %sthat the way to the server carries between nearly all and a quarter of what '%s' does, %" PRIu64
			   " Mbit/s, but not more than %" PRIu64
			   " MB/s. What virt-v2v does besides takes some minutes.",
			   least, same ? "" : " to ", same ? "" : longest, size,
			   all ? "" :
				 "that the disks are full (free space is left out, and saves time), and ",
			   known.card, known.speed, known.most / 1000000);
}
