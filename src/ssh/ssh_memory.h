/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a libssh2 session. All of it is wiped when it is freed, for it can hold the
 * password or the key. What libssh2 has forgotten is freed with the session: 1.11 loses some
 * when a login fails.
 */
#ifndef P2VD_SSH_MEMORY_H
#define P2VD_SSH_MEMORY_H

#include <stddef.h>

struct ssh_block;

/* The memory that one session uses; to be zeroed before the first use. */
struct ssh_memory {
	struct ssh_block *first;
};

/* As malloc(), realloc() and free(), without failing. */
void *ssh_memory_get(struct ssh_memory *memory, size_t size);
void *ssh_memory_resize(struct ssh_memory *memory, void *data, size_t size);
void ssh_memory_free(struct ssh_memory *memory, void *data);

/* Frees all that is left. */
void ssh_memory_clear(struct ssh_memory *memory);

#endif
