/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for a disk's data that several may hold: who waits for it, who sends it, the
 * store that writes it. It is freed when the last one drops it. References are counted
 * by the one thread that serves connections; others only read the data.
 */
#ifndef P2VD_BUFFER_H
#define P2VD_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/* The length up to which buffers are kept for the next one who wants one. */
#define BUFFER_LENGTH (256U << 10)

struct buffer {
	size_t *in_use; /* counts the bytes of all buffers that were made with it */
	size_t room;    /* allocated bytes */
	unsigned references;
	uint8_t data[];
};

/* A buffer with one reference, for @length bytes, not zeroed. @in_use grows by them. */
struct buffer *buffer_new(size_t length, size_t *in_use);
struct buffer *buffer_hold(struct buffer *buffer);

/* NULL is fine. */
void buffer_drop(struct buffer *buffer);

/* Frees what is kept. */
void buffer_end(void);

#endif
