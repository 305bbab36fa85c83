// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory, and arrays that grow. */
#include "base/memory.h"

#include <stdlib.h>

void *memory_need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

void *memory_zero(size_t count, size_t size)
{
	return memory_need(calloc(count ? count : 1, size));
}

void *memory_resize(void *array, size_t count, size_t size)
{
	return memory_need(reallocarray(array, count, size));
}
