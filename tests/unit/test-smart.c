// SPDX-License-Identifier: GPL-2.0-or-later
/* disks/smart: what drives answer. */
#include "disks/smart.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct smart unknown(void)
{
	return (struct smart){ .reallocated = SMART_UNKNOWN,
			       .pending = SMART_UNKNOWN,
			       .media_errors = SMART_UNKNOWN };
}

static void expect(const struct smart *smart, const char *text)
{
	AUTO_FREE char *is = smart_text(smart);

	if (!text)
		assert_null(is);
	else
		assert_string_equal(is, text);
}

/* Descriptor sense data with the registers, as libata returns them. */
static struct smart status(uint8_t middle, uint8_t high, size_t length)
{
	const uint8_t sense[64] = { 0x72, 0x01, 0, 0x1d, 0, 0, 0,      14, 0x09, 12, 0,
				    0,    0,    0, 0,    0, 0, middle, 0,  high, 0,  0x50 };
	struct smart smart = unknown();

	smart_read_ata_status(&smart, sense, length);
	return smart;
}

static void test_ata_status(void **state)
{
	struct smart smart = status(0x4f, 0xc2, 22);

	(void)state;
	expect(&smart, "SMART: passed");
	smart = status(0xf4, 0x2c, 64);
	expect(&smart, "SMART: failing");
	smart = status(0, 0, 64);
	expect(&smart, NULL);
	for (size_t length = 0; length < 22; length++) {
		smart = status(0x4f, 0xc2, length);
		expect(&smart, NULL);
	}
}

static void test_ata_data(void **state)
{
	uint8_t data[512] = { 16, 0, 1, 0, 0, 100, 100, 7 };
	struct smart smart = status(0x4f, 0xc2, 64);
	uint8_t sum = 0;

	(void)state;
	memcpy(data + 2 + 12, (uint8_t[]){ 5, 3, 0, 90, 90, 8, 1, 0, 0, 9, 9, 0 }, 12);
	memcpy(data + 2 + 29 * 12, (uint8_t[]){ 197, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 0 }, 12);
	/* Without the right sum, nothing of it counts. */
	smart_read_ata_data(&smart, data);
	expect(&smart, "SMART: passed");
	for (size_t i = 0; i < 511; i++)
		sum += data[i];
	data[511] = (uint8_t)-sum;
	smart_read_ata_data(&smart, data);
	expect(&smart, "SMART: passed, 264 reallocated sectors, 2 pending");
}

static void test_nvme(void **state)
{
	uint8_t log[512] = { 0 };
	struct smart smart = unknown();

	(void)state;
	log[160] = 3;
	log[161] = 1;
	smart_read_nvme(&smart, log);
	expect(&smart, "SMART: passed, 259 media errors");
	log[0] = 4;
	smart_read_nvme(&smart, log);
	expect(&smart, "SMART: failing, 259 media errors");
}

static void test_scsi(void **state)
{
	uint8_t log[] = { 0x2f, 0, 0, 8, 0, 0, 3, 4, 0, 0, 30, 0 };
	struct smart smart = unknown();

	(void)state;
	for (size_t length = 0; length < 10; length++) {
		smart_read_scsi(&smart, log, length);
		expect(&smart, NULL);
	}
	smart_read_scsi(&smart, log, sizeof(log));
	expect(&smart, "SMART: passed");
	log[8] = 0x5d;
	smart_read_scsi(&smart, log, sizeof(log));
	expect(&smart, "SMART: failing");
	smart = unknown();
	log[0] = 0x0d;
	smart_read_scsi(&smart, log, sizeof(log));
	expect(&smart, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ata_status),
		cmocka_unit_test(test_ata_data),
		cmocka_unit_test(test_nvme),
		cmocka_unit_test(test_scsi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
