// SPDX-License-Identifier: GPL-2.0-or-later
/* Which units of a disk are used. */
#include "blocks/extents.h"

#include "base/memory.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALLEST_SHIFT 12
#define FIRST_ROOM 1024
#define MOST_ASIDE 65536 /* extents in short runs, which are sorted by themselves */

static uint64_t end_of(const struct extent *extent)
{
	return (uint64_t)extent->first + extent->count;
}

/* Units between this one and the one before it in the list. */
static uint32_t gap_before(const struct extent *extent)
{
	return extent->first - (uint32_t)end_of(extent - 1);
}

/* How many bits the number has. */
static unsigned bits_of(uint32_t number)
{
	return number ? 32 - (unsigned)__builtin_clz(number) : 0;
}

void extents_start(struct extents *extents, uint64_t size)
{
	*extents = (struct extents){ .size = size, .shift = SMALLEST_SHIFT };
	while (size >> extents->shift >= UINT32_MAX)
		extents->shift++;
}

/* Joins some of those that are closest to each other, until there is room for an eighth more. */
static void coarsen(struct extents *extents)
{
	size_t wanted = extents->most / 8 + 1, near[33] = { 0 }, kept = 1;
	unsigned bits = 0;

	extents_sort(extents);
	if (extents->count + wanted <= extents->most)
		return;
	for (size_t i = 1; i < extents->count; i++)
		near[bits_of(gap_before(extents->extent + i))]++;
	for (size_t sum = near[0]; sum < wanted && bits < 32; sum += near[bits])
		bits++;
	for (size_t i = 1; i < extents->count; i++) {
		struct extent next = extents->extent[i], *last = extents->extent + kept - 1;

		if (wanted && bits_of(next.first - (uint32_t)end_of(last)) <= bits) {
			last->count = (uint32_t)(end_of(&next) - last->first);
			wanted--;
		} else {
			extents->extent[kept++] = next;
		}
	}
	extents->count = kept;
}

static void append(struct extents *extents, uint64_t first, uint64_t end)
{
	if (extents->most && extents->count == extents->most)
		coarsen(extents);
	if (extents->count == extents->room) {
		/* Of a large block, the kernel moves the pages: there is never a second copy. */
		extents->room = extents->room ? extents->room + extents->room / 2 : FIRST_ROOM;
		if (extents->most && extents->room > extents->most)
			extents->room = extents->most;
		extents->extent = memory_resize(extents->extent, extents->room,
						sizeof(*extents->extent));
	}
	extents->extent[extents->count++] = (struct extent){ (uint32_t)first,
							     (uint32_t)(end - first) };
}

/* Makes the last one longer where [@first, @end) overlaps or touches it and does not begin before
 * it. */
static bool join_last(struct extents *extents, uint64_t first, uint64_t end)
{
	struct extent *last;

	if (!extents->count)
		return false;
	last = extents->extent + extents->count - 1;
	if (first < last->first || first > end_of(last))
		return false;
	if (end > end_of(last))
		last->count = (uint32_t)(end - last->first);
	return true;
}

void extents_add(struct extents *extents, uint64_t offset, uint64_t length)
{
	uint64_t unit = (uint64_t)1 << extents->shift, first, end;

	if (!length || offset >= extents->size)
		return;
	if (length > extents->size - offset)
		length = extents->size - offset;
	first = offset >> extents->shift;
	end = (offset + length - 1) / unit + 1;
	if (join_last(extents, first, end))
		return;
	append(extents, first, end);
	if (extents->count > 1 && first < extents->extent[extents->count - 2].first)
		extents->unsorted = true;
}

static void sift(struct extent *extent, size_t root, size_t count)
{
	struct extent moved = extent[root];
	size_t child;

	while ((child = 2 * root + 1) < count) {
		if (child + 1 < count && extent[child].first < extent[child + 1].first)
			child++;
		if (extent[child].first <= moved.first)
			break;
		extent[root] = extent[child];
		root = child;
	}
	extent[root] = moved;
}

/* In place: qsort(3) of some libraries takes as much memory again. */
static void heap_sort(struct extent *extent, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sift(extent, i, count);
	for (size_t left = count; left > 1; left--) {
		struct extent largest = extent[0];

		extent[0] = extent[left - 1];
		extent[left - 1] = largest;
		sift(extent, 0, left - 1);
	}
}

/* Where the ascending run ends that begins at @from. */
static size_t run_from(const struct extents *extents, size_t from)
{
	size_t end = from + 1;

	while (end < extents->count && extents->extent[end].first >= extents->extent[end - 1].first)
		end++;
	return end;
}

/* Takes the short runs out, @count of them: the others move up. */
static struct extent *take_short_runs(struct extents *extents, size_t *count)
{
	struct extent *aside = memory_zero(MOST_ASIDE, sizeof(*aside));
	size_t kept = 0;

	*count = 0;
	for (size_t from = 0, end; from < extents->count; from = end) {
		end = run_from(extents, from);
		if (end - from <= MOST_ASIDE - *count) {
			memcpy(aside + *count, extents->extent + from,
			       (end - from) * sizeof(*aside));
			*count += end - from;
		} else {
			memmove(extents->extent + kept, extents->extent + from,
				(end - from) * sizeof(*aside));
			kept += end - from;
		}
	}
	extents->count = kept;
	return aside;
}

/* Behind them there is room for @aside again, which is put in where it belongs. */
static void merge(struct extents *extents, const struct extent *aside, size_t count)
{
	size_t left = extents->count;

	extents->count += count;
	for (size_t to = extents->count; count; to--) {
		if (left && extents->extent[left - 1].first > aside[count - 1].first)
			extents->extent[to - 1] = extents->extent[--left];
		else
			extents->extent[to - 1] = aside[--count];
	}
}

/* The usual list is that of a few edges, then a long one that ascends, of a large file system: so
 * little has to be moved. In any other case all is sorted. */
static void put_in_order(struct extents *extents)
{
	size_t count;
	struct extent *aside = take_short_runs(extents, &count);

	if (extents->count && run_from(extents, 0) < extents->count)
		heap_sort(extents->extent, extents->count);
	heap_sort(aside, count);
	merge(extents, aside, count);
	free(aside);
}

void extents_sort(struct extents *extents)
{
	size_t count = extents->count;

	if (!extents->unsorted)
		return;
	put_in_order(extents);
	extents->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct extent next = extents->extent[i];

		if (!join_last(extents, next.first, end_of(&next)))
			extents->extent[extents->count++] = next;
	}
	extents->unsorted = false;
}

/* Bytes, cut by the disk's end. */
static void bytes_of(const struct extents *extents, size_t index, uint64_t *from, uint64_t *to)
{
	*from = (uint64_t)extents->extent[index].first << extents->shift;
	*to = end_of(extents->extent + index) << extents->shift;
	if (*to > extents->size)
		*to = extents->size;
}

void extents_each(const struct extents *extents, uint64_t offset, uint64_t length,
		  void (*used)(void *user, uint64_t offset, uint64_t length), void *user)
{
	uint64_t end = offset + length, from, to;
	size_t low = 0, high = extents->count;

	/* The first one that ends behind @offset. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		bytes_of(extents, middle, &from, &to);
		if (to > offset)
			high = middle;
		else
			low = middle + 1;
	}
	for (; low < extents->count; low++) {
		bytes_of(extents, low, &from, &to);
		if (from >= end)
			return;
		from = from > offset ? from : offset;
		to = to < end ? to : end;
		used(user, from, to - from);
	}
}

static void sum_up(void *user, uint64_t offset, uint64_t length)
{
	(void)offset;
	*(uint64_t *)user += length;
}

uint64_t extents_within(const struct extents *extents, uint64_t offset, uint64_t length)
{
	uint64_t sum = 0;

	extents_each(extents, offset, length, sum_up, &sum);
	return sum;
}

uint64_t extents_total(const struct extents *extents)
{
	return extents_within(extents, 0, extents->size);
}

void extents_invert(const struct extents *extents,
		    void (*hole)(void *user, uint64_t offset, uint64_t length), void *user)
{
	uint64_t at = 0, from, to;

	for (size_t i = 0; i < extents->count; i++) {
		bytes_of(extents, i, &from, &to);
		if (from > at)
			hole(user, at, from - at);
		at = to;
	}
	if (at < extents->size)
		hole(user, at, extents->size - at);
}

static int write_all(int descriptor, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t written = write(descriptor, at, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		at += written;
		length -= (size_t)written;
	}
	return 0;
}

int extents_write(const struct extents *extents, int descriptor)
{
	enum { AT_ONCE = 4096 };
	struct {
		char magic[8];
		uint64_t size;
		uint32_t unit, count;
	} head = { .magic = { 'P', '2', 'V', 'M', 'A', 'P', '1', '\n' },
		   .size = htole64(extents->size),
		   .unit = htole32((uint32_t)1 << extents->shift),
		   .count = htole32((uint32_t)extents->count) };
	struct extent some[AT_ONCE];
	int r = write_all(descriptor, &head, sizeof(head));

	for (size_t i = 0, n; r == 0 && i < extents->count; i += n) {
		for (n = 0; n < AT_ONCE && i + n < extents->count; n++) {
			some[n].first = htole32(extents->extent[i + n].first);
			some[n].count = htole32(extents->extent[i + n].count);
		}
		r = write_all(descriptor, some, n * sizeof(*some));
	}
	return r;
}

void extents_clear(struct extents *extents)
{
	free(extents->extent);
	*extents = (struct extents){ 0 };
}
