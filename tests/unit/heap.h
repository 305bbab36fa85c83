/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether something is left in memory that was to be wiped. */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The sanitizer's heap is elsewhere, and must not be read as a whole. */
#ifdef __SANITIZE_ADDRESS__
#define HEAP_READABLE false
#else
#define HEAP_READABLE true
#endif

/* Whether the heap holds @text anywhere, in use or freed. Only small things are in it. */
static __attribute__((unused)) bool heap_holds(const char *text)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	unsigned long start = 0, end = 0;
	bool found = false;

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, "[heap]") && sscanf(line, "%lx-%lx", &start, &end) == 2;
	if (!found)
		errx(1, "no heap in /proc/self/maps");
	fclose(maps);
	return memmem((const void *)start, end - start, text, strlen(text));
}

#endif
