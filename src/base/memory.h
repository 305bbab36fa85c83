/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory, and arrays that grow.
 *
 * If there is no memory, the process aborts, so no caller checks for NULL: without
 * a few kilobytes the daemon cannot convert a machine.
 */
#ifndef P2VD_MEMORY_H
#define P2VD_MEMORY_H

#include <stddef.h>

/* The number of elements of an array whose size the compiler knows. */
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* @memory, which a function of the C library has allocated. */
void *memory_need(void *memory) __attribute__((returns_nonnull));

/* Zeroed memory for @count things of @size bytes. The caller frees. */
void *memory_zero(size_t count, size_t size);

/* Resizes @array (NULL: makes a new one) to @count things of @size bytes. The caller
 * frees the result instead of @array. */
void *memory_resize(void *array, size_t count, size_t size);

/* Appends @element to @array, which has @count elements and grows by one. */
#define APPEND(array, count, element)                                            \
	do {                                                                     \
		(array) = memory_resize((array), (count) + 1, sizeof(*(array))); \
		(array)[(count)++] = (element);                                  \
	} while (0)

#endif
