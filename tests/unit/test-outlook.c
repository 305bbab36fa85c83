// SPDX-License-Identifier: GPL-2.0-or-later
/* outlook: what would make a conversion fail, and nothing else. */
#include "base/cleanup.h"
#include "base/list.h"
#include "inventory/outlook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(text) ((char *)(text))

static struct volume volumes[] = { { .name = TEXT("sda1"), .type = TEXT("ext4") },
				   { .name = TEXT("sda2"), .type = TEXT("ntfs") } };
static struct disk disks[2];

static struct hardware machine(void)
{
	disks[0] = (struct disk){ .path = TEXT("/dev/sda"),
				  .size = 1000,
				  .volumes = { .volume = volumes, .count = 2 } };
	disks[1] = (struct disk){ .path = TEXT("/dev/sdb"), .size = 500 };
	return (struct hardware){ .disks = { .disk = disks, .count = 2 } };
}

static void expect(const struct hardware *hardware, const struct config *config, const char *text)
{
	AUTO_LIST char **list = outlook(hardware, config);
	AUTO_FREE char *joined = list_join(list, "; ");

	if (!text)
		assert_null(list);
	else if (!strstr(joined, text) || strncmp(joined, OUTLOOK, strlen(OUTLOOK)) != 0)
		fail_msg("'%s' is not in '%s'", text, joined);
}

static void test_good(void **state)
{
	struct hardware hardware = machine();
	struct config config = { 0 };

	(void)state;
	expect(&hardware, &config, NULL);
	disks[0].volumes.count = 0;
	disks[0].sets = (char *[]){ TEXT("sda: LVM volume group 'vg0'"), NULL };
	expect(&hardware, &config, NULL);
	hardware.disks.count = 0; /* why there is none, the search tells */
	expect(&hardware, &config, NULL);
}

static void test_blank(void **state)
{
	struct hardware hardware = machine();
	struct config config = { 0 };

	(void)state;
	disks[0].volumes.count = 0;
	expect(&hardware, &config, "no system is found");
}

static void test_encrypted(void **state)
{
	static const char *const types[] = { "crypto_LUKS", "BitLocker" };
	struct hardware hardware = machine();
	struct config config = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		volumes[1].type = TEXT(types[i]);
		config.keys = NULL;
		expect(&hardware, &config, "sda2 of disk /dev/sda is encrypted");
		config.keys = (char *[]){ TEXT("all:secret"), NULL };
		expect(&hardware, &config, NULL);
	}
	volumes[1].type = TEXT("ntfs");
}

static void test_hibernated(void **state)
{
	struct hardware hardware = machine();
	struct config config = { 0 };

	(void)state;
	disks[0].map =
		TEXT("{\"size\":1000,\"used\":900,\"pieces\":[{\"name\":\"sda1\"},{\"name\":\"sda2\","
		     "\"reason\":\"Windows is hibernated in it, or was not shut down (fast startup)\"}]}");
	expect(&hardware, &config, "hibernated in sda2 of disk /dev/sda");
	disks[0].map =
		TEXT("{\"size\":1000,\"used\":900,\"pieces\":[{\"reason\":\"it was not unmounted\"}]}");
	expect(&hardware, &config, NULL);
	disks[0].map = TEXT("no JSON");
	expect(&hardware, &config, NULL);
}

static void test_bytes(void **state)
{
	struct hardware hardware = machine();
	uint64_t size, used;

	(void)state;
	disks[0].map = TEXT("{\"size\":1000,\"used\":300}");
	outlook_bytes(&hardware.disks, &size, &used);
	assert_int_equal(size, 1500);
	assert_int_equal(used, 800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),      cmocka_unit_test(test_blank),
		cmocka_unit_test(test_encrypted), cmocka_unit_test(test_hibernated),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
