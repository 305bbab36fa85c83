// SPDX-License-Identifier: GPL-2.0-or-later
/* v2v_step: which step virt-v2v is at. */
#include "server/v2v_step.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* As virt-v2v 2.6 printed it when it converted the demo's machine. */
static const char *const log_lines[] = {
	"[   0.0] Setting up the source: -i libvirtxml physical.xml",
	"[   1.1] Opening the source",
	"[  22.9] Inspecting the source",
	"[  35.6] Checking for sufficient free disk space in the guest",
	"[  35.6] Converting Debian GNU/Linux 13 (trixie) to run on KVM",
	"virt-v2v: This guest has virtio drivers installed.",
	"[  80.8] Mapping filesystem data to avoid copying unused and blank areas",
	"[  83.6] Closing the overlay",
	"[  84.2] Assigning disks to buses",
	"[  84.2] Checking if the guest needs BIOS or UEFI to boot",
	"[  84.2] Setting up the destination: -o disk -os /var/tmp",
	"[  85.2] Copying disk 1/2",
	"[  90.2] Copying disk 2/2",
	"[ 102.5] Creating output metadata",
	"[ 102.5] Finishing off",
};

static void test_order(void **state)
{
	struct v2v_step step = { 0 };
	unsigned last = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(log_lines) / sizeof(log_lines[0]); i++) {
		v2v_step_read(&step, log_lines[i]);
		assert_true(step.number >= last && step.number <= step.count);
		assert_int_equal(step.copying, strstr(log_lines[i], "Copying disk") != NULL);
		last = step.number;
	}
	assert_int_equal(step.number, step.count);
	assert_string_equal(step.text, "Finishing off");
}

static void test_other_lines(void **state)
{
	static const char *const lines[] = {
		"",
		"[",
		"[   1.0]",
		"[   x.0] Opening the source",
		"Opening the source",
		"[   1.0] Waiting for something else",
		"virt-v2v: error: Copying disk 1/1",
		"[   1.0] \xff",
	};
	struct v2v_step step = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		v2v_step_read(&step, lines[i]);
	assert_int_equal(step.number, 0);
	v2v_step_read(&step,
		      "[   1.0] Converting a system with a name so long that no line of a screen, "
		      "however wide, could show all of it");
	assert_int_equal(strlen(step.text), sizeof(step.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_other_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
