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

static const char *explain(const char *log, int code)
{
	bool again;

	return v2v_failure_explain(log, code, &again);
}

/* What another try mends, and what it does not. */
static void test_again(void **state)
{
	static const struct {
		const char *log;
		int code;
		bool again;
	} cases[] = {
		{ "[   0.0] Opening the source\n", 137, true },
		{ "[   0.0] Opening the source\n", 139, true },
		{ "[   0.0] Opening the source\n", -1, true },
		{ "[   0.0] Opening the source\n", -2, true },
		{ "[   0.0] Opening the source\n", 143, false },
		{ "[   0.0] Opening the source\n", 130, false },
		{ "[   0.0] Opening the source\n", 1, false },
		{ "virt-v2v: error: something new", 1, false },
		{ "libguestfs error: appliance closed the connection unexpectedly.", 1, true },
		{ "virt-v2v: error: nbdcopy command failed, see earlier error messages", 1, true },
		{ "virt-v2v-wrapper.sh: p2v-relay has ended before virt-v2v", 1, true },
		{ "No space left on device\nvirt-v2v: error: nbdcopy command failed", 1, false },
		{ "inspection could not detect the source guest (or physical machine).", 1, false },
		{ "unable to convert this guest type", 1, false },
		{ "unable to convert this guest type", 137, false },
		{ "another conversion is writing this guest's files", 1, false },
		{ "the root device /dev/sda7 not found.  Roots found were: /dev/sda1", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool again = !cases[i].again;

		v2v_failure_explain(cases[i].log, cases[i].code, &again);
		if (again != cases[i].again)
			fail_msg("%s, %d: again is %d", cases[i].log, cases[i].code, again);
	}
}

static void test_explain(void **state)
{
	(void)state;
	assert_null(explain("", 1));
	assert_null(explain("virt-v2v: error: something new", 1));
	assert_non_null(strstr(explain("virt-v2v: error: inspection could not detect the source guest (or physical machine).",
				       1),
			       "no operating system"));
	assert_non_null(strstr(explain("virt-v2v: warning: there are no virtio drivers available\n"
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
	const char *many = explain(single, 1), *none = explain(missing, 1);

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
	const char *means = explain(log, 1);

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
		{ "/usr/bin/qemu-system-x86_64 killed by signal 9 (Killed).",
		  "by a person, or for lack of memory" },
		{ "/usr/bin/qemu-system-x86_64 killed by signal 9 (Killed).\n"
		  "virt-v2v-wrapper.sh: the kernel has ended a process for lack of memory",
		  "ran out of memory" },
		{ "virt-v2v-wrapper.sh: qemu-nbd in its place has ended before virt-v2v",
		  "where p2v-relay cannot run" },
		{ "guestfs_launch failed.", "libguestfs-test-tool" },
		{ "appliance closed the connection unexpectedly.", "libguestfs-test-tool" },
		{ "could not create appliance through libvirt.", "LIBGUESTFS_BACKEND=direct" },
		{ "force_kvm supplied but kvm not available.", "/dev/kvm" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(logs); i++) {
		AUTO_FREE char *log = text_format("virt-v2v: error: libguestfs error: %s%s",
						  logs[i].said, rest);
		const char *means = explain(log, 1);

		if (!means || !strstr(means, logs[i].means))
			fail_msg("%s: %s", logs[i].said, means ?: "not explained");
	}
	assert_non_null(strstr(explain("[   0.0] Opening the source\n", 137),
			       "by a person, or for lack of memory"));
	assert_null(explain("[   0.0] Opening the source\n", -1));
	/* Without KVM it is slow, but it works: that is not why it failed. */
	assert_non_null(strstr(explain("qemu: failed to initialize kvm: No such device\n"
				       "virt-v2v: error: inspection could not detect the source guest",
				       1),
			       "no operating system"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),    cmocka_unit_test(test_again),
		cmocka_unit_test(test_roots),      cmocka_unit_test(test_fstab),
		cmocka_unit_test(test_libguestfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
