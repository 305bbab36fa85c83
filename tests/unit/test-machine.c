// SPDX-License-Identifier: GPL-2.0-or-later
/* machine.c and guest_name.c: memory, features, firmware and names. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "fixtures.h"
#include "machine/machine.h"

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

/* @modules of 16 GiB; the kernel has @kib, and @blocks of 2 GiB if that is not 0. */
static void assert_memory(unsigned modules, unsigned blocks, uint64_t kib, uint64_t gib,
			  const char *warning)
{
	char *root = tree_new();
	AUTO_FREE char *meminfo = text_format("MemTotal: %llu kB\n", (unsigned long long)kib);
	struct fixture_table table = { 0 };
	struct machine machine;

	fixture_array(&table, 0x10, 3);
	for (unsigned i = 0; i < modules; i++)
		fixture_module(&table, 0x10, "DIMM", 16384);
	tree_put_bytes(root, "sys/firmware/dmi/tables/DMI", table.bytes, table.length);
	tree_put(root, "proc/meminfo", meminfo);
	tree_put(root, "sys/devices/system/memory/block_size_bytes", "80000000\n");
	for (unsigned i = 0; i < blocks; i++)
		tree_set(root, "1\n", "sys/devices/system/memory/memory%u/online", i);
	machine_read(root, &machine);
	assert_int_equal(machine.memory, gib * 1024 * MIB);
	if (warning)
		assert_string_equal(machine.warnings[0], warning);
	else
		assert_null(machine.warnings);
	machine_clear(&machine);
	tree_remove(root);
}

static void believes_the_kernel_where_memory_is_mirrored(void **state)
{
	(void)state;
	assert_memory(8, 32, 65500000, 64,
		      "the firmware lists memory modules of 128.0 GiB, but the kernel has 64.0 GiB (memory may be mirrored or kept in reserve, a module may be bad): without p2v.memory the guest gets 64.0 GiB");
	/* Without blocks: what it uses, rounded up. */
	assert_memory(8, 0, 65500000, 63,
		      "the firmware lists memory modules of 128.0 GiB, but the kernel has 62.5 GiB (memory may be mirrored or kept in reserve, a module may be bad): without p2v.memory the guest gets 63.0 GiB");
	assert_memory(8, 64, 131000000, 128, NULL);
	/* Three quarters are enough: the rest may be the firmware's. */
	assert_memory(4, 24, 48 << 20, 64, NULL);
	assert_memory(4, 23, 46 << 20, 46,
		      "the firmware lists memory modules of 64.0 GiB, but the kernel has 46.0 GiB (memory may be mirrored or kept in reserve, a module may be bad): without p2v.memory the guest gets 46.0 GiB");
	/* The kernel tells nothing, or has more than the modules. */
	assert_memory(1, 0, 0, 16, NULL);
	assert_memory(1, 16, 32000000, 32, NULL);
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

static char *serial_of(const char *root, const char *attribute)
{
	struct machine machine;
	char *text;

	tree_put(root, "sys/class/dmi/id/product_serial", attribute);
	machine_read(root, &machine);
	text = text_copy(machine.serial);
	machine_clear(&machine);
	return text;
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
		"1234567890\n",
		"0123456789\n",
		"0123456789ABCDEF\n",
		"987654321\n",
		"Enter Serial\n",
		"Not Applicable\n",
		"N/A\n",
		"INVALID\n",
		"OEM\n",
		"o.e.m\n",
		"XXXXXXXXXX\n",
		"xx-xxxx-xx\n",
		"SYS-1234567890\n",
		"MB-1234567890\n",
		"BSN12345678901234567\n",
		"C0123456789\n",
		"S/N: 12345678\n",
		"SN00000000\n",
		"11111111\n",
		"FFFFFFFF\n",
		"........\n",
		"Serial#\n",
		"Please enter serial number\n",
		"<Not Specified>\n",
		"12-34-56-78\n",
		"NotAvailable\n",
		"ToBeFilledByOEM\n",
		"NOSERIAL\n",
		"NoSerialNumber\n",
		"ChangeMe\n",
		"OEMSN\n",
		"Not Populated\n",
		"Unknow\n",
		"TBA\n",
		"Engineering Sample\n",
		"1122334455\n",
		"111222333\n",
		"123123123\n",
		"12121212\n",
		"1010101010\n",
	};

	for (size_t i = 0; i < COUNT(fillers); i++) {
		AUTO_FREE char *serial = serial_of(*state, fillers[i]);

		if (serial)
			fail_msg("'%s' is taken for a serial number", serial);
	}
}

static void keeps_serial_numbers(void **state)
{
	static const char *const real[] = {
		"7XK2B02",
		"PC01ABCD",
		"CZJ123456X",
		"S4EVNF0M100000A",
		"SN-0112",
		"A1",
		"1",
		"0001",
		"1230004567",
		"VMware-56 4d 1f 2e 3d 4c 5b 6a-79 88 97 a6 b5 c4 d3 e2",
		"4301-2417-5514-1234-0034-6183-26",
		"System 12",
		"2234567890ABC12",
		"J00000012",
		"123123",
		"NOSN4X1",
		"SNOWTEAM",
		"12341234",
		"112233",
		"1122334456",
	};

	for (size_t i = 0; i < COUNT(real); i++) {
		AUTO_FREE char *serial = serial_of(*state, real[i]);

		if (!serial)
			fail_msg("'%s' is taken for a filler", real[i]);
		assert_string_equal(serial, real[i]);
	}
}

static bool has_uuid(const char *root, const char *uuid)
{
	struct machine machine;
	bool has;

	tree_put(root, "sys/class/dmi/id/product_uuid", uuid);
	machine_read(root, &machine);
	has = machine.uuid;
	machine_clear(&machine);
	return has;
}

static void passes_uuids_over_that_many_machines_have(void **state)
{
	static const char *const fillers[] = {
		"12345678-1234-5678-90ab-cddeefaabbcc\n",
		"78563412-3412-7856-90AB-CDDEEFAABBCC\n",
		"03000200-0400-0500-0006-000700080009\n",
		"00020003-0004-0005-0006-000700080009\n",
		"00000000-0000-0000-0000-000000000000\n",
		"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\n",
		"00000000-0000-0000-0000-000000000001\n",
		"11111111-2222-3333-4444-555555555555\n",
		"01234567-89ab-cdef-0123-456789abcdef\n",
		"12345678-1234-1234-1234-123456789abc\n",
		"00112233-4455-6677-8899-aabbccddeeff\n",
		"33221100-5544-7766-8899-aabbccddeeff\n",
		"00010203-0405-0607-0809-0a0b0c0d0e0f\n",
		"fedcba98-7654-3210-fedc-ba9876543210\n",
		"fefefefe-fefe-fefe-fefe-fefefefefefe\n",
		"deadbeef-dead-beef-dead-beefdeadbeef\n",
		"fffefdfc-fbfa-f9f8-f7f6-f5f4f3f2f1f0\n",
		"10203040-5060-7080-90a0-b0c0d0e0f000\n",
		"4c4c4544-0000-2010-8020-80c04f202020\n",
		"44454c4c-2000-1020-8020-a0c04f202020\n",
		"Not Settable\n",
		"1\n",
	};
	static const char *const real[] = {
		"4c4c4544-0058-4b10-8032-b7c04f423032\n",
		"00000000-0000-0000-0000-0CC47A123456\n", /* made of a MAC */
		"c0ffee00-1234-5678-90ab-b7c04f423032\n",
		"564d1f2e-3d4c-5b6a-7988-97a6b5c4d3e2\n",
	};

	for (size_t i = 0; i < COUNT(fillers); i++)
		if (has_uuid(*state, fillers[i]))
			fail_msg("%s is taken for a UUID", fillers[i]);
	for (size_t i = 0; i < COUNT(real); i++)
		if (!has_uuid(*state, real[i]))
			fail_msg("%s is taken for a filler", real[i]);
}

/* Two machines of one model that have nothing else of their own. */
static void names_by_mac_where_all_else_is_a_filler(void **state)
{
	static const char *const mac[] = { "52:54:00:00:00:01\n", "52:54:00:00:00:02\n" };
	static const char *const names[] = { "acme-x1-52-54-00-00-00-01",
					     "acme-x1-52-54-00-00-00-02" };

	for (size_t i = 0; i < 2; i++) {
		char *root = tree_new();
		struct machine machine;
		AUTO_FREE char *name = NULL;

		tree_put(root, "sys/class/dmi/id/sys_vendor", "Acme\n");
		tree_put(root, "sys/class/dmi/id/product_name", "X1\n");
		tree_put(root, "sys/class/dmi/id/product_serial", "SYS-1234567890\n");
		tree_put(root, "sys/class/dmi/id/product_uuid",
			 "12345678-1234-5678-90ab-cddeefaabbcc\n");
		tree_nic(root, "eno2", "3\n", mac[1 - i]);
		tree_nic(root, "eno1", "2\n", mac[i]);
		machine_read(root, &machine);
		name = machine_guest_name(&machine, NULL);
		assert_string_equal(name, names[i]);
		machine_clear(&machine);
		tree_remove(root);
	}
	(void)state;
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
	assert_name(&(struct machine){ .mac = (char *)"52:54:00:12:34:56" }, NULL,
		    "p2v-machine-52-54-00-12-34-56");
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
		cmocka_unit_test(believes_the_kernel_where_memory_is_mirrored),
		ON_TREE(bears_an_empty_tree),
		ON_TREE(takes_whole_flags_only),
		ON_TREE(passes_fillers_over),
		ON_TREE(keeps_serial_numbers),
		ON_TREE(passes_uuids_over_that_many_machines_have),
		cmocka_unit_test(names_by_mac_where_all_else_is_a_filler),
		cmocka_unit_test(names_by_host),
		cmocka_unit_test(names_by_hardware),
		cmocka_unit_test(names_are_never_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
