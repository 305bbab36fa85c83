// SPDX-License-Identifier: GPL-2.0-or-later
/* v2v_failure: what virt-v2v's errors mean. */
#include "server/v2v_failure.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_explain(void **state)
{
	(void)state;
	assert_null(v2v_failure_explain("", 1));
	assert_null(v2v_failure_explain("virt-v2v: error: something new", 1));
	assert_non_null(strstr(v2v_failure_explain("virt-v2v: error: inspection could not detect the source guest (or physical machine).",
						   1),
			       "no operating system"));
	assert_non_null(strstr(v2v_failure_explain("virt-v2v: warning: there are no virtio drivers available\n"
						   "nbdcopy: write: No space left on device\n"
						   "virt-v2v: error: nbdcopy command failed, see earlier error messages",
						   1),
			       "ran out of disk space"));
}

/* virt-v2v 2.6 on a Btrfs with snapshots: --root single, and a device that is not there. */
static void test_roots(void **state)
{
	static const char single[] =
		"virt-v2v: error: multi-boot operating systems are not supported by virt-v2v. Use the --root option to change how virt-v2v handles this.";
	static const char missing[] =
		"virt-v2v: error: root device /dev/sda7 not found.  Roots found were: /dev/sda1 btrfsvol:/dev/sda1/@/.snapshots/2/snapshot";
	const char *many = v2v_failure_explain(single, 1), *none = v2v_failure_explain(missing, 1);

	(void)state;
	assert_non_null(many);
	assert_non_null(strstr(many, "every snapshot"));
	assert_non_null(strstr(many, "p2v.root=/dev/sda2"));
	assert_non_null(none);
	assert_non_null(strstr(none, "none with btrfsvol: before it"));
}

/* virt-v2v 2.6 of a disk whose fstab has the name that it had as an NVMe drive. */
static void test_fstab(void **state)
{
	static const char log[] =
		"[  83.7] Inspecting the source\n"
		"virt-v2v: error: mount: mount_stub: /dev/nvme0n1p1: No such file or directory";
	const char *means = v2v_failure_explain(log, 1);

	(void)state;
	assert_non_null(means);
	assert_non_null(strstr(means, "fstab"));
	assert_non_null(strstr(means, "UUID="));
}

/* virt-v2v 2.6 with libguestfs 1.54, its own failures; and what else has that status. */
static void test_libguestfs(void **state)
{
	static const char rest[] =
		"\nTo see full error messages you may need to enable debugging.\nDo:\n"
		"  export LIBGUESTFS_DEBUG=1 LIBGUESTFS_TRACE=1\nand run the command again.";
	static const struct {
		const char *said, *means;
	} logs[] = {
		{ "/usr/bin/supermin exited with error status 1.", "/boot/vmlinuz-*" },
		{ "/usr/bin/qemu-system-x86_64 exited with error status 1.",
		  "libguestfs-test-tool" },
		{ "/usr/bin/qemu-system-x86_64 killed by signal 9 (Killed).", "out of memory" },
		{ "guestfs_launch failed.", "libguestfs-test-tool" },
		{ "appliance closed the connection unexpectedly.", "libguestfs-test-tool" },
		{ "could not create appliance through libvirt.", "LIBGUESTFS_BACKEND=direct" },
		{ "force_kvm supplied but kvm not available.", "/dev/kvm" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(logs); i++) {
		AUTO_FREE char *log = text_format("virt-v2v: error: libguestfs error: %s%s",
						  logs[i].said, rest);
		const char *means = v2v_failure_explain(log, 1);

		if (!means || !strstr(means, logs[i].means))
			fail_msg("%s: %s", logs[i].said, means ?: "not explained");
	}
	assert_non_null(strstr(v2v_failure_explain("[   0.0] Opening the source\n", 137),
			       "out of memory"));
	assert_null(v2v_failure_explain("[   0.0] Opening the source\n", -1));
	/* Without KVM it is slow, but it works: that is not why it failed. */
	assert_non_null(strstr(v2v_failure_explain("qemu: failed to initialize kvm: No such device\n"
						   "virt-v2v: error: inspection could not detect the source guest",
						   1),
			       "no operating system"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_fstab),
		cmocka_unit_test(test_libguestfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
