// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as those of a superblock or LVM volume. The first one says what libblkid
 * has taken them for, the second in which sector a volume's label is. What stands behind the
 * first sector is what a superblock refers to.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *const types[] = { "LVM2_member",
				       "linux_raid_member",
				       "isw_raid_member",
				       "ddf_raid_member",
				       "btrfs",
				       "bcache",
				       "ldm" };
	struct signature signature = { .id = "id" };
	struct member member;

	if (size < 2)
		return 0;
	signature.type = types[data[0] % COUNT(types)];
	signature.offset = data[1] * 512ULL + 24;
	if (member_parse(&member, &signature, data + 2, size - 2) != (member.kind != MEMBER_NONE))
		abort();
	if (size > 2 + 512)
		member_parse_more(&member, data + 2 + 512, size - 2 - 512);
	check(member.name);
	check(member.id);
	for (size_t i = 0; member.devices && member.devices[i]; i++)
		check(member.devices[i]);
	member_clear(&member);
	return 0;
}
