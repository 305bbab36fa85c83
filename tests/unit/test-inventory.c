// SPDX-License-Identifier: GPL-2.0-or-later
/* hardware.c, hardware_json.c: what --inventory prints of each fixture. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "fixtures.h"
#include "inventory/hardware.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <systemd/sd-json.h>
#include <cmocka.h>

/* What --inventory prints for the machine under @root. The caller frees. */
static char *printed(const char *root, const char *hostname, const char *format, int expected)
{
	const struct config config = { 0 };
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	assert_int_equal(hardware_print(root, &config, hostname, format, false, file), expected);
	fclose(file);
	return text;
}

static sd_json_variant *parsed(const char *text)
{
	sd_json_variant *object = NULL;

	if (sd_json_parse(text, 0, &object, NULL, NULL) < 0)
		fail_msg("no JSON: %s", text);
	return object;
}

/* The member at the path @keys, with indices for arrays: "disks", "0", "name". */
static sd_json_variant *member(sd_json_variant *value, const char *const *keys)
{
	for (; *keys && value; keys++)
		value = sd_json_variant_is_array(value) ?
				sd_json_variant_by_index(value, strtoul(*keys, NULL, 10)) :
				sd_json_variant_by_key(value, *keys);
	return value;
}

#define MEMBER(object, ...) member(object, (const char *const[]){ __VA_ARGS__, NULL })
#define TEXT(object, ...) sd_json_variant_string(MEMBER(object, __VA_ARGS__))
#define NUMBER(object, ...) sd_json_variant_unsigned(MEMBER(object, __VA_ARGS__))

static void prints_every_fixture(void **state)
{
	(void)state;
	for (size_t i = 0; i < FIXTURES; i++) {
		char *root = fixture_new(fixtures[i].name);
		AUTO_FREE char *text = printed(root, fixtures[i].hostname, "text", 0);
		AUTO_FREE char *json = printed(root, fixtures[i].hostname, "json", 0);
		sd_json_variant *object = parsed(json);

		assert_non_null(strstr(text, "\nDisks\n"));
		assert_non_null(strstr(text, TEXT(object, "name")));
		assert_true(NUMBER(object, "memory") > 0);
		assert_true(sd_json_variant_elements(MEMBER(object, "disks")) > 0);
		assert_non_null(strstr(text, TEXT(object, "disks", "0", "path")));
		assert_string_equal(TEXT(object, "clock", "basis"), "unknown");
		sd_json_variant_unref(object);
		tree_remove(root);
	}
}

static void tells_programs(void **state)
{
	char *root = fixture_new("modules");
	AUTO_FREE char *json = printed(root, NULL, "json", 0);
	sd_json_variant *object = parsed(json);

	(void)state;
	assert_true(NUMBER(object, "memory") == (uint64_t)24 << 30);
	assert_string_equal(TEXT(object, "memory-modules", "2", "slot"), "DIMM_C1");
	assert_string_equal(TEXT(object, "disks", "0", "transport"), "sata");
	assert_true(NUMBER(object, "disks", "0", "size") == 1 << 30);
	assert_string_equal(TEXT(object, "interfaces", "0", "mac"), "52:54:00:00:00:01");
	assert_string_equal(TEXT(object, "interfaces", "0", "network"), "default");
	assert_true(NUMBER(object, "processors", "online") == 2);
	assert_string_equal(TEXT(object, "firmware", "type"), "bios");
	sd_json_variant_unref(object);
	tree_remove(root);
}

static void tells_people(void **state)
{
	static const char *const lines[] = {
		"Machine       Dell Inc., PowerEdge R720, rack mount chassis\n",
		"Serial        7XK2B02\n",
		"Guest's name  db7\n",
		"Memory        8.0 GiB\n",
		"Firmware      BIOS, no TPM\n",
		"/dev/sdh      1.0 GiB, scsi, rotating, sectors of 512 on 4096\n",
		"              DELL, PERC H710P, naa.6848f690eca642002168\n",
		"CD drives     sr0\n",
		"eno1          52:54:00:00:00:01, tg3, to 'default'\n",
		"              Broadcom Inc. and subsidiaries, NetXtreme BCM5720 Gigabit Ethernet PCIe\n",
	};
	char *root = fixture_new("raid");
	AUTO_FREE char *text = printed(root, "db7.example.com", "text", 0);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (!strstr(text, lines[i]))
			fail_msg("'%s' is missing in\n%s", lines[i], text);
	tree_remove(root);
}

static void tells_of_memory_that_is_kept_back(void **state)
{
	const char *const warning =
		"the firmware lists memory modules of 24.0 GiB, but the kernel has 11.7 GiB";
	char *root = fixture_new("mirrored");
	AUTO_FREE char *text = printed(root, NULL, "text", 0);
	AUTO_FREE char *json = printed(root, NULL, "json", 0);
	sd_json_variant *object = parsed(json);

	(void)state;
	assert_non_null(strstr(text, "Memory        12.0 GiB\n"));
	assert_non_null(strstr(text, warning));
	assert_true(NUMBER(object, "memory") == (uint64_t)12 << 30);
	assert_non_null(strstr(TEXT(object, "warnings", "0"), warning));
	sd_json_variant_unref(object);
	tree_remove(root);
}

static void lists_the_controllers_card(void **state)
{
	char *root = fixture_new("management");
	AUTO_FREE char *text = printed(root, NULL, "text", 0);
	AUTO_FREE char *json = printed(root, NULL, "json", 0);
	sd_json_variant *object = parsed(json);

	(void)state;
	assert_non_null(strstr(text,
			       "idrac         d0:94:66:00:00:01, cdc_ether, leads to the management controller: left out\n"));
	assert_string_equal(TEXT(object, "management", "0", "name"), "idrac");
	assert_int_equal(sd_json_variant_elements(MEMBER(object, "interfaces")), 1);
	sd_json_variant_unref(object);
	tree_remove(root);
}

static void tells_of_an_empty_machine(void **state)
{
	char *root = tree_new();
	AUTO_FREE char *text = printed(root, NULL, "text", -ENODEV);
	AUTO_FREE char *json = printed(root, NULL, "json", -ENODEV);
	sd_json_variant *object = parsed(json);

	(void)state;
	assert_non_null(strstr(text, "error: no fixed disk found"));
	assert_non_null(strstr(TEXT(object, "warnings", "0"), "no fixed disk found"));
	sd_json_variant_unref(object);
	tree_remove(root);
}

/* No fixed disk, or p2v.disks with a wrong name: the other parts are told all the same. */
static void prints_the_rest_without_a_disk(void **state)
{
	char *root = tree_new();
	AUTO_FREE char *text = NULL, *json = NULL;
	sd_json_variant *object;

	(void)state;
	fixture_base(root);
	tree_disk(root, "sr0", AHCI("1"), "2097151\n");
	tree_disk(root, "sr1", AHCI("2"), "2097151\n");
	fixture_card(root);
	text = printed(root, NULL, "text", -ENODEV);
	json = printed(root, NULL, "json", -ENODEV);
	object = parsed(json);
	assert_non_null(strstr(text, "CD drives     sr0, sr1\n"));
	assert_non_null(strstr(text, "\neno1          52:54:00:00:00:01"));
	assert_non_null(strstr(text, "error: no fixed disk found"));
	assert_string_equal(TEXT(object, "removable", "1"), "sr1");
	assert_string_equal(TEXT(object, "interfaces", "0", "name"), "eno1");
	sd_json_variant_unref(object);
	tree_remove(root);
}

static void prints_the_rest_with_a_wrong_disk(void **state)
{
	const struct config config = { .disks = (char *[]){ "sdx", NULL } };
	char *root = fixture_new("sata"), *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	(void)state;
	assert_int_equal(hardware_print(root, &config, NULL, "text", false, file), -EINVAL);
	fclose(file);
	assert_non_null(strstr(text, "CD drives     sr0\n"));
	assert_non_null(strstr(text, "error: disk 'sdx' does not exist"));
	free(text);
	tree_remove(root);
}

static void knows_two_formats(void **state)
{
	char *root = tree_new();

	(void)state;
	free(printed(root, NULL, "xml", -ENOTSUP));
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_every_fixture),
		cmocka_unit_test(tells_programs),
		cmocka_unit_test(tells_people),
		cmocka_unit_test(tells_of_an_empty_machine),
		cmocka_unit_test(tells_of_memory_that_is_kept_back),
		cmocka_unit_test(prints_the_rest_without_a_disk),
		cmocka_unit_test(prints_the_rest_with_a_wrong_disk),
		cmocka_unit_test(knows_two_formats),
		cmocka_unit_test(lists_the_controllers_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
