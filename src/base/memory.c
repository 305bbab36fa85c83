// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory, and arrays that grow. */
#include "base/memory.h"

#include <stdlib.h>

void *memory_zero(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		abort();
	return memory;
}

void *memory_resize(void *array, size_t count, size_t size)
{
	void *memory = reallocarray(array, count, size);

	if (!memory)
		abort();
	return memory;
}
