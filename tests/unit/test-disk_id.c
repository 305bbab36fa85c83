// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_id.c: names and numbers of real disks, and fillers. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "disks/disk_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void knows_serial_numbers(void **state)
{
	static const char *const good[] = { "Z1D2QF0B",          "S4EVNF0M100000A",
					    "WD-WCC4N0000123",   "0x12345678",
					    "QM00001",           "5000c500a1b2c3d4",
					    "00000000000000CAFE" };
	static const char *const fillers[] = { "",
					       "0",
					       "0000000000000000",
					       "0000000000CA",
					       "00010001",
					       "FFFFFFFFFFFF",
					       "1234567890",
					       "123456789ABC",
					       "0123456789abcdef",
					       "Default string",
					       "None",
					       "----",
					       "xxxxxxxx" };

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!disk_id_serial_tells(good[i]))
			fail_msg("'%s' is taken for a filler", good[i]);
	for (size_t i = 0; i < COUNT(fillers); i++)
		if (disk_id_serial_tells(fillers[i]))
			fail_msg("'%s' is no filler", fillers[i]);
}

static void knows_names(void **state)
{
	static const char *const good[][2] = {
		{ "naa.5000c500a1b2c3d4", NULL },
		{ "naa.5000C500A1B2C3D4", "" },
		{ "naa.60060160a0b0c0d00000000000000001", "CKM00123456" },
		{ "naa.2001000155b6a1c2", NULL },
		{ "naa.3a1b2c3d4e5f6071", NULL },
		{ "eui.0025385b71b00001", NULL },
		{ "eui.0025385b71b00001002538000000abcd", NULL },
		{ "uuid.5d4c3b2a-1908-4706-8504-132231405f6e", NULL },
		{ "t10.ATA ST3500413AS Z1D2QF0B", "Z1D2QF0B" },
		{ "nvme.144d-5334455646304d-53616d73756e67-00000001", "S4EVF0M" },
	};
	static const char *const bad[][2] = {
		{ "naa.5000000000000000", "Z1D2QF0B" },
		{ "naa.5000c50000000000", NULL },
		{ "naa.50000000a1b2c3d4", NULL }, /* of no maker */
		{ "naa.5000c500000000ca", NULL },
		{ "naa.6000000000000000e0000000010001", NULL },
		{ "naa.ffffffffffffffff", NULL },
		{ "naa.5000c50", NULL },
		{ "naa.5", NULL },
		{ "naa.", NULL },
		{ "eui.0000000000000000", NULL },
		{ "eui.00000000000000000000000000000000", NULL },
		{ "eui.0025385b", NULL },
		{ "eui.", NULL },
		{ "uuid.00000000-0000-0000-0000-000000000000", NULL },
		{ "t10.ATA ST3500413AS", NULL },
		{ "t10.ATA ST3500413AS", "Z1D2QF0B" },
		{ "t10.ATA ST3500413AS 0000000000CA", "0000000000CA" },
		{ "nvme.144d-3030303030-53616d73756e67-00000001", "00000" },
		{ "", NULL },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!disk_id_name_tells(good[i][0], good[i][1]))
			fail_msg("'%s' is taken for a filler", good[i][0]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (disk_id_name_tells(bad[i][0], bad[i][1]))
			fail_msg("'%s' is taken for a name", bad[i][0]);
}

/* Of a SAS disk: a T10 name, its NAA name, and those of its port and target. */
static const uint8_t page[] = {
	0x00, 0x83, 0x00, 0x4a, 0x02, 0x01, 0x00, 0x12, 'S',  'E',  'A',  'G',  'A',
	'T',  'E',  ' ',  'S',  'T',  '1',  '2',  '0',  '0',  'M',  'M',  'Z',  '1',
	0x01, 0x03, 0x00, 0x08, 0x50, 0x00, 0xc5, 0x00, 0xa1, 0xb2, 0xc3, 0xd4, 0x61,
	0x93, 0x00, 0x08, 0x50, 0x00, 0xc5, 0x00, 0xa1, 0xb2, 0xc3, 0xd5, 0x61, 0x94,
	0x00, 0x04, 0x00, 0x00, 0x00, 0x01, 0x61, 0xa3, 0x00, 0x08, 0x50, 0x00, 0xc5,
	0x00, 0xa1, 0xb2, 0xc3, 0xd6, 0x01, 0x12, 0x00, 0x08, 0x00, 0x25, 0x38, 0x5b,
};

static void assert_page(const uint8_t *bytes, size_t length, const char *expected)
{
	AUTO_FREE char *name = disk_id_of_page(bytes, length);

	assert_string_equal(name ? name : "none", expected);
}

static void reads_pages(void **state)
{
	uint8_t long_name[4 + 20] = { 0, 0x83, 0, 20, 1, 3, 0, 16, 0x60, 0x06, 0x01, 0x60 };
	uint8_t other = 0;

	(void)state;
	assert_page(page, sizeof(page), "naa.5000c500a1b2c3d4");
	long_name[23] = 0x7f;
	assert_page(long_name, sizeof(long_name), "naa.6006016000000000000000000000007f");
	long_name[5] = 2;
	assert_page(long_name, sizeof(long_name), "eui.6006016000000000000000000000007f");
	long_name[5] = 0x13; /* a port's */
	assert_page(long_name, sizeof(long_name), "none");
	long_name[1] = 0x80;
	assert_page(long_name, sizeof(long_name), "none");
	assert_page(&other, 0, "none");
}

/* In memory exactly as large, for the sanitizers. */
static void bears_every_cut(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof(page); length++) {
		AUTO_FREE uint8_t *bytes = malloc(length ? length : 1);

		memcpy(bytes, page, length);
		assert_page(bytes, length, length < 38 ? "none" : "naa.5000c500a1b2c3d4");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_serial_numbers),
		cmocka_unit_test(knows_names),
		cmocka_unit_test(reads_pages),
		cmocka_unit_test(bears_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
