// SPDX-License-Identifier: GPL-2.0-or-later
/* Words of a command line that hold secrets: listed, registered, taken out of a log. */
#include "config/secret_words.h"

#include "base/cleanup.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int forget(void **state)
{
	(void)state;
	secret_forget_all();
	return 0;
}

static void expect_log(const char *log, const char *expected)
{
	AUTO_FREE char *redacted = secret_words_redact(log);

	assert_string_equal(redacted, expected);
}

/* dmesg may cut a long command line in the middle of a secret. */
static void test_log(void **state)
{
	(void)state;
	secret_register("hidden words");
	expect_log("[0.0] Command line: p2v.server=a p2v.password=hidd\n[0.1] next\n",
		   "[0.0] Command line: p2v.server=a p2v.password=\n[0.1] next\n");
	expect_log("a \"p2v.auth.password=hidden words\" b\nc hidden words d",
		   "a \"p2v.auth.password=\nc *** d");
	expect_log("p2v.password=a p2v.password=b", "p2v.password=");
	expect_log("p2v.key=all:a b\np2v.oo=os-password=c d\n", "p2v.key=\np2v.oo=\n");
	expect_log("rd.iscsi.param=node.session.auth.password=hid\nrd.iscsi.param=a=b c",
		   "rd.iscsi.param=node.session.auth.password=\nrd.iscsi.param=a=b c");
	expect_log("rd.iscsi.password=a b\nrd.iscsi.in.password=c",
		   "rd.iscsi.password=\nrd.iscsi.in.password=");
}

/* Where only a part would be secret, the rest is worth reading. */
static void test_parts(void **state)
{
	(void)state;
	expect_log("p2v.identity=https://h/k quiet\n", "p2v.identity=https://h/k quiet\n");
	expect_log("p2v.identity=https://u:p@h/k quiet\n", "p2v.identity=\n");
	expect_log("p2v.oc=https://u:p@h/k quiet\np2v.oc=qemu:///system quiet",
		   "p2v.oc=\np2v.oc=qemu:///system quiet");
	expect_log("p2v.config=https://h/k?token quiet\n", "p2v.config=\n");
	expect_log("quiet p2v.done=https://u:hidd\nnext", "quiet p2v.done=\nnext");
	expect_log("netroot=iscsi:192.0.2.9::::iqn.x quiet",
		   "netroot=iscsi:192.0.2.9::::iqn.x quiet");
	expect_log("netroot=iscsi:u:p@192.0.2.9::::iqn.x quiet", "netroot=iscsi:");
	expect_log("root=/dev/sda", "root=/dev/sda");
}

static void expect_registered(const char *cmdline, const char *text, const char *expected)
{
	AUTO_FREE char *redacted = NULL;
	struct cmdline words;

	secret_forget_all();
	cmdline_split(&words, cmdline, strlen(cmdline));
	secret_words_register(&words);
	cmdline_clear(&words);
	redacted = secret_redact(text);
	assert_string_equal(redacted, expected);
}

static void test_register(void **state)
{
	(void)state;
	expect_registered("p2v.password=open", "say open", "say ***");
	expect_registered("p2v.pasword=open", "say open", "say ***");
	expect_registered("p2v.report_token=open p2v.report=https://r/x?sesame", "say open sesame",
			  "say *** ***");
	expect_registered("p2v.key=all:one,,x,/dev/sda2:two", "one,x two all", "*** *** all");
	expect_registered("p2v.oo=a=b,os-password=open", "a=b open", "a=b ***");
	expect_registered("p2v.identity=https://u:open@h/k?token", "u:open open u token",
			  "*** *** u ***");
	expect_registered("rd.iscsi.password=one rd.iscsi.in.password=two", "one two", "*** ***");
	expect_registered("netroot=iscsi:u:open:v:sesame@192.0.2.9::::iqn.x",
			  "u v open sesame 192.0.2.9 u:open:v:sesame", "u v *** *** 192.0.2.9 ***");
	expect_registered("root=iscsi:u:open@192.0.2.9::::iqn.x", "open", "***");
	expect_registered("netroot=iscsi:192.0.2.9::::iqn.x root=LABEL=u:open@",
			  "192.0.2.9 open iqn.x", "192.0.2.9 open iqn.x");
	expect_registered("P2V.PASSWORD=open p2v-passwd=sesame p2v_oo=os-password=three",
			  "open sesame three", "*** *** ***");
	expect_registered("p2v.pw=open p2vpassword=sesame", "open sesame", "*** ***");
	expect_registered("p2v.key=/dev/sda2", "/dev/sda2", "/dev/sda2");
	expect_registered("p2v.key=forgotten,/dev/sda2:x", "forgotten /dev/sda2", "*** /dev/sda2");
	expect_registered("p2v.oc=https://admin@internal:open@h/api p2v.oo=os-passcode=sesame",
			  "https://admin@internal:open@h/api open sesame admin",
			  "https://***@h/api *** *** admin");
	expect_registered("p2v.oc=esx://root:open/sesame@h/", "esx://root:open/sesame@h/",
			  "esx://***@h/");
	expect_registered("p2v.oc=qemu+ssh://root@h/system?no_verify=1&password=open",
			  "root h no_verify=1 open", "root h no_verify=1 ***");
	expect_registered("rd.iscsi.username=u password=p", "u p", "u p");
	/* Passwords in URLs, whatever they are for, and what other programs read. */
	expect_registered("p2v.post=\"curl https://u:open@h/a 'ftp://v:sesame@h' b@c\"",
			  "u h open sesame b c", "u h *** *** b c");
	expect_registered("p2v.server=u:open@h", "'u:open@h' open u h", "'***@h' *** u h");
	expect_registered("p2v.server=ssh://u:open@h:22 p2v.oo=a=b,os-auth-url=https://w:sesame@k",
			  "open sesame w k", "*** *** w k");
	expect_registered("p2v.server=2001:db8::7 p2v.name=a:b@c", "2001 db8 7 a b c",
			  "2001 db8 7 a b c");
	expect_registered("inst.rootpw=open inst.proxy=http://u:sesame@h:3128", "open sesame h",
			  "*** *** h");
	expect_registered("p2v.secret=open vendor.token=sesame iommu.passthrough=off",
			  "open sesame off", "*** *** off");
	expect_registered("rd.iscsi.param=node.session.auth.password=open "
			  "\"rd.iscsi.param=node.session.auth.password_in = sesame\" "
			  "rd.iscsi.param=node.session.timeo.replacement_timeout=60",
			  "open sesame 60", "*** *** 60");
	/* In letters that look like ours, which p2vd refuses. */
	expect_registered("\u04402v.password=open p2v\uff0ep\u0430ssword=sesame", "open sesame",
			  "*** ***");
	expect_registered("p2v.password\uff1dopen \u04402v.password\ua78asesame", "open sesame",
			  "*** ***");
	expect_registered("\u03c12v.key=/dev/sda2:open", "open /dev/sda2", "*** /dev/sda2");
	expect_registered("p\uff12v.p\u00e4ssword:open", "open", "***");
	expect_registered("rd.iscsi\u2024password=open rd.iscsi.in.password\uff1dsesame",
			  "open sesame", "*** ***");
	expect_registered("netr\u043e\u043et=iscsi:u:open@192.0.2.9::::iqn.x", "u open", "u ***");
}

static void test_option(void **state)
{
	(void)state;
	assert_true(secret_words_in_option("os-password=x"));
	assert_true(secret_words_in_option("os-auth-url=https://u:x@h/v3"));
	assert_false(secret_words_in_option("os-auth-url=https://u@h/v3"));
	assert_false(secret_words_in_option("os-auth-url=https://h:5000/v3"));
	assert_false(secret_words_in_option("server-id=x"));
}

static void test_print(void **state)
{
	AUTO_FREE char *printed = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&printed, &size);

	(void)state;
	secret_words_print(stream);
	fclose(stream);
	assert_string_equal(printed, "p2v.auth.password\np2v.password\n"
				     "p2v.auth.identity.key\n"
				     "p2v.output.misc\np2v.oo\np2v.key\np2v.report_token\n"
				     "rd.iscsi.password\nrd.iscsi.in.password\n"
				     "rd.iscsi.param=node.session.auth.password\n"
				     "rd.iscsi.param=node.session.auth.password_in\n"
				     "rd.iscsi.param=discovery.sendtargets.auth.password\n"
				     "rd.iscsi.param=discovery.sendtargets.auth.password_in\n"
				     "netroot=iscsi:\nroot=iscsi:\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_log, forget),
		cmocka_unit_test_teardown(test_parts, forget),
		cmocka_unit_test_teardown(test_register, forget),
		cmocka_unit_test(test_option),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
