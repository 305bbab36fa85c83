/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libblkid finds on a disk or partition: the signature of a file system, an array or
 * a volume; and partitions. It opens ROOT/dev/NAME read-only and asks neither a cache nor
 * udev. On what cannot be read, nothing is found.
 */
#ifndef P2VD_SIGNATURE_H
#define P2VD_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

struct signature {
	char *type;  /* libblkid's word for it: "linux_raid_member", "iso9660"; or "ldm" */
	char *id;    /* the UUID as text; NULL where it has none */
	char *label; /* NULL where it has none; plain text (text.h) */
	uint64_t offset; /* where the signature's magic number stands, in bytes */
};

/*
 * Finds the first signature of @types (NULL-terminated) in libblkid's own order: of arrays,
 * volumes, file systems. For what is on an array can be seen on its members, too. Then "ldm",
 * which libblkid does not know: a disk whose partitions are those of Windows' dynamic disks.
 * False where there is none. The caller hands it to signature_clear() in any case.
 */
bool signature_read(struct signature *signature, const char *root, const char *kernel_name,
		    char *const *types);

void signature_clear(struct signature *signature);

/* Whether a disk has the partition @number (from 1) with that id: its GUID in a GPT,
 * "1234abcd-02" for the second partition of an MBR with that signature. */
bool signature_has_partition(const char *root, const char *kernel_name, int number, const char *id);

#endif
