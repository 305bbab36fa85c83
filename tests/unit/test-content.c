// SPDX-License-Identifier: GPL-2.0-or-later
/* content.c: what is read of disks and files, and its way through bytes. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/content.h"
#include "disks/reading.h"
#include "fixtures.h"
#include "loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

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

static void assert_same_text(const char *left, const char *right)
{
	assert_int_equal(!left, !right);
	if (left)
		assert_string_equal(left, right);
}

static void assert_same_list(char *const *left, char *const *right)
{
	assert_int_equal(list_length(left), list_length(right));
	for (size_t i = 0; left && left[i]; i++)
		assert_string_equal(left[i], right[i]);
}

static void assert_same(const struct content *left, const struct content *right)
{
	assert_same_text(left->cd, right->cd);
	assert_int_equal(left->signature, right->signature);
	assert_same_list(left->partitions, right->partitions);
	assert_int_equal(left->in_use, right->in_use);
	assert_int_equal(left->volumes.count, right->volumes.count);
	for (size_t i = 0; i < left->volumes.count; i++) {
		const struct volume *a = &left->volumes.volume[i], *b = &right->volumes.volume[i];

		assert_same_text(a->name, b->name);
		assert_int_equal(a->size, b->size);
		assert_same_text(a->purpose, b->purpose);
		assert_same_text(a->type, b->type);
		assert_same_text(a->label, b->label);
		assert_same_text(a->starts, b->starts);
	}
	assert_int_equal(left->parts, right->parts);
	for (size_t i = 0; i < left->parts; i++) {
		const struct member *a = &left->part[i].member, *b = &right->part[i].member;

		assert_string_equal(left->part[i].node, right->part[i].node);
		assert_int_equal(a->kind, b->kind);
		assert_ptr_equal(a->type, b->type);
		assert_same_text(a->id, b->id);
		assert_same_text(a->name, b->name);
		assert_int_equal(a->count, b->count);
		assert_same_text(a->own_id, b->own_id);
		assert_same_list(a->ids, b->ids);
		assert_same_list(a->devices, b->devices);
	}
}

/* A disk with an MBR's signature and two partitions: of an array, and of a volume group. */
static struct device disk_with_parts(const char *root)
{
	static char *partitions[] = { "sda1", "sda2", "sda3", NULL };
	uint8_t sector[512] = { 0 };

	fixture_put_number(sector + 440, 0x1234abcd, 4);
	sector[446 + 4] = 0x83;
	fixture_put_number(sector + 446 + 8, 2048, 4);
	fixture_put_number(sector + 446 + 12, 2048, 4);
	memcpy(sector + 510, "\x55\xaa", 2);
	tree_put_at(root, "dev/sda", FIXTURE_GIB, 0, sector, sizeof(sector));
	fixture_md(root, "dev/sda1", 2);
	fixture_lvm(root, "dev/sda2", 0, false);
	return (struct device){ .disk.kernel = (char *)"sda", .partitions = partitions };
}

static void reads_a_disk_and_its_partitions(void **state)
{
	const struct device device = disk_with_parts(*state);
	struct content *content = content_read(*state, &device, true);

	assert_null(content->cd);
	assert_int_equal(content->signature, 0x1234abcd);
	assert_int_equal(list_length(content->partitions), 1);
	assert_string_equal(content->partitions[0], "1 1234abcd-01");
	assert_int_equal(content->parts, 2);
	assert_string_equal(content->part[0].node, "sda1");
	assert_int_equal(content->part[0].member.kind, MEMBER_MD);
	assert_string_equal(content->part[1].node, "sda2");
	assert_string_equal(content->part[1].member.name, "vg0");
	/* And for people; the third has no node. */
	assert_int_equal(content->volumes.count, 3);
	assert_string_equal(content->volumes.volume[0].name, "sda1");
	assert_string_equal(content->volumes.volume[0].type, "linux_raid_member");
	assert_string_equal(content->volumes.volume[1].type, "LVM2_member");
	assert_string_equal(content->volumes.volume[2].name, "sda3");
	assert_null(content->volumes.volume[2].type);
	content_free(content);
}

static void reads_a_file(void **state)
{
	AUTO_FREE char *path = text_format("%s/a disk!", (const char *)*state);
	const struct device device = { .disk.path = path };
	struct content *content;

	fixture_btrfs(*state, "a disk!", 2);
	content = content_read("/no/such/root", &device, true);
	assert_int_equal(content->parts, 1);
	assert_string_equal(content->part[0].node, path);
	assert_int_equal(content->part[0].member.kind, MEMBER_BTRFS);
	content_free(content);
}

static void reads_nothing_where_nothing_is(void **state)
{
	const struct device device = { .disk.kernel = (char *)"sdq" };
	struct content *content = content_read(*state, &device, true);

	assert_same(content, &(struct content){ 0 });
	content_free(content);
	content_free(NULL);
}

static void goes_through_bytes(void **state)
{
	const struct device device = disk_with_parts(*state);
	struct content *content = content_read(*state, &device, true), *again;
	AUTO_FREE char *bytes = NULL;
	size_t length;

	content->cd = text_copy(""); /* a CD without a label is one */
	content->in_use = true;
	bytes = content_pack(content, &length);
	again = content_unpack(bytes, length);
	assert_same(again, content);
	content_free(again);
	/* Cut off anywhere, in memory exactly as large. */
	for (size_t cut = 0; cut < length; cut++) {
		AUTO_FREE char *part = malloc(cut ? cut : 1);

		memcpy(part, bytes, cut);
		content_free(content_unpack(part, cut));
	}
	content_free(content);
}

static void on_done(void *user)
{
	assert_false(*(bool *)user);
	*(bool *)user = true;
}

/* Many more than are read at a time, some of them without a node. */
static void reads_all(void **state)
{
	enum { COUNT_OF_ALL = 150 };
	static struct device devices[COUNT_OF_ALL];
	struct devices all = { 0 };
	struct reading *reading;
	sd_event *event = loop_new();
	bool done = false;

	for (size_t i = 0; i < COUNT_OF_ALL; i++) {
		char *name = text_format("sd%zu", i);
		AUTO_FREE char *node = text_format("dev/%s", name);

		devices[i] = (struct device){ .disk.kernel = name };
		if (i % 3)
			fixture_isw(*state, node, (uint32_t)i, 2);
		devices_append(&all, &devices[i]);
	}
	reading = reading_start(event, *state, &all, false, on_done, &done);
	assert_false(done);
	assert_true(loop_until(event, &done));
	loop_idle(event);
	for (size_t i = 0; i < COUNT_OF_ALL; i++) {
		AUTO_FREE char *id = text_format("%08zx", i);

		assert_non_null(devices[i].content);
		assert_int_equal(devices[i].content->parts, i % 3 ? 1 : 0);
		if (i % 3)
			assert_string_equal(devices[i].content->part[0].member.id, id);
		assert_null(reading_trouble(&devices[i]));
		content_free(devices[i].content);
		free(devices[i].disk.kernel);
	}
	reading_free(reading);
	reading_free(NULL);
	free(all.device);
	sd_event_unref(event);
}

static void says_what_cannot_be_read(void **state)
{
	struct device device = { .disk.path = (char *)"/dev/sda", .unread = ETIMEDOUT };
	AUTO_FREE char *silent = reading_trouble(&device), *other = NULL;

	(void)state;
	assert_string_equal(silent,
			    "the disk '/dev/sda' does not answer: nothing could be read from it for 60 s");
	device.unread = EAGAIN;
	other = reading_trouble(&device);
	assert_string_equal(other,
			    "what is on the disk '/dev/sda' cannot be read: Resource temporarily unavailable");
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(reads_a_disk_and_its_partitions),
		ON_TREE(reads_a_file),
		ON_TREE(reads_nothing_where_nothing_is),
		ON_TREE(goes_through_bytes),
		ON_TREE(reads_all),
		cmocka_unit_test(says_what_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
