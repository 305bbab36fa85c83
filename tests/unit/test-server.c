// SPDX-License-Identifier: GPL-2.0-or-later
/* server: reading the probe's answer. */
#include "server/server.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "run-script.h"
#include "server-answer.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GIB (UINT64_C(1) << 30)

static void test_parse(void **state)
{
	struct server server;

	(void)state;
	server_parse(&server, good_answer, sizeof(good_answer) - 1);
	assert_string_equal(server.user, "root");
	assert_true(server.root);
	assert_string_equal(server.version, "2.6.0");
	assert_int_equal(server.version_major, 2);
	assert_int_equal(server.version_minor, 6);
	assert_int_equal(list_length(server.capabilities), 6);
	assert_true(server.nbdkit && server.nbdkit_nbd && server.nbdcopy);
	assert_int_equal(server.sudo, SUDO_NOT_ASKED);
	assert_string_equal(server.storage.directory, "/srv/guests");
	assert_int_equal(server.storage.bytes, 10 * GIB);
	assert_int_equal(server.temporary.bytes, 5 * GIB);
	assert_string_equal(server.temporary.directory, "/var/tmp");
	assert_true(server.time == 1795264200);
	assert_true(server.complete);
	server_clear(&server);
}

static void test_time(void **state)
{
	static const char *const wrong[] = {
		"", "time", "time ", "time x", "time -1", "time 12s", "time 9223372036854775808"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct server server;

		server_parse(&server, wrong[i], strlen(wrong[i]));
		assert_true(server.time == CLOCK_NONE);
		server_clear(&server);
	}
}

static void test_versions(void **state)
{
	static const struct {
		const char *text;
		unsigned major, minor;
	} versions[] = {
		{ "1.28.0", 1, 28 },
		{ "1.42.0rhel=8,release=5.el8", 1, 42 },
		{ "2.13.2", 2, 13 },
		{ "2.6", 2, 6 },
		{ "0.9.1", 0, 9 },
		{ "", 0, 0 },
		{ "x", 0, 0 },
		{ "2", 0, 0 },
		{ "2.", 0, 0 },
		{ "99999999999999999999.1", 0, 0 },
		{ "2.99999999999999999999", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		AUTO_FREE char *answer = text_format("virt-v2v %s\n", versions[i].text);
		struct server server;

		server_parse(&server, answer, strlen(answer));
		assert_int_equal(server.version_major, versions[i].major);
		assert_int_equal(server.version_minor, versions[i].minor);
		assert_string_equal(server.version, versions[i].text);
		server_clear(&server);
	}
}

static void test_fuller_directory(void **state)
{
	static const char answer[] =
		"temporary 9 /a b\ntemporary - /c\ntemporary 7 /d e\ntemporary 8 /f\n";
	struct server server;

	(void)state;
	server_parse(&server, answer, sizeof(answer) - 1);
	assert_string_equal(server.temporary.directory, "/d e");
	assert_int_equal(server.temporary.bytes, 7);
	server_clear(&server);
}

static void test_synonyms(void **state)
{
	static const char old[] =
		"capability output:local\ncapability output:rhv\ncapability output:rhv-upload\n";
	static const char new[] =
		"capability output:disk\ncapability output:ovirt\ncapability output:ovirt-upload\n";
	const char *const both[] = { old, new };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct server server;

		server_parse(&server, both[i], strlen(both[i]));
		assert_true(server_can(&server, "output:local"));
		assert_true(server_can(&server, "output:disk"));
		assert_true(server_can(&server, "output:rhv"));
		assert_true(server_can(&server, "output:ovirt"));
		assert_true(server_can(&server, "output:rhv-upload"));
		assert_true(server_can(&server, "output:ovirt-upload"));
		assert_false(server_can(&server, "output:qemu"));
		assert_false(server_can(&server, "parallel-option"));
		server_clear(&server);
	}
}

/* Each fact is read by its own line of the table, and a later one wins. */
static void test_facts(void **state)
{
	static const char answer[] =
		"uid 0\nuid 1000\nnbdkit nbd\nnbdkit bare\npool no\npool yes\ndomain yes\n"
		"virsh ok\nvirsh what\nsudo ok\nsudo what\nsudo-message a b\n"
		"storage-state readonly\nstorage-state what\nstorage-free 7\nstorage-free x\n"
		"storage-file web-sda\nstorage-file web.xml\nunknown key\nuser jo\n"
		"ended /tmp/a 1\nended /tmp/b 2\nunended /tmp/c no\nrival /tmp/d 3\n";
	struct server server;

	(void)state;
	server_parse(&server, answer, sizeof(answer) - 1);
	assert_false(server.root);
	assert_true(server.nbdkit);
	assert_false(server.nbdkit_nbd || server.nbdcopy);
	assert_false(server.pool_missing);
	assert_true(server.domain_exists);
	assert_int_equal(server.libvirt, LIBVIRT_REFUSED);
	assert_int_equal(server.sudo, SUDO_REFUSED);
	assert_string_equal(server.sudo_message, "a b");
	assert_int_equal(server.storage_state, STORAGE_UNKNOWN);
	assert_true(server.storage.bytes == UINT64_MAX);
	assert_int_equal(list_length(server.files), 2);
	assert_string_equal(server.files[1], "web.xml");
	assert_string_equal(server.user, "jo");
	assert_int_equal(list_length(server.ended), 2);
	assert_string_equal(server.unended[0], "/tmp/c no");
	assert_string_equal(server.rival, "/tmp/d 3");
	assert_false(server.complete);
	server_clear(&server);
	assert_null(server.user);
}

static void check_probe(const char *output, const char *root)
{
	struct server server;

	server_parse(&server, output, strlen(output));
	assert_true(server.complete);
	assert_non_null(server.user);
	assert_non_null(server.arch);
	assert_int_equal(server.root, geteuid() == 0);
	assert_string_equal(server.storage.directory, root);
	assert_int_equal(server.storage_state, STORAGE_WRITABLE);
	assert_true(server.storage.bytes != UINT64_MAX);
	assert_int_equal(list_length(server.files), 1);
	assert_string_equal(server.files[0], "web-sda");
	assert_string_equal(server.work.directory, "/tmp");
	assert_true(server.time != CLOCK_NONE);
	server_clear(&server);
}

/* The other half: what the script prints on this machine is read. */
static void test_probe(void **state)
{
	char *root = tree_new();
	struct script_value values[] = {
		{ "sudo", "no" },     { "output", "local" }, { "storage", root },
		{ "connection", "" }, { "name", "web" },
	};
	AUTO_FREE char *output = NULL;
	int status;

	(void)state;
	tree_put(root, "web-sda", "");
	output = run_script(SCRIPT_PROBE, values, COUNT(values), &status);
	assert_int_equal(status, 0);
	check_probe(output, root);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),    cmocka_unit_test(test_time),
		cmocka_unit_test(test_versions), cmocka_unit_test(test_fuller_directory),
		cmocka_unit_test(test_synonyms), cmocka_unit_test(test_facts),
		cmocka_unit_test(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
