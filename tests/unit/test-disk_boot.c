// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_boot.c: UEFI's boot options, right and wrong. */
#include "disks/disk_boot.h"
#include "fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const char guid[16] = "0123456789abcdef";

/* Copies it to memory of exactly its size, so that a sanitizer sees a read beyond the end. */
static bool parse(struct disk_boot *parsed, const struct fixture_option *option, size_t length)
{
	uint8_t *exact = malloc(length ? length : 1);
	bool is;

	memcpy(exact, option->bytes, length);
	is = disk_boot_parse(parsed, exact, length);
	free(exact);
	return is;
}

static void finds_the_partition(void **state)
{
	struct fixture_option option = fixture_boot_option(guid);
	struct disk_boot parsed;

	(void)state;
	assert_true(parse(&parsed, &option, option.length));
	assert_int_equal(parsed.partition, 2);
	assert_string_equal(parsed.id, "33323130-3534-3736-3839-616263646566");
	option.bytes[14 + 6 + 41] = 1;
	assert_true(parse(&parsed, &option, option.length));
	assert_int_equal(parsed.partition, 2);
	assert_string_equal(parsed.id, "33323130-02");
}

/* Whether a valid option with one byte changed is accepted. */
static bool takes(size_t offset, uint8_t value)
{
	struct fixture_option option = fixture_boot_option(guid);
	struct disk_boot parsed;

	option.bytes[offset] = value;
	return parse(&parsed, &option, option.length);
}

static void refuses_others(void **state)
{
	enum { PATH = 14, PARTITION = PATH + 6 };

	(void)state;
	assert_true(takes(0, 0));
	assert_false(takes(4, 0)); /* switched off */
	assert_false(takes(8, 0)); /* no path */
	assert_false(takes(PARTITION, 3)); /* not on a disk */
	assert_false(takes(PARTITION + 1, 2)); /* a CD */
	assert_false(takes(PARTITION + 4, 0)); /* no such partition */
	assert_false(takes(PARTITION + 41, 0)); /* no signature */
	assert_false(takes(PATH, 0x7f)); /* the path's end comes first */
	assert_false(takes(PATH + 2, 0)); /* a node of no length */
	assert_false(takes(PATH + 2, 3));
	assert_false(takes(PATH + 3, 0xff)); /* a node longer than the option */
}

static void bears_every_cut(void **state)
{
	struct fixture_option option = fixture_boot_option(guid);
	struct disk_boot parsed;

	(void)state;
	for (size_t length = 0; length < 14 + 6 + 42; length++)
		assert_false(parse(&parsed, &option, length));
	for (size_t length = 14 + 6 + 42; length <= option.length; length++)
		assert_true(parse(&parsed, &option, length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_partition),
		cmocka_unit_test(refuses_others),
		cmocka_unit_test(bears_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
