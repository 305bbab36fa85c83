/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libblkid finds on a disk or partition: the signature of a file system, an array or
 * a volume; and partitions. It opens the node (disk_node()) read-only and asks neither a cache
 * nor udev. On what cannot be read, nothing is found.
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
bool signature_read(struct signature *signature, const char *root, const char *name,
		    char *const *types);

void signature_clear(struct signature *signature);

/* The number of each partition (from 1) and its id, "2 33323130-3534-3736-3839-616263646566":
 * its GUID in a GPT; "2 1234abcd-02" in an MBR with that signature. Those without an id are left
 * out. NULL for none; the caller frees. */
char **signature_partitions(const char *root, const char *name);

#endif
