// SPDX-License-Identifier: GPL-2.0-or-later
/* machine_identity: the same for the same machine, and none where something is unknown. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "fixtures.h"
#include "inventory/machine_identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct disk disks[] = { { .serial = (char *)"WD-2" }, { .serial = (char *)"WD-1" } };
static struct nic nics[] = { { .mac = (char *)"52:54:00:00:00:02" },
			     { .mac = (char *)"52:54:00:00:00:01" } };

static struct hardware machine(void)
{
	return (struct hardware){
		.machine.uuid = (char *)"4c4c4544-0058-4b10-8032-b7c04f423032",
		.disks = { .disk = disks, .count = 2 },
		.nics = { .nic = nics, .count = 2 },
	};
}

/* In another order, which the kernel or p2v.disks may give them, it is the same machine. */
static void test_order(void **state)
{
	struct hardware hardware = machine();
	AUTO_FREE char *one = machine_identity(&hardware);
	AUTO_FREE char *other = NULL;
	struct disk disk = disks[0];
	struct nic nic = nics[0];

	(void)state;
	assert_string_equal(one, "mac 52:54:00:00:00:01\nmac 52:54:00:00:00:02\n"
				 "serial WD-1\nserial WD-2\n"
				 "uuid 4c4c4544-0058-4b10-8032-b7c04f423032");
	disks[0] = disks[1];
	disks[1] = disk;
	nics[0] = nics[1];
	nics[1] = nic;
	other = machine_identity(&hardware);
	assert_string_equal(one, other);
}

static void test_unknown(void **state)
{
	char *const nothing[] = { NULL, (char *)"" };

	(void)state;
	for (size_t i = 0; i < COUNT(nothing); i++) {
		struct hardware hardware = machine();
		char *serial = disks[1].serial;
		char *mac = nics[1].mac;

		hardware.machine.uuid = nothing[i];
		assert_null(machine_identity(&hardware));
		hardware = machine();
		disks[1].serial = nothing[i];
		assert_null(machine_identity(&hardware));
		disks[1].serial = serial;
		nics[1].mac = nothing[i];
		assert_null(machine_identity(&hardware));
		nics[1].mac = mac;
		hardware.disks.count = 0;
		assert_null(machine_identity(&hardware));
		hardware = machine();
		hardware.nics.count = 0;
		assert_null(machine_identity(&hardware));
	}
}

/* A UUID that the firmware's maker forgot to fill in is none. */
static void test_filler(void **state)
{
	static const char *const uuids[] = { "00000000-0000-0000-0000-000000000000\n",
					     "ffffffff-ffff-ffff-ffff-ffffffffffff\n",
					     "03000200-0400-0500-0006-000700080009\n",
					     "4c4c4544-0058-4b10-8032-b7c04f423032\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(uuids); i++) {
		char *root = fixture_new("sata");
		struct hardware hardware = machine();
		AUTO_FREE char *identity = NULL;

		tree_put(root, "sys/class/dmi/id/product_uuid", uuids[i]);
		machine_read(root, &hardware.machine);
		identity = machine_identity(&hardware);
		if (i == COUNT(uuids) - 1)
			assert_non_null(identity);
		else if (identity)
			fail_msg("'%s' identifies a machine", uuids[i]);
		machine_clear(&hardware.machine);
		tree_remove(root);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_filler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
