/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory modules in the firmware's DMI table (System Management BIOS Reference
 * Specification 3.x, structures 16 and 17). No I/O.
 */
#ifndef P2VD_DMI_H
#define P2VD_DMI_H

#include <stddef.h>
#include <stdint.h>

struct dmi_module {
	char *slot;     /* "DIMM_A1"; NULL where unknown */
	uint64_t bytes;
	unsigned speed; /* MT/s, 0 where unknown */
};

struct dmi {
	struct dmi_module *module; /* only system memory, in the order of the table */
	size_t count;
	uint64_t memory; /* bytes in all modules */
};

/* @table: the structures as in /sys/firmware/dmi/tables/DMI. Never fails: reading
 * stops at the first structure that is cut off or wrong. All text is printable ASCII. */
void dmi_parse(struct dmi *dmi, const uint8_t *table, size_t length);
void dmi_clear(struct dmi *dmi);

#endif
