// SPDX-License-Identifier: GPL-2.0-or-later
/* Which systems an EFI system partition starts. */
#include "disks/esp.h"

#include "base/bytes.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

#define ENTRY 32 /* bytes */
#define NAME 11
#define DIRECTORY 0x10
#define VOLUME 0x08 /* a label, or a part of a long name */

struct fat {
	const uint8_t *bytes;
	size_t length;
	uint64_t data;    /* where cluster 2 begins */
	uint64_t cluster; /* bytes */
};

/* A part of the file system; it may be shorter than it says there. */
struct range {
	const uint8_t *bytes;
	size_t length;
};

/* Directories under EFI by their short names, which are in capitals whatever the long ones are. */
static const struct {
	const char name[NAME + 1];
	const char *system;
} loaders[] = {
	{ "MICROS~1   ", "Windows" },      { "DEBIAN     ", "Debian" },
	{ "UBUNTU     ", "Ubuntu" },       { "FEDORA     ", "Fedora" },
	{ "REDHAT     ", "Red Hat" },      { "CENTOS     ", "CentOS" },
	{ "ROCKY      ", "Rocky Linux" },  { "ALMALI~1   ", "AlmaLinux" },
	{ "ORACLE     ", "Oracle Linux" }, { "SLES       ", "SUSE" },
	{ "SLED       ", "SUSE" },         { "OPENSUSE   ", "openSUSE" },
	{ "ARCH       ", "Arch Linux" },   { "PROXMOX    ", "Proxmox VE" },
	{ "XENSER~1   ", "XenServer" },    { "VMWARE     ", "VMware ESXi" },
	{ "FREEBSD    ", "FreeBSD" },      { "SYSTEMD    ", "systemd-boot" },
};

static uint64_t number(const uint8_t *bytes, size_t offset, size_t size)
{
	return bytes_little_endian(bytes + offset, size);
}

static struct range range_of(const struct fat *fat, uint64_t offset, uint64_t size)
{
	if (offset >= fat->length)
		return (struct range){ NULL, 0 };
	if (size > fat->length - offset)
		size = fat->length - offset;
	return (struct range){ fat->bytes + offset, (size_t)size };
}

static struct range cluster(const struct fat *fat, uint64_t which)
{
	if (which < 2)
		return (struct range){ NULL, 0 };
	return range_of(fat, fat->data + (which - 2) * fat->cluster, fat->cluster);
}

/* The root directory; false if it is no FAT. */
static bool read_root(struct fat *fat, struct range *root)
{
	enum { HEAD = 512, SECTOR = 11, PER_CLUSTER = 13, RESERVED = 14, FATS = 16, ENTRIES = 17 };
	enum { FAT_SIZE = 22, BIG_FAT_SIZE = 36, ROOT = 44, MAGIC = 510 };
	uint64_t sector, fats, entries, begin;

	if (fat->length < HEAD || number(fat->bytes, MAGIC, 2) != 0xaa55)
		return false;
	sector = number(fat->bytes, SECTOR, 2);
	fats = number(fat->bytes, FAT_SIZE, 2) ?: number(fat->bytes, BIG_FAT_SIZE, 4);
	entries = number(fat->bytes, ENTRIES, 2); /* 0: FAT32 */
	begin = (number(fat->bytes, RESERVED, 2) + fats * fat->bytes[FATS]) * sector;
	fat->cluster = fat->bytes[PER_CLUSTER] * sector;
	fat->data = begin + entries * ENTRY;
	*root = entries ? range_of(fat, begin, entries * ENTRY) :
			  cluster(fat, number(fat->bytes, ROOT, 4));
	return fat->cluster;
}

/* The next directory in @directory from @offset on, or NULL. */
static const uint8_t *next(const struct range *directory, size_t *offset)
{
	enum { ATTRIBUTES = 11, DELETED = 0xe5 };

	while (*offset + ENTRY <= directory->length && directory->bytes[*offset]) {
		const uint8_t *entry = directory->bytes + *offset;

		*offset += ENTRY;
		if (*entry != DELETED && (entry[ATTRIBUTES] & (DIRECTORY | VOLUME)) == DIRECTORY)
			return entry;
	}
	return NULL;
}

static struct range range_of_entry(const struct fat *fat, const uint8_t *entry)
{
	return cluster(fat, number(entry, 20, 2) << 16 | number(entry, 26, 2));
}

static void add_systems(char ***systems, const struct range *directory)
{
	const uint8_t *entry;
	size_t offset = 0;

	while ((entry = next(directory, &offset)))
		for (size_t i = 0; i < COUNT(loaders); i++)
			if (!memcmp(entry, loaders[i].name, NAME) &&
			    !list_contains(*systems, loaders[i].system))
				list_append(systems, text_copy(loaders[i].system));
}

char **esp_systems(const uint8_t *bytes, size_t length)
{
	struct fat fat = { .bytes = bytes, .length = length };
	struct range root, efi;
	char **systems = NULL;
	const uint8_t *entry;
	size_t offset = 0;

	if (!read_root(&fat, &root))
		return NULL;
	while ((entry = next(&root, &offset))) {
		if (memcmp(entry, "EFI        ", NAME) != 0)
			continue;
		efi = range_of_entry(&fat, entry);
		add_systems(&systems, &efi);
	}
	return systems;
}
