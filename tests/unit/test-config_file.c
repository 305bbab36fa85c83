// SPDX-License-Identifier: GPL-2.0-or-later
/* The file that p2v.config names: lines become words, and wrong lines; its URL. */
#include "base/memory.h"
#include "config/config_file.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The words as one text: LINE:name=value, one after the other. */
static void expect(const char *text, const char *expected)
{
	AUTO_FREE char *reason = NULL;
	AUTO_FREE char *words = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&words, &size);
	struct cmdline cmdline;

	if (config_file_read(&cmdline, text, strlen(text), false, &reason) < 0)
		fail_msg("refused: %s", reason);
	for (size_t i = 0; i < cmdline.count; i++)
		fprintf(stream, "%u:%s%s%s;", cmdline.word[i].line, cmdline.word[i].name,
			cmdline.word[i].value ? "=" : "",
			cmdline.word[i].value ? cmdline.word[i].value : "");
	fclose(stream);
	assert_string_equal(words, expected);
	cmdline_clear(&cmdline);
}

static void expect_refused_length(const char *data, size_t length, const char *part)
{
	AUTO_FREE char *reason = NULL;
	struct cmdline cmdline;

	assert_int_equal(config_file_read(&cmdline, data, length, false, &reason), -EINVAL);
	if (!strstr(reason, part))
		fail_msg("'%s' lacks '%s'", reason, part);
	if (strstr(reason, "hidden"))
		fail_msg("'%s' quotes the file", reason);
	assert_int_equal(cmdline.count, 0);
}

static void expect_refused(const char *text, const char *part)
{
	expect_refused_length(text, strlen(text), part);
}

static void test_lines(void **state)
{
	(void)state;
	expect("p2v.a=b", "1:p2v.a=b;");
	expect("p2v.a=b\r\np2v.c\n", "1:p2v.a=b;2:p2v.c;");
	expect("\n  \t\n\tp2v.a=b  \n", "3:p2v.a=b;");
	expect("\xef\xbb\xbfp2v.a=\xc3\xa4", "1:p2v.a=\xc3\xa4;");
	expect("p2v.a=\"b c\"\n\"p2v.d=e f\"", "1:p2v.a=b c;2:p2v.d=e f;");
	expect("p2v.a=\"b \\\"c\\\\\"", "1:p2v.a=b \"c\\;");
	expect("p2v.a=b\np2v.a=c", "1:p2v.a=b;2:p2v.a=c;");
}

static void test_comments(void **state)
{
	(void)state;
	expect("# nothing\n", "");
	expect("# \"it's\np2v.a=b # it's \"more\n#p2v.c", "2:p2v.a=b;");
	expect("p2v.a=b#c\np2v.d=#e", "1:p2v.a=b#c;2:p2v.d=#e;");
}

static void test_wrong_lines(void **state)
{
	(void)state;
	expect_refused("hidden", "line 1 does not begin with p2v.");
	expect_refused("p2v.a\nserver=hidden", "line 2 does not");
	expect_refused("=hidden", "line 1 does not");
	expect_refused("p2v.a=1 p2v.b=hidden", "more than one word");
	expect_refused("p2v.post=systemctl hidden", "double quotes");
	expect_refused("p2v.a=\"hidden", "never closed");
	expect_refused("p2v.a=\"hidden\\\"", "a backslash before one");
	expect_refused("p2v.config=http://hidden", "another configuration");
	expect_refused("p2v.a=\xff", "UTF-8");
	expect_refused("p2v.a=\x1b[2J", "UTF-8");
}

static void test_look_alikes(void **state)
{
	(void)state;
	expect_refused("p2v.post=\u201chidden reboot\u201d",
		       "line 1 holds '\u201c' (U+201C), a typographic quote");
	expect_refused("\np2v.name=hidden \u2018x\u2019", "line 2 holds '\u2018' (U+2018)");
	expect_refused("p2v.name=\"\u00abhidden\u00bb\"", "(U+00AB)");
	expect_refused("p2v.a=hidden\u00a0p2v.b=c",
		       "line 1 holds U+00A0, a blank that separates no words");
	expect_refused("p2v.a=1\n\u3000p2v.b=hidden", "line 2 holds U+3000");
	expect_refused("p2v.a=hidden\u3000# that", "U+3000");
	expect_refused("p2v.a=1\n\u00a0\n", "line 2 holds U+00A0");
	expect_refused("p2v.na\u200bme=hidden", "holds U+200B, a character that nobody sees");
	expect_refused("p2v.a=1\n\ufeffp2v.b=hidden", "line 2 holds U+FEFF");
	expect_refused("p2v.ser\u2013ver=hidden", "line 1 holds '\u2013' (U+2013) in its name");
	expect_refused("p2v.a=1\np2v.server\uff1dhidden",
		       "line 2 holds '\uff1d' (U+FF1D) in its name");
	expect_refused("\u2013p2v.server=hidden", "(U+2013) in its name");
	expect("p2v.a=web\u20131\np2v.b=\u00fc\uff1d # \u2013",
	       "1:p2v.a=web\u20131;2:p2v.b=\u00fc\uff1d;");
	/* Nothing reads a comment. */
	expect("# \u201cold\u201d\np2v.a=b # the\u00a0\u201cnew\u201d one \u3000", "2:p2v.a=b;");
}

static void test_no_list(void **state)
{
	AUTO_FREE char *many = memory_zero(CONFIG_FILE_WORDS_MAX + 1, 8);
	AUTO_FREE char *big = memory_zero(CONFIG_FILE_SIZE_MAX + 1, 1);

	(void)state;
	expect_refused("", "empty");
	expect_refused(" \r\n\xef", "UTF-8");
	expect_refused("\xef\xbb\xbf \n", "empty");
	expect_refused("\n<html>hidden", "web page");
	expect_refused_length("p2v.a=b\0", 8, "no text");
	expect_refused_length("p\0002\0v\0.\0", 8, "is UTF-16: save it as UTF-8");
	expect_refused_length("\0p\0002\0v\0.", 8, "is UTF-16: save it as UTF-8");
	expect_refused_length("\xff\xfep\0", 4, "is UTF-16: save it as UTF-8");
	expect_refused_length("\xfe\xff\0p", 4, "is UTF-16: save it as UTF-8");
	memset(big, '#', CONFIG_FILE_SIZE_MAX + 1);
	expect_refused_length(big, CONFIG_FILE_SIZE_MAX + 1, "64 KiB");
	for (size_t i = 0; i <= CONFIG_FILE_WORDS_MAX; i++)
		memcpy(many + i * 6, "p2v.a\n", 6);
	expect_refused(many, "too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),       cmocka_unit_test(test_comments),
		cmocka_unit_test(test_wrong_lines), cmocka_unit_test(test_look_alikes),
		cmocka_unit_test(test_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
