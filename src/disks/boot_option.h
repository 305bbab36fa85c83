/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of UEFI's boot options: a Boot#### as BootOrder lists it, and the partition that
 * it names (UEFI Specification 2.10, 3.1.3 and 10.3.5.1). No I/O.
 */
#ifndef P2VD_BOOT_OPTION_H
#define P2VD_BOOT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct boot_option {
	int partition; /* from 1 */
	char id[37];   /* the partition's, as signature_has_partition() takes it */
};

/*
 * @variable: a Boot#### as in efivarfs, with the attributes before it. False
 * where it is switched off, damaged, or names no partition (a network card, a
 * shell, a whole disk).
 */
bool boot_option_parse(struct boot_option *option, const uint8_t *variable, size_t length);

#endif
