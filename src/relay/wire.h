/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message in the making: bytes that grow, numbers big-endian. */
#ifndef P2VD_WIRE_H
#define P2VD_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed to begin with. */
struct wire {
	uint8_t *data;
	size_t length;
	size_t room; /* bytes that are allocated at @data */
};

void wire_number(struct wire *wire, uint64_t number, size_t size);
void wire_bytes(struct wire *wire, const void *bytes, size_t length);

/* Drops the first @length bytes, which have been sent. */
void wire_drop(struct wire *wire, size_t length);
void wire_free(struct wire *wire);

#endif
