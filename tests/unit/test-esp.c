// SPDX-License-Identifier: GPL-2.0-or-later
/* esp.c: which systems an EFI system partition starts. */
#include "base/cleanup.h"
#include "base/list.h"
#include "disks/esp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECTOR = 512, ROOT = 3 * SECTOR, SIZE = 8 * SECTOR };

/* Boot sector, two FATs, and from the third sector on the root and clusters of a sector. */
static void put_head(uint8_t *bytes, bool fat32)
{
	memset(bytes, 0, SIZE);
	bytes[12] = SECTOR >> 8;
	bytes[13] = 1; /* sectors in a cluster */
	bytes[14] = 1; /* reserved */
	bytes[16] = 2; /* FATs */
	bytes[17] = fat32 ? 0 : SECTOR / 32;
	bytes[fat32 ? 36 : 22] = 1; /* sectors in a FAT */
	bytes[44] = fat32 ? 2 : 0;
	memcpy(bytes + 510, "\x55\xaa", 2);
}

static void put_entry(uint8_t *at, const char *name, uint8_t attributes, uint8_t cluster)
{
	memcpy(at, name, 11);
	at[11] = attributes;
	at[26] = cluster;
}

/* Both have EFI in the second entry of the root, and its directory in the sector behind that. */
static void put_all(uint8_t *bytes, bool fat32)
{
	const uint8_t efi = fat32 ? 3 : 2;
	uint8_t *directory = bytes + ROOT + SECTOR;

	put_head(bytes, fat32);
	put_entry(bytes + ROOT, "ESP        ", 0x08, 0);
	put_entry(bytes + ROOT + 32, "EFI        ", 0x10, efi);
	put_entry(directory, ".          ", 0x10, efi);
	put_entry(directory + 32, "DEBIAN     ", 0x10, 9);
	put_entry(directory + 64, "MICROS~1   ", 0x10, 10);
	put_entry(directory + 96,
		  "\xe5"
		  "EDORA     ",
		  0x10, 11); /* deleted */
	put_entry(directory + 128, "UBUNTU     ", 0x20, 12);     /* a file */
	put_entry(directory + 160, "NOBODY     ", 0x10, 13);
}

static void finds_systems(void **state)
{
	uint8_t bytes[SIZE];

	(void)state;
	for (int fat32 = 0; fat32 < 2; fat32++) {
		AUTO_LIST char **systems = NULL;
		AUTO_FREE char *joined = NULL;

		put_all(bytes, fat32);
		systems = esp_systems(bytes, sizeof(bytes));
		joined = list_join(systems, ", ");
		assert_string_equal(joined, "Debian, Windows");
	}
}

static void finds_none(void **state)
{
	uint8_t bytes[SIZE];

	(void)state;
	put_head(bytes, false);
	assert_null(esp_systems(bytes, sizeof(bytes)));
	put_all(bytes, false);
	bytes[510] = 0; /* no boot sector */
	assert_null(esp_systems(bytes, sizeof(bytes)));
	put_all(bytes, false);
	bytes[13] = 0; /* clusters without a size */
	assert_null(esp_systems(bytes, sizeof(bytes)));
	put_all(bytes, true);
	memset(bytes + 44, 0xff, 4); /* a root far behind the end */
	assert_null(esp_systems(bytes, sizeof(bytes)));
	assert_null(esp_systems(bytes, 0));
}

/* Cut off anywhere, in memory exactly as large. */
static void may_be_cut_off(void **state)
{
	uint8_t bytes[SIZE];

	(void)state;
	put_all(bytes, true);
	for (size_t cut = 0; cut < SIZE; cut++) {
		AUTO_FREE uint8_t *part = malloc(cut ? cut : 1);

		memcpy(part, bytes, cut);
		list_free(esp_systems(part, cut));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_systems),
		cmocka_unit_test(finds_none),
		cmocka_unit_test(may_be_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
