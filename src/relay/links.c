// SPDX-License-Identifier: GPL-2.0-or-later
/* All connections to a disk's export on the machine. */
#include "relay/links.h"

void links_add(struct links *links, struct link *link)
{
	links->list[links->count++] = link;
}

void links_remove(struct links *links, struct link *link)
{
	size_t i = 0;

	while (links->list[i] != link)
		i++;
	links->list[i] = links->list[--links->count];
	links->received += link_received(link);
	link_free(link);
}

void links_end(struct links *links)
{
	while (links->count)
		links_remove(links, links->list[0]);
}

bool links_are_there(const struct links *links)
{
	for (size_t i = 0; i < links->count; i++)
		if (link_is_up(links->list[i]))
			return true;
	return false;
}

unsigned links_up(const struct links *links)
{
	unsigned up = 0;

	for (size_t i = 0; i < links->count; i++)
		up += link_is_up(links->list[i]) && !link_is_silent(links->list[i]);
	return up;
}

struct link *links_silent(const struct links *links)
{
	for (size_t i = links_up(links) ? links->count : 0; i > 0; i--)
		if (link_is_silent(links->list[i - 1]))
			return links->list[i - 1];
	return NULL;
}

struct link *links_overtaken(const struct links *links)
{
	for (size_t i = links_up(links) ? links->count : 0; i > 0; i--)
		if (link_is_overtaken(links->list[i - 1], links->list, links->count))
			return links->list[i - 1];
	return NULL;
}

struct link *links_best(const struct links *links)
{
	struct link *best = NULL;

	for (size_t i = 0; i < links->count; i++) {
		struct link *link = links->list[i];

		if (link_room(link) && !link_is_silent(link) &&
		    (!best || link_load(link) < link_load(best)))
			best = link;
	}
	return best;
}

uint64_t links_received(const struct links *links)
{
	uint64_t received = links->received;

	for (size_t i = 0; i < links->count; i++)
		received += link_received(links->list[i]);
	return received;
}
