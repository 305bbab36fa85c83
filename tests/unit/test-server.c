// SPDX-License-Identifier: GPL-2.0-or-later
/* What a conversion server answers: reading, judging, explaining. */
#include "base/list.h"
#include "base/memory.h"
#include "server/server.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define GIB (UINT64_C(1) << 30)

static const char good[] =
	"user root\nuid 0\narch x86_64\nsystem Debian GNU/Linux 13 (trixie)\n"
	"virt-v2v 2.6.0\n"
	"capability virt-v2v\ncapability colours-option\ncapability output:local\ncapability output:libvirt\n"
	"capability output:rhv\ncapability output:vdsm\n"
	"nbdkit nbd\nnbdcopy yes\n"
	"temporary 5368709120 /var/tmp\nwork 1073741824 /tmp\n"
	"storage /srv/guests\nstorage-state writable\nstorage-room 10737418240\n"
	"time 1795264200\nend yes\n";

/* The judgement on @answer, after @more (facts that come later win). */
static char *judge(const struct config *config, const char *answer, const char *more,
		   uint64_t bytes)
{
	AUTO_FREE char *all = text_format("%s%s", answer, more);
	struct server server;
	char *reason;

	server_parse(&server, all, strlen(all));
	reason = server_judge(&server, config, bytes);
	server_clear(&server);
	return reason;
}

static struct config configuration(void)
{
	return (struct config){ .output_type = (char *)"local",
				.output_storage = (char *)"/srv/guests" };
}

/* @answer without the lines that begin with @key. */
static char *without(const char *answer, const char *key)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	while (*answer) {
		size_t length = strcspn(answer, "\n") + 1;

		if (strncmp(answer, key, strlen(key)))
			fwrite(answer, 1, length, stream);
		answer += length;
	}
	fclose(stream);
	return text;
}

#define assert_says(reason_, part)                                 \
	do {                                                       \
		AUTO_FREE char *reason = (reason_);                \
		assert_non_null(reason);                           \
		if (!strstr(reason, part))                         \
			fail_msg("'%s' lacks '%s'", reason, part); \
	} while (0)

static void test_parse(void **state)
{
	struct server server;

	(void)state;
	server_parse(&server, good, sizeof(good) - 1);
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

static void test_odd_answers(void **state)
{
	static const char *const answers[] = { "",         "\n",      " ",        "x",      "end",
					       "virt-v2v", "nbdkit ", "storage ", "\n\n \n" };

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct config config = configuration();

		assert_says(judge(&config, answers[i], "", 0), "cut off");
	}
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

static void test_judge(void **state)
{
	struct config config = configuration();
	AUTO_FREE char *no_v2v = without(good, "virt-v2v ");
	AUTO_FREE char *no_nbdkit = without(good, "nbdkit ");
	AUTO_FREE char *no_nbdcopy = without(good, "nbdcopy ");

	(void)state;
	assert_null(judge(&config, good, "", GIB));
	assert_null(judge(&config, good, "virt-v2v 1.28.1\n", GIB));
	assert_says(judge(&config, no_v2v, "", 0), "not installed");
	assert_says(judge(&config, good, "virt-v2v 1.26.9\n", 0), "too old");
	assert_says(judge(&config, good, "virt-v2v 0.9.1\n", 0), "too old");
	assert_says(judge(&config, no_nbdkit, "", 0), "nbdkit is not installed");
	assert_null(judge(&config, no_nbdkit, "virt-v2v 1.40.2\n", 0));
	assert_says(judge(&config, good, "nbdkit bare\n", 0), "no nbd plugin");
	assert_says(judge(&config, no_nbdcopy, "", 0), "nbdcopy is not installed");
	assert_says(judge(&config, good, "storage-state missing\n", 0),
		    "no directory '/srv/guests'");
	assert_says(judge(&config, good, "storage-state readonly\n", 0), "may not write");
	assert_says(judge(&config, good, "storage-state other\n", 0), "is no directory");
	assert_says(judge(&config, good, "storage relative\n", 0), "whole path");
	assert_says(judge(&config, good, "storage-file web-sda\nstorage-file web.xml\n", 0),
		    "'web-sda', 'web.xml'");
	assert_says(judge(&config, good, "temporary 1073741823 /var/tmp\n", 0), "1023 MiB left");
	assert_says(judge(&config, good, "work 1000 /tmp\n", 0), "'/tmp' on the server is full");
	assert_null(judge(&config, good, "storage-room -\n", 20 * GIB));
}

static void test_judge_output(void **state)
{
	struct config config = configuration();
	AUTO_FREE char *silent = without(good, "capability ");

	(void)state;
	config.output_type = (char *)"disk";
	assert_null(judge(&config, good, "", 0));
	config.output_type = (char *)"ovirt";
	assert_null(judge(&config, good, "", 0));
	config.output_type = (char *)"kubevirt";
	assert_says(judge(&config, good, "", 0), "only: local, libvirt, rhv");
	assert_null(judge(&config, silent, "", 0));
	config.output_type = (char *)"vdsm";
	assert_says(judge(&config, good, "", 0), "VDSM");
}

static void test_judge_options(void **state)
{
	struct config config = configuration();
	char *keys[] = { (char *)"/dev/sda1:a", (char *)"all:b", NULL };
	char *mac[] = { (char *)"52:54:00:ab:00:01:ip:192.0.2.1", NULL };
	AUTO_FREE char *silent = without(good, "capability ");

	(void)state;
	config.keys = keys;
	assert_null(judge(&config, good, "virt-v2v 2.4.0\n", 0));
	assert_says(judge(&config, good, "virt-v2v 2.2.0\n", 0), "name each device");
	keys[1] = NULL;
	assert_null(judge(&config, good, "virt-v2v 2.2.0\n", 0));
	config.mac = mac;
	assert_null(judge(&config, silent, "", 0));
	assert_says(judge(&config, silent, "capability output:local\n", 0),
		    "does not offer p2v.mac");
	assert_says(judge(&config, silent, "capability output:local\ncapability mac-option\n", 0),
		    "fixed address");
	assert_null(judge(&config, silent,
			  "capability output:local\ncapability mac-option\ncapability mac-ip-option\n",
			  0));
}

static void test_judge_libvirt(void **state)
{
	struct config config = configuration();

	(void)state;
	config.output_type = (char *)"libvirt";
	config.output_storage = (char *)"/var/tmp";
	assert_null(judge(&config, good, "virsh ok\npool yes\n", 0));
	assert_null(judge(&config, good, "virsh missing\n", 0));
	assert_says(judge(&config, good, "virsh ok\npool no\n", 0), "pool 'default'");
	assert_says(judge(&config, good, "virsh ok\npool yes\ndomain yes\n", 0),
		    "already has a guest");
	config.output_connection = (char *)"qemu:///system";
	assert_says(judge(&config, good, "virsh refused\n", 0), "at qemu:///system");
}

static void test_judge_sudo(void **state)
{
	struct config config = configuration();

	(void)state;
	config.sudo = true;
	assert_null(judge(&config, good, "sudo ok\n", 0));
	assert_says(judge(&config, good, "sudo missing\n", 0), "no sudo");
	assert_says(judge(&config, good, "user jo\nsudo password\n", 0),
		    "'jo ALL=(ALL) NOPASSWD: ALL'");
	assert_says(judge(&config, good, "user jo\nsudo refused\nsudo-message sorry\n", 0),
		    "refuses 'jo': sorry");
}

static void test_judge_room(void **state)
{
	struct config config = configuration();

	(void)state;
	assert_null(judge(&config, good, "", 11 * GIB)); /* a warning */
	config.output_allocation = ALLOCATION_SPARSE;
	assert_null(judge(&config, good, "", 11 * GIB));
	config.output_allocation = ALLOCATION_PREALLOCATED;
	assert_null(judge(&config, good, "", 10 * GIB));
	assert_says(judge(&config, good, "", 11 * GIB),
		    "10.0 GiB left and the disks will take 11.0 GiB");
}

static void test_explain(void **state)
{
	(void)state;
	assert_null(server_explain(""));
	assert_null(server_explain("virt-v2v: error: something new"));
	assert_non_null(strstr(server_explain("virt-v2v: error: inspection could not detect the source guest (or physical machine)."),
			       "no operating system"));
	assert_non_null(strstr(server_explain("virt-v2v: warning: there are no virtio drivers available\n"
					      "nbdcopy: write: No space left on device\n"
					      "virt-v2v: error: nbdcopy command failed, see earlier error messages"),
			       "ran out of room"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),         cmocka_unit_test(test_time),
		cmocka_unit_test(test_versions),      cmocka_unit_test(test_fuller_directory),
		cmocka_unit_test(test_odd_answers),   cmocka_unit_test(test_synonyms),
		cmocka_unit_test(test_judge),         cmocka_unit_test(test_judge_output),
		cmocka_unit_test(test_judge_options), cmocka_unit_test(test_judge_libvirt),
		cmocka_unit_test(test_judge_sudo),    cmocka_unit_test(test_judge_room),
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
