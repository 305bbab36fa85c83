// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory for a disk's data that several may hold. */
#include "relay/buffer.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

#define KEPT_MAX 64

static struct buffer *kept[KEPT_MAX];
static size_t kept_count;

struct buffer *buffer_new(size_t length, size_t *in_use)
{
	/* One that is much smaller than those that are kept would waste them. */
	bool usual = length > BUFFER_LENGTH / 4 && length <= BUFFER_LENGTH;
	size_t room = usual ? BUFFER_LENGTH : length;
	struct buffer *buffer = usual && kept_count ? kept[--kept_count] :
						      memory_need(malloc(sizeof(*buffer) + room));

	buffer->in_use = in_use;
	buffer->room = room;
	buffer->references = 1;
	*in_use += room;
	return buffer;
}

struct buffer *buffer_hold(struct buffer *buffer)
{
	buffer->references++;
	return buffer;
}

void buffer_drop(struct buffer *buffer)
{
	if (!buffer || --buffer->references)
		return;
	*buffer->in_use -= buffer->room;
	if (buffer->room == BUFFER_LENGTH && kept_count < KEPT_MAX)
		kept[kept_count++] = buffer;
	else
		free(buffer);
}

void buffer_end(void)
{
	while (kept_count)
		free(kept[--kept_count]);
}
