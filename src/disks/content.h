/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is on a disk, as far as p2vd looks: everything that is read from the disk itself, and
 * not from sysfs. Reading may take for ever; so it is done in a process of its own
 * (reading.h), which hands the content over as bytes.
 */
#ifndef P2VD_CONTENT_H
#define P2VD_CONTENT_H

#include "disks/device.h"
#include "disks/member.h"
#include "disks/volume.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A disk or partition that belongs to a set. */
struct content_part {
	char *node; /* "sda2" */
	struct member member;
};

struct content {
	char *cd; /* the label of a CD's file system (ISO 9660) on it; NULL: it has none */
	unsigned long signature; /* the disk's own, from its first sector; 0 for none */
	char **partitions; /* number and id of each (signature.h); NULL for none */
	struct content_part *part;
	size_t parts;
	struct volumes volumes; /* for people; their "set" is NULL. None of a disk that is slow */
	bool in_use; /* somebody has the disk, or a partition, for himself: a mount, an array… */
};

/* Reads a disk and its partitions. What cannot be read counts as empty. @ask_use: finds out
 * "in_use", too, for which the disk is ours alone for a moment. The caller hands it to
 * content_free(). */
struct content *content_read(const char *root, const struct device *device, bool ask_use);

/* As bytes, for another process, and back. The caller frees. */
char *content_pack(const struct content *content, size_t *length);
struct content *content_unpack(const char *bytes, size_t length);

/* NULL is fine. */
void content_free(struct content *content);

#endif
