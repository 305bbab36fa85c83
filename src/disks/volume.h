/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is on a disk, for people: its partitions, with what each holds; or the file system, array
 * or volume group that has all of it. Nothing is mounted or assembled for that, so what is
 * within an encrypted partition or a volume group is not known.
 */
#ifndef P2VD_VOLUME_H
#define P2VD_VOLUME_H

#include <stddef.h>
#include <stdint.h>

struct volume {
	char *name;    /* "sda2", as people write it; "partition 2" of a file */
	uint64_t size; /* bytes */
	char *purpose; /* what its partition table says, "EFI system"; NULL: nothing special */
	char *type; /* libblkid's word for what it holds, "ext4"; NULL: nothing that it knows */
	char *label; /* of a file system; NULL: none */
	char *starts; /* which systems an EFI system partition starts: "Debian, Windows"; or NULL */
	char *set; /* what it is a part of, "LVM volume group 'vg0'"; NULL: no set */
};

struct volumes {
	struct volume *volume;
	size_t count;
};

/* @volumes is empty then. */
void volumes_clear(struct volumes *volumes);

/* What it is, without its name: "EFI system, FAT 'ESP', starts Debian, 512 MiB". The caller frees. */
char *volume_text(const struct volume *volume);

/* A line for each, "sda1: EFI system, FAT, 512 MiB", and then those of @sets (of struct disk) that
 * none of them names. The caller frees the list. */
char **volumes_lines(const struct volumes *volumes, char *const *sets);

#endif
