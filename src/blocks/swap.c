// SPDX-License-Identifier: GPL-2.0-or-later
/* What swap space uses: its header, which lies in the first page. One that holds a hibernated
 * system has another type, and all of it counts as used. */
#include "blocks/kinds.h"

#define LARGEST_PAGE 65536

int swap_inspect(struct inspection *inspection, char **reason)
{
	const uint64_t size = inspection->piece->size;

	(void)reason;
	inspection_used(inspection, 0, size < LARGEST_PAGE ? size : LARGEST_PAGE);
	return 0;
}
