// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a disk's begin and end. The first two say where the rest lies:
 * at the begin, or at one of the places where superblocks are looked for.
 */
#include "base/memory.h"
#include "disks/member.h"
#include "run-files.h"

#include <stdlib.h>
#include <string.h>

static void check(const char *text)
{
	for (; text && *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

static void parse(const uint8_t *head, size_t head_length, const uint8_t *tail, size_t tail_length,
		  uint64_t size)
{
	struct member member;

	if (member_parse(&member, head, head_length, tail, tail_length, size) !=
	    (member.kind != MEMBER_NONE))
		abort();
	check(member.name);
	check(member.id);
	for (size_t i = 0; member.devices && member.devices[i]; i++)
		check(member.devices[i]);
	member_clear(&member);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t places[] = {
		0, 512, 4096, 65536, MEMBER_TAIL - 65536, MEMBER_TAIL - 8192, MEMBER_TAIL - 1024
	};
	static uint8_t area[MEMBER_TAIL];
	size_t at = size > 2 ? places[data[0] % COUNT(places)] : 0;
	bool is_tail = size > 2 && data[1] & 1;
	size_t room = sizeof(area) - at, length = size > 2 ? size - 2 : 0;

	/* Exactly as large as it says, so that reading on is seen. */
	parse(data, size, data, size, size);
	parse(data, size, data, size, UINT64_MAX);
	memset(area, 0, sizeof(area));
	memcpy(area + at, data + (size - length), length < room ? length : room);
	if (is_tail)
		parse(NULL, 0, area, sizeof(area), (uint64_t)1 << 30);
	else
		parse(area, sizeof(area), NULL, 0, (uint64_t)1 << 30);
	return 0;
}
