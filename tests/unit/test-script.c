// SPDX-License-Identifier: GPL-2.0-or-later
/* The values of scripts: every shell reads them back unchanged and runs nothing in them,
 * whatever they contain. */
#include "base/list.h"
#include "server/script.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* The shells that may be /bin/sh on a server, if they are installed here. */
static const char *const shells[] = { "sh", "dash", "bash --posix", "busybox sh", "ksh", "mksh" };

static const char *const nasty[] = {
	"",
	"plain",
	"two words",
	" leading and trailing ",
	"-n",
	"--",
	"it's",
	"'",
	"''",
	"'\\''",
	"\"double\"",
	"back\\slash\\",
	"\\n\\t\\0",
	"line\nbreak",
	"ends with a line break\n",
	"\n\n",
	"\r\n",
	"\ttab",
	"$(touch canary)",
	"`touch canary`",
	"'; touch canary; '",
	"'$(touch canary)'",
	"; touch canary #",
	"|touch canary",
	"&touch canary&",
	"\n touch canary\n",
	"${HOME} $1 $* $@ $$",
	"*",
	"~root",
	"!! !$",
	"{a,b}",
	"#comment",
	"<>()[]{}?;&|",
	"%s%n%d",
	"\xc3\xa4\xe2\x82\xac \xf0\x9f\x92\xbe \xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c",
	"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\xff\xfe",
	"EOF\nEOF",
};

#define COUNT (sizeof(nasty) / sizeof(*nasty))

static bool have(const char *shell)
{
	AUTO_FREE char *command = text_format("%s -c : >/dev/null 2>&1", shell);

	return system(command) == 0;
}

/* The output of @shell for @script. */
static char *run(const char *shell, const char *script)
{
	char path[] = "/tmp/test-script-XXXXXX";
	int descriptor = mkstemp(path);
	AUTO_FREE char *command = text_format("%s %s 2>&1", shell, path);
	char *output = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&output, &size), *pipe;

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, script, strlen(script)), strlen(script));
	close(descriptor);
	pipe = popen(command, "r");
	for (int c; (c = getc(pipe)) != EOF;)
		putc(c, stream);
	pclose(pipe);
	fclose(stream);
	unlink(path);
	return output;
}

/* The text that script_render() puts before a script's body. */
static char *values_only(const struct script_value *values, size_t count, char *const *arguments,
			 const char *rest)
{
	AUTO_FREE char *text = script_render(SCRIPT_WORKDIR, values, count, arguments);
	const char *body = strstr(text, "\n# shellcheck shell=sh");

	assert_non_null(body);
	return text_format("%.*s\n%s", (int)(body - text), text, rest);
}

static void test_quote(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof(shells) / sizeof(*shells); s++) {
		if (!have(shells[s]))
			continue;
		for (size_t i = 0; i < COUNT; i++) {
			struct script_value value = { "v", nasty[i] };
			AUTO_FREE char *script = values_only(&value, 1, NULL, "printf %s \"$v\"\n");
			AUTO_FREE char *output = run(shells[s], script);

			assert_string_equal(output, nasty[i]);
		}
	}
	assert_int_not_equal(access("canary", F_OK), 0);
}

static void test_render(void **state)
{
	AUTO_LIST char **arguments = NULL;
	AUTO_FREE char *expected = NULL;
	AUTO_FREE char *script = NULL;
	struct script_value values[2] = { { "first", NULL },
					  { "second", "it's \"$(touch canary)\"" } };

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		list_append(&arguments, text_copy(nasty[i]));
	expected = list_join(arguments, "|");
	script = values_only(values, 2, arguments,
			     "[ -z \"$first\" ] || echo bad\n"
			     "printf %s \"$second\"\n"
			     "for a; do printf '|%s' \"$a\"; done\n");
	for (size_t s = 0; s < sizeof(shells) / sizeof(*shells); s++) {
		if (!have(shells[s]))
			continue;
		AUTO_FREE char *output = run(shells[s], script);
		AUTO_FREE char *all = text_format("%s|%s", values[1].value, expected);

		assert_string_equal(output, all);
	}
	assert_int_not_equal(access("canary", F_OK), 0);
}

#define TRANSPORT "sh -c 'IFS= read -r n && eval \"$(head -c \"$n\")\"'"

/* Runs it as the daemon does: length, newline, script and data on one input. */
static void test_transport(void **state)
{
	static const char name[] = "a file's $(touch canary)";
	char directory[] = "/tmp/virt-p2v-20200101-testXXXXXX";
	AUTO_FREE char *files = text_format("0 empty\n5 %s\n", name);
	struct script_value values[] = { { "unique", NULL }, { "files", files } };
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *empty = NULL;
	AUTO_FREE char *script = NULL;
	struct stat status;
	FILE *pipe;

	(void)state;
	assert_non_null(mkdtemp(directory));
	values[0].value = strrchr(directory, '-') + 1;
	script = script_render(SCRIPT_WORKDIR, values, 2, NULL);
	path = text_format("%s/%s", directory, name);
	empty = text_format("%s/empty", directory);
	pipe = popen(TRANSPORT " >/dev/null", "w");
	fprintf(pipe, "%zu\n%s%s", strlen(script), script, "d\n\na\n");
	assert_int_equal(pclose(pipe), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 5);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_not_equal(access("canary", F_OK), 0);

	/* Data that is cut off leaves no file. */
	unlink(path);
	pipe = popen(TRANSPORT " >/dev/null 2>&1", "w");
	fprintf(pipe, "%zu\n%s%s", strlen(script), script, "d\n\n");
	assert_int_not_equal(pclose(pipe), 0);
	assert_int_equal(unlink(empty), 0);
	assert_int_equal(rmdir(directory), 0);
}

static void test_workdir_refuses_paths(void **state)
{
	static const char *const names[] = { "",         ".",           "..",   ".x",
					     "a/b",      "/etc/passwd", "../x", "-x",
					     "tunnels/", "tunnels/../x" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char directory[] = "/tmp/virt-p2v-20200101-testXXXXXX";
		AUTO_FREE char *files = text_format("0 %s\n", names[i]);
		struct script_value values[] = { { "unique", NULL }, { "files", files } };
		AUTO_FREE char *script = NULL;
		AUTO_FREE char *output = NULL;

		assert_non_null(mkdtemp(directory));
		values[0].value = strrchr(directory, '-') + 1;
		script = script_render(SCRIPT_WORKDIR, values, 2, NULL);
		output = run("sh", script);
		assert_non_null(strstr(output,
				       "the name is neither a plain one nor tunnels/ and a plain one"));
		assert_int_equal(rmdir(directory), 0);
	}
}

static void test_syntax(void **state)
{
	static const enum script all[] = { SCRIPT_PROBE,  SCRIPT_WORKDIR, SCRIPT_LAUNCH,
					   SCRIPT_FOLLOW, SCRIPT_STATUS,  SCRIPT_CANCEL,
					   SCRIPT_WRAPPER };

	(void)state;
	for (size_t s = 0; s < sizeof(shells) / sizeof(*shells); s++) {
		AUTO_FREE char *check = text_format("%s -n", shells[s]);

		if (!have(shells[s]))
			continue;
		for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
			AUTO_FREE char *script = script_render(all[i], NULL, 0, NULL);
			AUTO_FREE char *output = run(check, script);

			assert_string_equal(output, "");
			assert_non_null(strstr(script, "exec </dev/null")    ?:
						strstr(script, "</dev/null") ?:
						strstr(script, "head -c \"$size\" >"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),     cmocka_unit_test(test_render),
		cmocka_unit_test(test_transport), cmocka_unit_test(test_workdir_refuses_paths),
		cmocka_unit_test(test_syntax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
