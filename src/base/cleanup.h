/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scope cleanup: what a function owns is freed when its scope ends, on every way
 * out of it. Initialise such a variable where you declare it; hand ownership on
 * with steal().
 */
#ifndef P2VD_CLEANUP_H
#define P2VD_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(int *descriptor)
{
	if (*descriptor >= 0) {
		int saved = errno;

		close(*descriptor);
		errno = saved;
	}
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define AUTO_FREE CLEANUP(cleanup_free)     /* char *, or any malloc()ed pointer */
#define AUTO_CLOSE CLEANUP(cleanup_close)   /* int, -1 when there is none */
#define AUTO_FCLOSE CLEANUP(cleanup_fclose) /* FILE * */

/* Takes the pointer's value and leaves NULL behind, so that cleanup does nothing. */
#define steal(pointer)                                   \
	__extension__({                                  \
		__typeof__(pointer) stolen_ = (pointer); \
		(pointer) = NULL;                        \
		stolen_;                                 \
	})

#endif
