/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers stored as bytes: little-endian on disks and in firmware's tables,
 * big-endian on networks.
 */
#ifndef P2VD_BYTES_H
#define P2VD_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* The number in the @size (at most 8) bytes at @bytes, which need not be aligned. */
uint64_t bytes_little_endian(const void *bytes, size_t size);
uint64_t bytes_big_endian(const void *bytes, size_t size);

#endif
