// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of a libssh2 session. */
#include "ssh/ssh_memory.h"

#include "base/memory.h"
#include "base/secret.h"

#include <string.h>

struct ssh_block {
	struct ssh_block *next, **link; /* what points to this one */
	size_t size;
	_Alignas(max_align_t) char data[];
};

static struct ssh_block *block_of(void *data)
{
	return (struct ssh_block *)((char *)data - offsetof(struct ssh_block, data));
}

void *ssh_memory_get(struct ssh_memory *memory, size_t size)
{
	struct ssh_block *block = memory_zero(sizeof(*block) + size, 1);

	*block = (struct ssh_block){ .next = memory->first, .link = &memory->first, .size = size };
	if (block->next)
		block->next->link = &block->next;
	memory->first = block;
	return block->data;
}

void ssh_memory_free(struct ssh_memory *memory, void *data)
{
	struct ssh_block *block = data ? block_of(data) : NULL;

	(void)memory;
	if (!block)
		return;
	*block->link = block->next;
	if (block->next)
		block->next->link = block->link;
	secret_free_length(block, sizeof(*block) + block->size);
}

void *ssh_memory_resize(struct ssh_memory *memory, void *data, size_t size)
{
	char *result = ssh_memory_get(memory, size);

	if (data)
		memcpy(result, data, block_of(data)->size < size ? block_of(data)->size : size);
	ssh_memory_free(memory, data);
	return result;
}

void ssh_memory_clear(struct ssh_memory *memory)
{
	while (memory->first)
		ssh_memory_free(memory, memory->first->data);
}
