/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk says of its own health (SMART), asked by the kernel's own interfaces. Reads from the
 * drive's logs only; nothing is started, set or written.
 */
#ifndef P2VD_SMART_H
#define P2VD_SMART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMART_UNKNOWN UINT64_MAX

struct smart {
	bool known;   /* whether it is failing */
	bool failing;
	uint64_t reallocated, pending; /* sectors of an ATA disk; SMART_UNKNOWN */
	uint64_t media_errors;         /* of an NVMe disk; likewise */
};

/* Asks the disk @path. Needs root, and may hang as long as the disk does: see question.h. */
struct smart smart_ask(const char *path);

/* "SMART: failing, 8 reallocated sectors, 2 pending"; NULL: nothing is known. The caller frees. */
char *smart_text(const struct smart *smart);

/* The parts of smart_ask() that read what a drive has answered. Each adds to @smart. */

/* Sense data of an ATA pass-through whose command was SMART RETURN STATUS. */
void smart_read_ata_status(struct smart *smart, const uint8_t *sense, size_t length);
/* What SMART READ DATA returns. */
void smart_read_ata_data(struct smart *smart, const uint8_t data[static 512]);
/* Log page 02h of NVMe. */
void smart_read_nvme(struct smart *smart, const uint8_t log[static 512]);
/* Log page 2Fh of SCSI, informational exceptions. */
void smart_read_scsi(struct smart *smart, const uint8_t *log, size_t length);

#endif
