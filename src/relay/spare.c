// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether the server's processors have time to spare. */
#include "relay/spare.h"
#include "base/cleanup.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

uint64_t spare_read(const char *text, unsigned ticks_per_second)
{
	uint64_t idle, waiting;

	/* cpu USER NICE SYSTEM IDLE IOWAIT ... */
	if (sscanf(text, "cpu %*u %*u %*u %" SCNu64 " %" SCNu64, &idle, &waiting) != 2)
		return 0;
	return (idle + waiting) * 1000 / ticks_per_second;
}

bool spare_note(struct spare *spare, uint64_t idle, uint64_t now)
{
	bool first = !spare->looked;
	bool enough = !idle || (idle - spare->idle) * 2 >= now - spare->looked;

	spare->idle = idle;
	spare->looked = now;
	return enough && !first;
}

bool spare_look(struct spare *spare, uint64_t now)
{
	AUTO_CLOSE int fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	long ticks = sysconf(_SC_CLK_TCK);
	char text[256] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		*text = '\0';
	return spare_note(spare, spare_read(text, ticks > 0 ? (unsigned)ticks : 100), now);
}
