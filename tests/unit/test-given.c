// SPDX-License-Identifier: GPL-2.0-or-later
/* given: words that somebody gives as arguments, and the secret on standard input. */
#include "client/field.h"
#include "client/given.h"
#include "heap.h"
#include "json.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define KNOWN                                                                               \
	"{\"parameters\":["                                                                 \
	"{\"name\":\"p2v.server\",\"kind\":\"server\",\"secret\":false,\"form\":\"HOST\"}," \
	"{\"name\":\"p2v.auth.sudo\",\"alias\":\"p2v.sudo\",\"kind\":\"boolean\"},"         \
	"{\"name\":\"p2v.cpu.acpi\",\"kind\":\"choice\"},"                                  \
	"{\"name\":\"p2v.auth.password\",\"alias\":\"p2v.password\",\"kind\":\"text\","     \
	"\"secret\":true},"                                                                 \
	"{\"name\":\"p2v.key\",\"kind\":\"list\",\"secret\":true},"                         \
	"{\"name\":\"p2v.identity\",\"kind\":\"text\",\"secret\":true}]}"

static int begin(void **state)
{
	*state = json(KNOWN);
	return 0;
}

static int end(void **state)
{
	sd_json_variant_unref(*state);
	return 0;
}

/* Puts @text on standard input. */
static void type(const char *text)
{
	int ends[2];

	assert_return_code(pipe(ends), errno);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	if (ends[0] == STDIN_FILENO) /* a test before has closed it */
		return;
	assert_return_code(dup2(ends[0], STDIN_FILENO), errno);
	close(ends[0]);
}

/* @arguments are sent as @expected, which may be without white space. */
static void accepts(sd_json_variant *known, char *const *arguments, const char *expected)
{
	AUTO_FREE char *reason = NULL, *text = NULL;
	sd_json_variant *given = given_parameters(arguments, known, &reason);

	assert_null(reason);
	assert_non_null(given);
	assert_return_code(sd_json_variant_format(given, 0, &text), 0);
	assert_string_equal(text, expected);
	/* So that sd-varlink and sd-json wipe them. */
	assert_true(sd_json_variant_is_sensitive_recursive(given));
	sd_json_variant_unref(given);
}

static void refuses(sd_json_variant *known, char *const *arguments, const char *expected)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *given = given_parameters(arguments, known, &reason);

	assert_null(given);
	assert_non_null(reason);
	assert_non_null(strstr(reason, expected));
}

#define LIST(...)                 \
	(char *[])                \
	{                         \
		__VA_ARGS__, NULL \
	}

static void test_parameters(void **state)
{
	accepts(*state, LIST("p2v.server=h", "p2v.sudo", "p2v.cpu.acpi", "p2v.server="),
		"{\"parameters\":[{\"name\":\"p2v.server\",\"value\":\"h\"},"
		"{\"name\":\"p2v.sudo\",\"value\":\"yes\"},"
		"{\"name\":\"p2v.cpu.acpi\",\"value\":\"yes\"},"
		"{\"name\":\"p2v.server\",\"value\":\"\"}]}");
	accepts(*state, LIST("p2v.server=a=b \" c"),
		"{\"parameters\":[{\"name\":\"p2v.server\",\"value\":\"a=b \\\" c\"}]}");
	/* p2vd knows better what is meant. */
	accepts(*state, LIST("p2v.sever"),
		"{\"parameters\":[{\"name\":\"p2v.sever\",\"value\":\"\"}]}");
	refuses(*state, LIST("p2v.server"), "'p2v.server' needs a value: p2v.server=HOST");
	refuses(*state, LIST("p2v.server=\xff"), "not UTF-8");
}

static void test_secrets(void **state)
{
	refuses(*state, LIST("p2v.password=x"), "'p2v.password' is secret");
	refuses(*state, LIST("p2v.auth.password=x"), "'p2v.auth.password' is secret");
	refuses(*state, LIST("p2v.auth-password=x", "p2v.key=all:x"), "");
	refuses(*state, LIST("p2v.key=all:x"), "'p2v.key' is secret");
	refuses(*state, LIST("p2v.identity=https://user:word@host/key"), "is secret");
	refuses(*state, LIST("p2v.identity=https://host/key?token=x"), "is secret");
	/* Nothing in it is. */
	accepts(*state, LIST("p2v.identity=https://host/key", "p2v.password="),
		"{\"parameters\":[{\"name\":\"p2v.identity\",\"value\":\"https://host/key\"},"
		"{\"name\":\"p2v.password\",\"value\":\"\"}]}");
}

static void test_read(void **state)
{
	type("two words \"=\\\n and no more\n");
	accepts(*state, LIST("p2v.password", "p2v.server=h"),
		"{\"parameters\":[{\"name\":\"p2v.password\",\"value\":\"two words \\\"=\\\\\"},"
		"{\"name\":\"p2v.server\",\"value\":\"h\"}]}");
	type("one\ntwo\n");
	refuses(*state, LIST("p2v.password", "p2v.key"), "'p2v.key' is a second secret");
	type("\xff\n");
	refuses(*state, LIST("p2v.password"), "not UTF-8");
	close(STDIN_FILENO);
	refuses(*state, LIST("p2v.password"), "Bad file descriptor");
}

/* Nothing of a secret is left. */
static void test_wiped(void **state)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *given;

	if (!HEAP_READABLE)
		skip();
	type("hidden-in-the-heap-by-all-means\n");
	given = given_parameters(LIST("p2v.password"), *state, &reason);
	assert_non_null(given);
	assert_true(heap_holds("hidden-in-the-heap"));
	sd_json_variant_unref(given);
	assert_false(heap_holds("hidden-in-the-heap"));
	type("p2v.password=hidden-in-the-line-of-the-kernel\n");
	given = given_line((char *[]){ NULL }, &reason);
	assert_true(heap_holds("hidden-in-the-line"));
	sd_json_variant_unref(given);
	assert_false(heap_holds("hidden-in-the-line"));
}

static void check_line(char *const *arguments, const char *expected)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *given = given_line(arguments, &reason);

	assert_non_null(given);
	assert_string_equal(field_text(given, "words"), expected);
	assert_true(sd_json_variant_is_sensitive_recursive(given));
	sd_json_variant_unref(given);
}

static void test_line(void **state)
{
	(void)state;
	check_line(LIST("quiet", "p2v.server=h"), "quiet p2v.server=h");
	type("quiet p2v.password=\"a b\"\nsecond\n");
	check_line((char *[]){ NULL }, "quiet p2v.password=\"a b\"");
}

static void test_names(void **state)
{
	AUTO_FREE char *reason = NULL, *text = NULL;
	sd_json_variant *given = given_names(LIST("p2v.server", "p2v.x"), &reason);

	(void)state;
	assert_non_null(given);
	assert_return_code(sd_json_variant_format(given, 0, &text), 0);
	assert_string_equal(text, "{\"parameters\":[{\"name\":\"p2v.server\",\"value\":null},"
				  "{\"name\":\"p2v.x\",\"value\":null}]}");
	sd_json_variant_unref(given);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_parameters), TEST(test_secrets), TEST(test_read),
		TEST(test_wiped),      TEST(test_line),    TEST(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
