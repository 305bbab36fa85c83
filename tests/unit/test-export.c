// SPDX-License-Identifier: GPL-2.0-or-later
/* export: a real qemu-nbd on plain files. */
#include "base/memory.h"
#include "transfer/export.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "loop.h"
#include "nbd.h"
#include "tree.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>

#define SIZE (1U << 20)

struct seen {
	bool ready, failed;
	unsigned calls;
	char *reason;
};

static void on_ready(void *user)
{
	struct seen *seen = user;

	seen->ready = true;
	seen->calls++;
}

static void on_failed(void *user, const char *reason)
{
	struct seen *seen = user;

	seen->failed = true;
	seen->calls++;
	seen->reason = text_copy(reason);
}

/* A directory with a file in it, the disk, and what is seen of its export. */
struct stage {
	sd_event *event;
	char *root;
	char content[SIZE];
	struct disk disk;
	struct export_events events;
	struct seen seen;
	struct export *export;
	char *reason;
};

static struct stage *stage_new(const char *name)
{
	struct stage *stage = memory_zero(1, sizeof(*stage));

	stage->event = loop_new();
	stage->root = tree_new();
	for (size_t i = 0; i < SIZE; i++)
		stage->content[i] = (char)(i * 7 + i / 4096);
	tree_put_bytes(stage->root, "disk", stage->content, SIZE);
	stage->disk = (struct disk){ .name = (char *)name,
				     .path = tree_path(stage->root, "disk"),
				     .size = SIZE };
	stage->events = (struct export_events){ on_ready, on_failed, &stage->seen };
	return stage;
}

static int stage_start(struct stage *stage)
{
	return export_start(stage->event, stage->root, &stage->disk, "", &stage->events,
			    &stage->export, &stage->reason);
}

static void stage_free(struct stage *stage)
{
	export_free(stage->export);
	sd_event_unref(stage->event);
	tree_remove(stage->root);
	free(stage->disk.path);
	free(stage->seen.reason);
	free(stage->reason);
	free(stage);
}

static void need_qemu_nbd(void)
{
	if (system("qemu-nbd --version >/dev/null 2>&1") != 0)
		skip();
}

static void check_content(const struct stage *stage, const struct nbd *nbd)
{
	char data[10000];

	assert_int_equal(nbd->size, SIZE);
	assert_int_equal(nbd_do(nbd, NBD_READ, 0, data, sizeof(data)), 0);
	assert_memory_equal(data, stage->content, sizeof(data));
	assert_int_equal(nbd_do(nbd, NBD_READ, SIZE - 512, data, 512), 0);
	assert_memory_equal(data, stage->content + SIZE - 512, 512);
}

/* Nothing is ever written to a source disk, whoever asks for it. */
static void check_read_only(const struct stage *stage, const struct nbd *nbd)
{
	AUTO_FCLOSE FILE *file = fopen(stage->disk.path, "re");
	char data[512] = "written", whole[512];

	assert_true(nbd->read_only);
	assert_int_not_equal(nbd_do(nbd, NBD_WRITE, 0, data, sizeof(data)), 0);
	assert_non_null(file);
	assert_int_equal(fread(whole, 1, sizeof(whole), file), sizeof(whole));
	assert_memory_equal(whole, stage->content, sizeof(whole));
}

static void test_read(void **state)
{
	struct stage *stage;
	struct nbd one, other;
	AUTO_FREE char *socket = NULL;

	(void)state;
	need_qemu_nbd();
	stage = stage_new("sda");
	assert_int_equal(stage_start(stage), 0);
	assert_true(loop_until(stage->event, &stage->seen.ready));
	socket = text_copy(export_socket(stage->export));
	one = nbd_connect(socket);
	other = nbd_connect(socket);
	check_content(stage, &one);
	check_content(stage, &other);
	check_read_only(stage, &one);
	assert_true(export_bytes_read(stage->export) >= 512);
	loop_idle(stage->event);
	assert_int_equal(stage->seen.calls, 1);
	/* Clients that are still connected do not keep it. */
	export_free(steal(stage->export));
	children_end();
	assert_int_equal(kill(one.server, 0), -1);
	assert_int_equal(access(socket, F_OK), -1);
	close(one.fd);
	close(other.fd);
	stage_free(stage);
}

static void test_missing(void **state)
{
	struct stage *stage = stage_new("sda");

	(void)state;
	unlink(stage->disk.path);
	assert_int_equal(stage_start(stage), -ENOENT);
	assert_null(stage->export);
	assert_non_null(strstr(stage->reason, "cannot open the disk '"));
	assert_non_null(strstr(stage->reason, "No such file"));
	stage_free(stage);
}

static void test_not_readable(void **state)
{
	struct stage *stage = stage_new("sda");
	uid_t user = geteuid();
	int r;

	(void)state;
	assert_int_equal(chmod(stage->disk.path, 0), 0);
	assert_int_equal(chmod(stage->root, 0755), 0);
	if (user == 0 && seteuid(65534) < 0) {
		stage_free(stage);
		skip();
	}
	r = stage_start(stage);
	assert_int_equal(seteuid(user), 0);
	assert_int_equal(r, -EACCES);
	assert_non_null(strstr(stage->reason, "cannot open the disk '"));
	stage_free(stage);
}

/* What can be opened, but not exported: qemu-nbd's own words are passed on. */
static void test_directory(void **state)
{
	struct stage *stage;

	(void)state;
	need_qemu_nbd();
	stage = stage_new("sda");
	free(stage->disk.path);
	stage->disk.path = text_copy(stage->root);
	assert_int_equal(stage_start(stage), 0);
	assert_true(loop_until(stage->event, &stage->seen.failed));
	assert_false(stage->seen.ready);
	assert_non_null(strstr(stage->seen.reason, "' ended: qemu-nbd, exit status 1: "));
	assert_non_null(strstr(stage->seen.reason, "regular file"));
	loop_idle(stage->event);
	assert_int_equal(stage->seen.calls, 1);
	stage_free(stage);
}

static void test_killed(void **state)
{
	struct stage *stage;
	struct nbd nbd;

	(void)state;
	need_qemu_nbd();
	stage = stage_new("sda");
	assert_int_equal(stage_start(stage), 0);
	assert_true(loop_until(stage->event, &stage->seen.ready));
	nbd = nbd_connect(export_socket(stage->export));
	assert_int_equal(kill(nbd.server, SIGKILL), 0);
	assert_true(loop_until(stage->event, &stage->seen.failed));
	assert_non_null(strstr(stage->seen.reason, "signal 9"));
	close(nbd.fd);
	stage_free(stage);
}

/* An end that we asked for is no failure. */
static void test_stop(void **state)
{
	struct stage *stage;
	struct nbd nbd;
	char byte;

	(void)state;
	need_qemu_nbd();
	export_free(NULL);
	stage = stage_new("sda");
	assert_int_equal(stage_start(stage), 0);
	assert_true(loop_until(stage->event, &stage->seen.ready));
	nbd = nbd_connect(export_socket(stage->export));
	export_free(steal(stage->export));
	assert_int_equal(recv(nbd.fd, &byte, 1, 0), 0);
	loop_idle(stage->event);
	assert_int_equal(stage->seen.calls, 1);
	close(nbd.fd);
	stage_free(stage);
}

static void test_socket_names(void **state)
{
	struct stage *stage;
	const char *name;

	(void)state;
	need_qemu_nbd();
	stage = stage_new("cciss/c0d0 \xc3\xa4");
	assert_int_equal(stage_start(stage), 0);
	name = export_socket(stage->export) + strlen(stage->root) + 1;
	assert_non_null(strstr(name, "-cciss_c0d0___.sock"));
	assert_null(strchr(name, '/'));
	stage_free(stage);
}

static void test_long_directory(void **state)
{
	struct stage *stage = stage_new("sda");
	char directory[200];

	(void)state;
	memset(directory, 'x', sizeof(directory) - 1);
	directory[0] = '/';
	directory[sizeof(directory) - 1] = '\0';
	assert_int_equal(export_start(stage->event, directory, &stage->disk, "", &stage->events,
				      &stage->export, &stage->reason),
			 -ENAMETOOLONG);
	assert_non_null(strstr(stage->reason, "--runtime-directory"));
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),         cmocka_unit_test(test_missing),
		cmocka_unit_test(test_not_readable), cmocka_unit_test(test_directory),
		cmocka_unit_test(test_killed),       cmocka_unit_test(test_stop),
		cmocka_unit_test(test_socket_names), cmocka_unit_test(test_long_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
