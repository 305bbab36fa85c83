// SPDX-License-Identifier: GPL-2.0-or-later
/* requirements: what is said of a server that lacks something. */
#include "server/requirements.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "server-answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GIB (UINT64_C(1) << 30)

/* What a server lacks that gave @answer and then @more (later facts win). */
static char *unmet(const struct config *config, const char *answer, const char *more,
		   uint64_t bytes)
{
	AUTO_FREE char *all = text_format("%s%s", answer, more);
	struct server server;
	char *reason;

	server_parse(&server, all, strlen(all));
	reason = requirements_unmet(&server, config, bytes);
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

static char *exposed(const char *listens)
{
	struct server server;
	char *reason;

	server_parse(&server, listens, strlen(listens));
	reason = requirements_exposed(&server);
	server_clear(&server);
	return reason;
}

/* A forwarded port must listen on the server's loopback only. */
static void test_exposed(void **state)
{
	(void)state;
	assert_null(exposed(""));
	assert_null(exposed("listens 0100007F\n"));
	assert_null(exposed("listens 0100007F\nlistens 00000000000000000000000001000000\n"));
	assert_says(exposed("listens 00000000\nlistens 00000000000000000000000000000000\n"),
		    "listens on 0.0.0.0, ::");
	assert_says(exposed("listens 0100007F\nlistens 070200C0\n"), "listens on 192.0.2.7:");
	assert_says(exposed("listens x\n"), "GatewayPorts");
}

static char *no_shell(const char *answer, const char *said)
{
	struct server server;
	char *reason;

	server_parse(&server, answer, strlen(answer));
	reason = requirements_no_shell(&server, "jo", said);
	server_clear(&server);
	return reason;
}

static void test_no_shell(void **state)
{
	(void)state;
	assert_null(no_shell(good_answer, ""));
	assert_null(no_shell("user jo\n", "cut off"));
	assert_says(no_shell("", ""), "says nothing: see ForceCommand");
	assert_says(no_shell("", "This account is\r\n\nnot available.\n"),
		    "'This account is not available.': see ForceCommand");
	assert_says(no_shell("", "WARNING: Your password has expired."), "change the password");
	assert_says(no_shell("", "sh: 1: head: not found"), "install what is missing there");
	assert_says(no_shell("missing stat\nmissing wc\nuser jo\nend yes\n", ""),
		    "has no 'stat', 'wc' in the PATH of user 'jo'");
	assert_says(no_shell("missing id\nuser \n", "sh: 2: id: not found"),
		    "has no 'id' in the PATH");
}

static void test_odd_answers(void **state)
{
	static const char *const answers[] = { "",         "\n",      " ",        "x",      "end",
					       "virt-v2v", "nbdkit ", "storage ", "\n\n \n" };

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct config config = configuration();

		assert_says(unmet(&config, answers[i], "", 0), "cut off");
	}
}

static void test_unmet(void **state)
{
	struct config config = configuration();
	AUTO_FREE char *no_v2v = without(good_answer, "virt-v2v ");
	AUTO_FREE char *no_nbdkit = without(good_answer, "nbdkit ");
	AUTO_FREE char *no_nbdcopy = without(good_answer, "nbdcopy ");

	(void)state;
	assert_null(unmet(&config, good_answer, "", GIB));
	assert_null(unmet(&config, good_answer, "virt-v2v 1.28.1\n", GIB));
	assert_says(unmet(&config, no_v2v, "", 0), "not installed");
	assert_says(unmet(&config, good_answer, "virt-v2v 1.26.9\n", 0), "too old");
	assert_says(unmet(&config, good_answer, "virt-v2v 0.9.1\n", 0), "too old");
	assert_says(unmet(&config, no_nbdkit, "", 0), "nbdkit is not installed");
	assert_null(unmet(&config, no_nbdkit, "virt-v2v 1.40.2\n", 0));
	assert_says(unmet(&config, good_answer, "nbdkit bare\n", 0), "no nbd plugin");
	assert_says(unmet(&config, no_nbdcopy, "", 0), "nbdcopy is not installed");
	assert_says(unmet(&config, good_answer, "storage-state missing\n", 0),
		    "no directory '/srv/guests'");
	assert_says(unmet(&config, good_answer, "storage-state readonly\n", 0), "cannot write");
	assert_says(unmet(&config, good_answer, "storage-state other\n", 0), "is not a directory");
	assert_says(unmet(&config, good_answer, "storage relative\n", 0), "absolute path");
	assert_says(unmet(&config, good_answer, "storage-file web-sda\nstorage-file web.xml\n", 0),
		    "'web-sda', 'web.xml'");
	assert_says(unmet(&config, good_answer, "temporary 1073741823 /var/tmp\n", 0),
		    "1023 MiB free");
	assert_says(unmet(&config, good_answer, "work 1000 /tmp\n", 0),
		    "'/tmp' on the server is full");
	assert_says(unmet(&config, good_answer, "work-inodes 63\n", 0), "only 63 inodes free");
	assert_null(unmet(&config, good_answer, "work-inodes 64\n", 0));
	assert_null(unmet(&config, good_answer, "work-inodes \n", 0));
	assert_says(unmet(&config, good_answer,
			  "storage-state readonly\nstorage-refused Read-only file system\n", 0),
		    "cannot write to '/srv/guests' on the server (Read-only file system)");
	assert_null(unmet(&config, good_answer, "storage-free -\n", 20 * GIB));
	assert_says(unmet(&config, good_answer,
			  "storage-file web-sda\nrival /tmp/virt-p2v-20260101-a 2026-01-01 10:00:00\n",
			  0),
		    "'/tmp/virt-p2v-20260101-a', it was begun on 2026-01-01 10:00:00; to end it and remove what it left, "
		    "run 'sh /tmp/virt-p2v-20260101-a/end.sh' there as user 'root'");
	assert_says(unmet(&config, good_answer, "storage-refused Disk quota exceeded\n", 0),
		    "in '/srv/guests' on the server (Disk quota exceeded)");
	assert_says(unmet(&config, good_answer, "work-refused Read-only file system\n", 0),
		    "'/tmp' on the server (Read-only file system)");
	assert_says(unmet(&config, good_answer, "temporary-refused '/x' (Permission denied)\n", 0),
		    "directory '/x' (Permission denied)");
}

static void test_output(void **state)
{
	struct config config = configuration();
	AUTO_FREE char *silent = without(good_answer, "capability ");

	(void)state;
	config.output_type = (char *)"disk";
	assert_null(unmet(&config, good_answer, "", 0));
	config.output_type = (char *)"ovirt";
	assert_null(unmet(&config, good_answer, "", 0));
	config.output_type = (char *)"kubevirt";
	assert_says(unmet(&config, good_answer, "", 0), "only: local, libvirt, rhv");
	assert_null(unmet(&config, silent, "", 0));
	config.output_type = (char *)"vdsm";
	assert_says(unmet(&config, good_answer, "", 0), "VDSM");
}

static void test_options(void **state)
{
	struct config config = configuration();
	char *keys[] = { (char *)"/dev/sda1:a", (char *)"all:b", NULL };
	char *mac[] = { (char *)"52:54:00:ab:00:01:ip:192.0.2.1", NULL };
	AUTO_FREE char *silent = without(good_answer, "capability ");

	(void)state;
	config.keys = keys;
	assert_null(unmet(&config, good_answer, "virt-v2v 2.4.0\n", 0));
	assert_says(unmet(&config, good_answer, "virt-v2v 2.2.0\n", 0), "name each device");
	keys[1] = NULL;
	assert_null(unmet(&config, good_answer, "virt-v2v 2.2.0\n", 0));
	config.mac = mac;
	assert_null(unmet(&config, silent, "", 0));
	assert_says(unmet(&config, silent, "capability output:local\n", 0),
		    "does not offer p2v.mac");
	assert_says(unmet(&config, silent, "capability output:local\ncapability mac-option\n", 0),
		    "fixed address");
	assert_null(unmet(&config, silent,
			  "capability output:local\ncapability mac-option\ncapability mac-ip-option\n",
			  0));
}

static void test_libvirt(void **state)
{
	struct config config = configuration();

	(void)state;
	config.output_type = (char *)"libvirt";
	config.output_storage = (char *)"/var/tmp";
	assert_null(unmet(&config, good_answer, "virsh ok\npool yes\n", 0));
	assert_null(unmet(&config, good_answer, "virsh missing\n", 0));
	assert_says(unmet(&config, good_answer, "virsh ok\npool no\n", 0), "pool 'default'");
	assert_says(unmet(&config, good_answer, "virsh ok\npool yes\ndomain yes\n", 0),
		    "already has a guest");
	config.output_connection = (char *)"qemu:///system";
	assert_says(unmet(&config, good_answer, "virsh refused\n", 0), "at qemu:///system");
}

static void test_sudo(void **state)
{
	struct config config = configuration();
	AUTO_FREE char *no_v2v = without(good_answer, "virt-v2v ");

	(void)state;
	config.sudo = true;
	assert_null(unmet(&config, good_answer, "sudo ok\n", 0));
	assert_says(unmet(&config, good_answer, "sudo missing\n", 0), "no sudo");
	assert_says(unmet(&config, good_answer, "user jo\nsudo password\n", 0),
		    "'jo ALL=(ALL) NOPASSWD: ALL'");
	assert_says(unmet(&config, good_answer, "user jo\nsudo refused\nsudo-message sorry\n", 0),
		    "refuses 'jo': sorry");
	assert_says(unmet(&config, "", "sudo password\nend yes\n", 0), "asks '?' for a password");
	assert_says(unmet(&config, good_answer, "user jo\nsudo tty\n", 0),
		    "'Defaults:jo !requiretty'");
	assert_says(unmet(&config, no_v2v, "sudo ok\n", 0), "secure_path");
	assert_says(unmet(&config, no_v2v,
			  "sudo ok\nvirt-v2v-path /opt/virt-v2v\nvirt-v2v-said not found\n", 0),
		    "'/opt/virt-v2v' on the server, but sudo does not run it (not found)");
	config.sudo = false;
	assert_null(unmet(&config, good_answer, "sudo missing\n", 0));
	assert_says(unmet(&config, no_v2v, "virt-v2v-path /opt/virt-v2v\nvirt-v2v-said no libx\n",
			  0),
		    "does not run: no libx");
	/* It hangs. */
	assert_says(unmet(&config, no_v2v, "virt-v2v-path /opt/virt-v2v\nvirt-v2v-said \n", 0),
		    "does not run: no answer");
}

static void test_space(void **state)
{
	struct config config = configuration();

	(void)state;
	assert_null(unmet(&config, good_answer, "", 11 * GIB)); /* a warning */
	config.output_allocation = ALLOCATION_SPARSE;
	assert_null(unmet(&config, good_answer, "", 11 * GIB));
	config.output_allocation = ALLOCATION_PREALLOCATED;
	assert_null(unmet(&config, good_answer, "", 10 * GIB));
	assert_says(unmet(&config, good_answer, "", 11 * GIB),
		    "10.0 GiB free and the disks will take 11.0 GiB");
}

/* Of several things that are missing, the first to be put right is named. */
static void test_order(void **state)
{
	struct config config = configuration();

	(void)state;
	config.sudo = true;
	assert_says(unmet(&config, "end yes\n", "storage relative\n", 0), "sudo");
	config.sudo = false;
	assert_says(unmet(&config, "end yes\n", "storage relative\n", 0), "not installed");
	assert_says(unmet(&config, good_answer, "storage-state missing\nwork 1 /tmp\n", 0),
		    "no directory '/srv/guests'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exposed),     cmocka_unit_test(test_no_shell),
		cmocka_unit_test(test_odd_answers), cmocka_unit_test(test_unmet),
		cmocka_unit_test(test_output),      cmocka_unit_test(test_options),
		cmocka_unit_test(test_libvirt),     cmocka_unit_test(test_sudo),
		cmocka_unit_test(test_space),       cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
