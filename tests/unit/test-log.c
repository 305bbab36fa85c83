// SPDX-License-Identifier: GPL-2.0-or-later
/* log: a terminal can safely show what messages quote. */
#include "base/log.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void keep(void *user, int priority, const char *line)
{
	char **said = user;

	(void)priority;
	free(*said);
	*said = text_copy(line);
}

static void check(const char *quoted, const char *expected)
{
	AUTO_FREE char *said = NULL;

	log_set_sink(keep, &said);
	log_notice("virt-v2v: %s", quoted);
	log_set_sink(NULL, NULL);
	assert_non_null(said);
	assert_string_equal(said, expected);
}

static void test_plain(void **state)
{
	(void)state;
	check("über 机器\t100 %", "virt-v2v: über 机器\t100 %");
	check("\x1b[31mred\x1b[0m\a", "virt-v2v: ?[31mred?[0m?");
	check("one\np2vd: done", "virt-v2v: one?p2vd: done");
	check("\xc2\x9b\x9b\xff", "virt-v2v: ???");
}

/* A secret is hidden before its bytes are replaced: it is found by its bytes. */
static void test_secrets(void **state)
{
	(void)state;
	secret_register("gehéim 机");
	check("\x1bgehéim 机\x1b", "virt-v2v: ?***?");
	check("\xc3gehéim 机\xa9", "virt-v2v: ?***?");
	check("geh\xc3im", "virt-v2v: geh?im");
	secret_forget_all();
}

static void test_errno(void **state)
{
	(void)state;
	errno = ENOENT;
	check("\x1b", "virt-v2v: ?");
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
