/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What UEFI's variables say of the disk that a machine starts from: BootOrder,
 * and the Boot#### that it lists (UEFI Specification 2.10, 3.1.3 and 10.3.5.1).
 * No I/O.
 */
#ifndef P2VD_BOOT_OPTION_H
#define P2VD_BOOT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct boot_option {
	uint32_t partition;    /* from 1 */
	/* The partition's unique GUID as GPT has it, or 4 bytes of the MBR's signature. */
	uint8_t signature[16];
	bool gpt;
};

/*
 * @variable: a Boot#### as in efivarfs, with the attributes before it. False
 * where it is switched off, damaged, or names no partition (a network card, a
 * shell, a whole disk).
 */
bool boot_option_parse(struct boot_option *option, const uint8_t *variable, size_t length);

#endif
