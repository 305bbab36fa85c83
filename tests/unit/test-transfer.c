// SPDX-License-Identifier: GPL-2.0-or-later
/* transfer: two files by real qemu-nbds, through tunnels of a stand-in for ssh(1). */
#include "base/memory.h"
#include "base/text.h"
#include "transfer/transfer.h"

#include "base/list.h"
#include "loop.h"
#include "nbd.h"
#include "ssh-stand-in.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIZE (1U << 20)

/* Each has a port of its own, and none starts before the one before it is up. */
static const char tunnels[] = "[ ! -e \"$root/starting\" ] || exit 9\n"
			      ": >\"$root/starting\"\n"
			      "echo >>\"$root/started\"\n"
			      "sleep 0.1\n"
			      "rm \"$root/starting\"\n"
			      "n=$(($(wc -l <\"$root/started\")))\n"
			      "echo \"Allocated port $((4000 + n)) for remote forward to x\" >&2\n"
			      "exec sleep 1000\n";

struct stage {
	sd_event *event;
	char *root;
	struct disk disk[2];
	struct disks disks;
	struct tunnel_login *login;
	struct transfer *transfer;
	bool exported, tunnelled, failed, free_it;
	unsigned calls;
	char *reason;
};

static void on_exported(void *user)
{
	struct stage *stage = user;

	stage->exported = true;
	stage->calls++;
}

static void on_tunnelled(void *user)
{
	struct stage *stage = user;

	stage->tunnelled = true;
	stage->calls++;
}

static void on_port(void *user, size_t disk, unsigned number, uint16_t port)
{
	(void)user;
	assert_int_equal(disk, number);
	assert_int_equal(port, 4001 + number);
}

static void on_failed(void *user, const char *reason)
{
	struct stage *stage = user;

	stage->failed = true;
	stage->calls++;
	free(stage->reason);
	stage->reason = text_copy(reason);
	if (stage->free_it)
		transfer_free(stage->transfer);
}

static struct stage *stage_new(void)
{
	static const char *const names[] = { "sda", "sdb" };
	struct stage *stage = memory_zero(1, sizeof(*stage));
	struct transfer_events events = { on_exported, on_tunnelled, on_port, on_failed, stage };
	AUTO_FREE char *content = memory_zero(SIZE, 1);

	stage->event = loop_new();
	stage->root = tree_new();
	stage->login = ssh_stand_in_login(stage->event);
	memset(content, 'x', SIZE);
	for (size_t i = 0; i < 2; i++) {
		tree_put_bytes(stage->root, names[i], content, SIZE);
		stage->disk[i] = (struct disk){ .name = (char *)names[i],
						.path = tree_path(stage->root, names[i]),
						.size = SIZE };
	}
	stage->disks = (struct disks){ .disk = stage->disk, .count = 2 };
	stage->transfer = transfer_new(stage->event, &stage->disks, stage->root, &events);
	return stage;
}

static void stage_free(struct stage *stage)
{
	transfer_free(stage->transfer);
	tunnel_login_free(stage->login);
	sd_event_unref(stage->event);
	tree_remove(stage->root);
	free(stage->disk[0].path);
	free(stage->disk[1].path);
	free(stage->reason);
	free(stage);
}

static void need_qemu_nbd(void)
{
	if (system("qemu-nbd --version >/dev/null 2>&1") != 0)
		skip();
}

/* How many sockets there are; of the last, where @nbd is not NULL, a connection. */
static size_t sockets(const struct stage *stage, struct nbd *nbd)
{
	AUTO_FREE char *pattern = text_format("%s/*.sock", stage->root);
	glob_t found = { 0 };
	size_t count;

	glob(pattern, 0, NULL, &found);
	count = found.gl_pathc;
	if (nbd)
		*nbd = nbd_connect(found.gl_pathv[count - 1]);
	globfree(&found);
	return count;
}

static void check_progress(const struct stage *stage)
{
	AUTO_LIST char **before = transfer_progress(stage->transfer, true);
	AUTO_LIST char **after = NULL;
	uint64_t bytes = transfer_bytes(stage->transfer);
	char data[65536];
	struct nbd nbd;

	assert_int_equal(list_length(before), 3);
	assert_non_null(strstr(before[0], "all      ["));
	assert_non_null(strstr(before[1], "sda      ["));
	assert_non_null(strstr(before[2], "sdb      ["));
	assert_int_equal(sockets(stage, &nbd), 2);
	assert_int_equal(nbd_do(&nbd, NBD_READ, 0, data, sizeof(data)), 0);
	after = transfer_progress(stage->transfer, true);
	assert_true(transfer_bytes(stage->transfer) >= bytes + sizeof(data));
	close(nbd.fd);
}

static void test_both_ways(void **state)
{
	struct stage *stage;

	(void)state;
	need_qemu_nbd();
	stage = stage_new();
	ssh_stand_in(stage->root, tunnels);
	transfer_export(stage->transfer, NULL);
	assert_true(loop_until(stage->event, &stage->exported));
	check_progress(stage);
	transfer_tunnel(stage->transfer, &(struct transfer_way){ .login = stage->login,
								 .patience = 60,
								 .streams = 1 });
	assert_true(loop_until(stage->event, &stage->tunnelled));
	assert_int_equal(transfer_port(stage->transfer, 0), 4001);
	assert_int_equal(transfer_port(stage->transfer, 1), 4002);
	loop_idle(stage->event);
	assert_int_equal(stage->calls, 2);
	transfer_free(steal(stage->transfer));
	assert_int_equal(sockets(stage, NULL), 0);
	stage_free(stage);
}

static void test_missing_disk(void **state)
{
	struct stage *stage = stage_new();

	(void)state;
	unlink(stage->disk[0].path);
	transfer_export(stage->transfer, NULL);
	assert_true(stage->failed);
	assert_non_null(strstr(stage->reason, "/sda': No such file"));
	loop_idle(stage->event);
	assert_int_equal(stage->calls, 1);
	stage_free(stage);
}

/* Two that fail for one cause are one failure. */
static void test_one_failure(void **state)
{
	struct stage *stage;

	(void)state;
	need_qemu_nbd();
	stage = stage_new();
	for (size_t i = 0; i < 2; i++) {
		unlink(stage->disk[i].path);
		assert_int_equal(mkdir(stage->disk[i].path, 0755), 0);
	}
	transfer_export(stage->transfer, NULL);
	assert_true(loop_until(stage->event, &stage->failed));
	for (unsigned i = 0; i < 10; i++)
		loop_idle(stage->event);
	assert_int_equal(stage->calls, 1);
	assert_false(stage->exported);
	stage_free(stage);
}

static void test_no_tunnel(void **state)
{
	struct stage *stage;

	(void)state;
	need_qemu_nbd();
	stage = stage_new();
	ssh_stand_in(stage->root, "echo 'Error: remote port forwarding failed' >&2; exit 255\n");
	transfer_export(stage->transfer, NULL);
	assert_true(loop_until(stage->event, &stage->exported));
	transfer_tunnel(stage->transfer, &(struct transfer_way){ .login = stage->login,
								 .patience = 60,
								 .streams = 1 });
	assert_true(loop_until(stage->event, &stage->failed));
	assert_non_null(strstr(stage->reason, "tunnel of 'sda' did not come up"));
	assert_int_equal(stage->calls, 2);
	stage_free(stage);
}

static void free_in_callback(void)
{
	struct stage *stage = stage_new();

	stage->free_it = true;
	unlink(stage->disk[0].path);
	transfer_export(stage->transfer, NULL);
}

static void export_twice(void)
{
	struct stage *stage = stage_new();

	unlink(stage->disk[0].path);
	transfer_export(stage->transfer, NULL);
	transfer_export(stage->transfer, NULL);
}

static void tunnel_too_early(void)
{
	struct stage *stage = stage_new();

	transfer_tunnel(stage->transfer, &(struct transfer_way){ .login = stage->login,
								 .patience = 60,
								 .streams = 1 });
}

/* What the header forbids ends the process, here and not somewhere later. */
static void test_forbidden(void **state)
{
	(void)state;
	transfer_free(NULL);
	assert_true(loop_asserts(free_in_callback));
	assert_true(loop_asserts(export_twice));
	assert_true(loop_asserts(tunnel_too_early));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),   cmocka_unit_test(test_missing_disk),
		cmocka_unit_test(test_one_failure), cmocka_unit_test(test_no_tunnel),
		cmocka_unit_test(test_forbidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
