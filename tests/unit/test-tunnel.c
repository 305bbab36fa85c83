// SPDX-License-Identifier: GPL-2.0-or-later
/* tunnel, memfile, v2v_log: what can be tested without a server. */
#include "transfer/tunnel.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memfile.h"
#include "base/text.h"
#include "server/v2v_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static void test_allocated_port(void **state)
{
	(void)state;
	assert_int_equal(tunnel_allocated_port("Allocated port 41234 for remote forward to /run/p2vd/0-sda.sock"),
			 41234);
	assert_int_equal(tunnel_allocated_port("Allocated port 70000 for remote forward"), 0);
	assert_int_equal(tunnel_allocated_port("Warning: remote port forwarding failed"), 0);
	assert_int_equal(tunnel_allocated_port(""), 0);
}

/* ssh(1) takes a private key only from a file that is closed to others. */
static void test_memfile(void **state)
{
	AUTO_CLOSE int fd = memfile_new("identity", "secret\n", 7);
	AUTO_FREE char *path = memfile_path(fd);
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	char line[16];
	struct stat status;

	(void)state;
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "secret\n");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void count_line(void *user, int priority, const char *line)
{
	(void)priority, (void)line;
	++*(unsigned *)user;
}

static void test_log_tail(void **state)
{
	struct v2v_log *log = v2v_log_new();
	unsigned lines = 0;

	(void)state;
	log_set_sink(count_line, &lines);
	for (unsigned i = 0; i < 20000; i++) {
		AUTO_FREE char *line = text_format("message number %u\n", i);

		v2v_log_feed(log, line, strlen(line));
	}
	assert_int_equal(lines, 20000);
	assert_true(strlen(v2v_log_text(log)) <= 64U << 10);
	assert_non_null(strstr(v2v_log_text(log), "message number 19999\n"));
	lines = 0;
	v2v_log_say_tail(log);
	assert_int_equal(lines, 12);
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

static void test_log_short(void **state)
{
	struct v2v_log *log = v2v_log_new();
	unsigned lines = 0;

	(void)state;
	log_set_sink(count_line, &lines);
	v2v_log_say_tail(log);
	assert_int_equal(lines, 0);
	v2v_log_feed(log, "error", 5);
	v2v_log_end(log);
	v2v_log_say_tail(log);
	assert_int_equal(lines, 2);
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocated_port),
		cmocka_unit_test(test_memfile),
		cmocka_unit_test(test_log_tail),
		cmocka_unit_test(test_log_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
