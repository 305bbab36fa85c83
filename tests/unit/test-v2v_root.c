// SPDX-License-Identifier: GPL-2.0-or-later
/* v2v_root: that virt-v2v chose between several operating systems is told. */
#include "server/v2v_root.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* As virt-v2v 2.6 names what it took of a disk with SLES's subvolumes, and of others. */
static void test_first(void **state)
{
	static const struct {
		const char *root, *says;
	} picks[] = {
		{ "/dev/sda1", "the first, '/dev/sda1': for another, give its device as p2v.root" },
		{ "/dev/vg/root", "the first, '/dev/vg/root': for another" },
		{ "btrfsvol:/dev/sda1/@/.snapshots/1/snapshot",
		  "'btrfsvol:/dev/sda1/@/.snapshots/1/snapshot', which may be an old snapshot, and mounts" },
		{ "btrfsvol:/dev/sda1/@/.snapshots/1/snapshot", "with p2v.root=/dev/sda1|" },
		/* Before btrfs-progs 4.14 (SLES 12, RHEL 7), set-default takes no path alone. */
		{ "btrfsvol:/dev/sda1/@/.snapshots/1/snapshot",
		  "('btrfs subvolume set-default $(btrfs inspect-internal rootid /) /')" },
		{ "btrfsvol:/dev/sdab12/@", "with p2v.root=/dev/sdab12|" },
		{ "btrfsvol:/dev/sda/@", "with p2v.root=/dev/sda|" },
		{ "btrfsvol:/dev/md127/root", "with p2v.root=/dev/md127|" },
		{ "btrfsvol:/dev/system/root/@/.snapshots/7/snapshot",
		  "with p2v.root=/dev/system/root|" },
		{ "btrfsvol:/dev/sdroot/root/@", "with p2v.root=/dev/sdroot/root|" },
		{ "btrfsvol:/dev/mapper/luks-1/@", "with p2v.root=/dev/mapper/luks-1|" },
		{ "btrfsvol:/dev/sda1", "with p2v.root=/dev/sda1|" },
		{ "btrfsvol:/dev/", "p2v.root" },
		{ "btrfsvol:/dev//", "p2v.root" },
		{ "btrfsvol:", "p2v.root" },
		{ "", "p2v.root" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(picks); i++) {
		AUTO_FREE char *line =
			text_format("virt-v2v: Picked %s because '--root first' was used.",
				    picks[i].root);
		AUTO_FREE char *warning = v2v_root_warning(line);
		AUTO_FREE char *marked = text_format("%s|", warning ?: "nothing");

		if (!strstr(marked, picks[i].says))
			fail_msg("%s: %s", picks[i].root, marked);
	}
}

static void test_other_lines(void **state)
{
	static const char *const lines[] = {
		"",
		"[   1.0] Inspecting the source",
		"virt-v2v: Picked /dev/sda2 because '--root /dev/sda2' was used.",
		"virt-v2v: Picked",
		"virt-v2v: Picked ",
		" because '--root first' was used. Picked ",
		"virt-v2v: This guest has virtio drivers installed.",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_null(v2v_root_warning(lines[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_other_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
