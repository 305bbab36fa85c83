// SPDX-License-Identifier: GPL-2.0-or-later
/* machine.c and guest_name.c: memory, features, firmware and names. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "machine/machine.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)

static int build(void **state)
{
	*state = tree_new();
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

static void reads_a_server(void **state)
{
	char *root = *state;
	struct machine machine;

	tree_put(root, "sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
	tree_put(root, "sys/class/dmi/id/product_name", "PowerEdge R720\n");
	tree_put(root, "sys/class/dmi/id/product_serial", "7XK2B02\n");
	tree_put(root, "sys/class/dmi/id/product_uuid", "4c4c4544-0058-4b10-8032-b7c04f423032\n");
	tree_put(root, "proc/cpuinfo",
		 "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\n"
		 "flags\t\t: fpu pae apic aesni-no aes\nvmx flags\t: x\n\nprocessor\t: 1\n");
	tree_put(root, "proc/meminfo", "MemTotal:       24605188 kB\nMemFree: 1 kB\n");
	tree_put(root, "sys/devices/system/cpu/online", "0-1\n");
	tree_put(root, "sys/firmware/acpi/pm_profile", "4\n");
	tree_put(root, "sys/firmware/efi/fw_platform_size", "64\n");
	machine_read(root, &machine);
	assert_string_equal(machine.vendor, "Dell Inc.");
	assert_string_equal(machine.product, "PowerEdge R720");
	assert_string_equal(machine.serial, "7XK2B02");
	assert_string_equal(machine.uuid, "4c4c4544-0058-4b10-8032-b7c04f423032");
	assert_string_equal(machine.cpu_vendor, "Intel");
	assert_true(machine.memory == 24605188ULL * 1024);
	assert_int_equal(machine.cpus, 2);
	assert_true(machine.acpi && machine.apic && machine.pae && machine.aes);
	assert_int_equal(machine.firmware, FIRMWARE_UEFI);
	machine_clear(&machine);
}

static void counts_memory_blocks(void **state)
{
	struct machine machine;

	tree_put(*state, "sys/devices/system/memory/block_size_bytes", "8000000\n");
	for (int i = 0; i < 12; i++) {
		AUTO_FREE char *path = text_format("sys/devices/system/memory/memory%d/online", i);

		tree_put(*state, path, i == 3 ? "0\n" : "1\n");
	}
	tree_put(*state, "sys/devices/system/memory/power/control", "auto\n");
	tree_put(*state, "proc/meminfo", "MemTotal: 1000000 kB\n");
	machine_read(*state, &machine);
	assert_true(machine.memory == 11 * 128 * MIB);
	machine_clear(&machine);
}

static void bears_an_empty_tree(void **state)
{
	struct machine machine;

	machine_read(*state, &machine);
	assert_null(machine.vendor);
	assert_null(machine.cpu_vendor);
	assert_true(machine.memory == 1024 * MIB);
	assert_int_equal(machine.cpus, 1);
	assert_int_equal(machine.sockets * machine.cores * machine.threads, 1);
	assert_int_equal(machine.firmware, FIRMWARE_BIOS);
	assert_false(machine.acpi || machine.apic || machine.pae || machine.aes);
	machine_clear(&machine);
}

static void takes_whole_flags_only(void **state)
{
	struct machine machine;

	tree_put(*state, "proc/cpuinfo",
		 "flagship : pae apic aes\nvendor_id: AuthenticAMD\nflags\t: x2apic paes vaes\tapic");
	machine_read(*state, &machine);
	assert_string_equal(machine.cpu_vendor, "AMD");
	assert_true(machine.apic);
	assert_false(machine.pae || machine.aes);
	machine_clear(&machine);
}

static void passes_fillers_over(void **state)
{
	static const char *const fillers[] = {
		"To Be Filled By O.E.M.\n",
		"Default string\n",
		"0000000\n",
		"NONE\n",
		"System Serial Number\n",
		" \n",
		"\n",
		"",
	};

	for (size_t i = 0; i < COUNT(fillers); i++) {
		struct machine machine;

		tree_put(*state, "sys/class/dmi/id/product_serial", fillers[i]);
		machine_read(*state, &machine);
		assert_null(machine.serial);
		machine_clear(&machine);
	}
}

static void assert_name(const struct machine *machine, const char *hostname, const char *expected)
{
	AUTO_FREE char *name = machine_guest_name(machine, hostname);

	assert_string_equal(name, expected);
}

static void names_by_host(void **state)
{
	struct machine machine = { .vendor = (char *)"Acme",
				   .product = (char *)"X",
				   .serial = (char *)"1" };

	(void)state;
	assert_name(&machine, "web01.example.com", "web01");
	assert_name(&machine, "WEB_01", "web-01");
	assert_name(&machine, "-a b/c'\"<&>\n-", "a-b-c");
	assert_name(&machine, "m\xc3\xbcller", "m-ller");
}

static void names_by_hardware(void **state)
{
	static const char *const none[] = {
		NULL,  "",     "localhost",    "localhost.localdomain", "LOCALHOST", "(none)",
		"p2v", "p2vd", ".example.com", "192.168.1.5",           "---",       "\xff\xfe",
	};
	struct machine machine = { .vendor = (char *)"Dell Inc.",
				   .product = (char *)"PowerEdge R720",
				   .serial = (char *)"7XK2B02",
				   .uuid = (char *)"4c4c4544" };

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		assert_name(&machine, none[i], "dell-inc-poweredge-r720-7xk2b02");
	machine.serial = NULL;
	assert_name(&machine, NULL, "dell-inc-poweredge-r720-4c4c4544");
	machine.uuid = NULL;
	assert_name(&machine, NULL, "dell-inc-poweredge-r720");
	assert_name(&(struct machine){ .serial = (char *)"S1" }, NULL, "s1");
	assert_name(&(struct machine){ 0 }, NULL, "p2v-machine");
}

static void names_are_never_too_long(void **state)
{
	char many[201] = { 0 };
	struct machine machine = { .vendor = many, .product = many, .serial = (char *)"SERIAL7" };
	AUTO_FREE char *host = NULL, *hardware = NULL, *serial = NULL;

	(void)state;
	memset(many, 'A', sizeof(many) - 1);
	host = machine_guest_name(&machine, many);
	hardware = machine_guest_name(&machine, NULL);
	assert_int_equal(strlen(host), 63);
	assert_int_equal(strlen(hardware), 63);
	assert_string_equal(hardware + 63 - 8, "-serial7");
	machine.serial = many;
	serial = machine_guest_name(&machine, NULL);
	assert_int_equal(strlen(serial), 63);
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(reads_a_server),
		ON_TREE(counts_memory_blocks),
		ON_TREE(bears_an_empty_tree),
		ON_TREE(takes_whole_flags_only),
		ON_TREE(passes_fillers_over),
		cmocka_unit_test(names_by_host),
		cmocka_unit_test(names_by_hardware),
		cmocka_unit_test(names_are_never_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
