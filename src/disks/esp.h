/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which systems an EFI system partition starts, by the directories that they have in its directory
 * EFI. It is a FAT file system, whose form is in Microsoft's "FAT32 File System Specification".
 */
#ifndef P2VD_ESP_H
#define P2VD_ESP_H

#include <stddef.h>
#include <stdint.h>

/* How much of the partition's begin to hand over: its first directories are there. */
#define ESP_BEGIN ((size_t)4 << 20)

/*
 * @bytes: the partition's begin, which may be cut off anywhere. Returns names, "Debian", "Windows",
 * as a list; NULL: none that is known. Only the first part of each directory is looked at. No
 * I/O. The caller frees.
 */
char **esp_systems(const uint8_t *bytes, size_t length);

#endif
