/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory, and arrays that grow.
 *
 * Memory that cannot be had ends the process (the daemon cannot convert a
 * machine without a few kilobytes, and systemd tells it): no caller checks.
 */
#ifndef P2VD_MEMORY_H
#define P2VD_MEMORY_H

#include <stddef.h>

/* How many elements an array has whose size the compiler knows. */
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Zeroed memory for @count things of @size bytes. The caller frees. */
void *memory_zero(size_t count, size_t size);

/* @array (NULL for none yet) with room for @count things of @size bytes. The caller
 * frees what is returned, and @array no longer. */
void *memory_resize(void *array, size_t count, size_t size);

/* Appends @element to @array, which has @count elements and grows by one. */
#define APPEND(array, count, element)                                            \
	do {                                                                     \
		(array) = memory_resize((array), (count) + 1, sizeof(*(array))); \
		(array)[(count)++] = (element);                                  \
	} while (0)

#endif
