// SPDX-License-Identifier: GPL-2.0-or-later
/* output_name.c: names that outputs refuse, and what would do. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/output_name.h"
#include "config/value.h"
#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_right(const char *mode, const char *name)
{
	AUTO_FREE char *wrong = output_name_judge(mode, name);

	assert_null(value_check_guest_name(name));
	if (wrong)
		fail_msg("-o %s does not take '%s': %s", mode, name, wrong);
}

/* @what is said of the name, and @fitting is advised: a name that is itself right. */
static void expect_wrong(const char *mode, const char *name, const char *what, const char *fitting)
{
	AUTO_FREE char *wrong = output_name_judge(mode, name);
	AUTO_FREE char *begin = text_format("'%s' %s, and ", name, what);
	AUTO_FREE char *end = text_format("give one like '%s'", fitting);

	if (!wrong)
		fail_msg("-o %s takes '%s'", mode, name);
	if (!text_begins(wrong, begin) || !strstr(wrong, end))
		fail_msg("'%s' and '%s' are not in: %s", begin, end, wrong);
	expect_right(mode, fitting);
}

static void test_ovirt(void **state)
{
	static const char *const modes[] = { "rhv", "rhv-upload", "ovirt", "ovirt-upload" };

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		expect_right(modes[i], "Web_1.example-2");
		expect_right(modes[i], "büro-日本-Москва");
		expect_wrong(modes[i], "web 1", "holds ' '", "web-1");
		expect_wrong(modes[i], "web (old), copy", "holds ' '", "web-old-copy");
		expect_wrong(modes[i], "#1", "holds '#'", "1");
		expect_wrong(modes[i], "web@home:2", "holds '@'", "web-home-2");
		expect_wrong(modes[i], "preis€", "holds '€'", "preis");
		expect_wrong(modes[i], "25°", "holds '°'", "25");
		expect_wrong(modes[i], "web\U0001f600", "holds '\U0001f600'", "web");
		expect_wrong(modes[i], "bu\u0308ro", "holds '\u0308'", "bu-ro");
		expect_wrong(modes[i], "web+db", "holds '+'", "web-db");
		expect_wrong(modes[i], "+++", "holds '+'", "web-1");
	}
}

static void test_kubevirt(void **state)
{
	char label[64 + 1], host[63 + 1], twice[127 + 1];

	(void)state;
	memset(label, 'a', 64), label[64] = '\0';
	memset(host, 'a', 63), host[63] = '\0';
	snprintf(twice, sizeof(twice), "%s.%s", host, host);
	expect_right("kubevirt", "web-1");
	expect_right("kubevirt", "1");
	expect_right("kubevirt", "web.example.com");
	expect_right("kubevirt", host);
	expect_right("kubevirt", twice);
	expect_wrong("kubevirt", "Web", "holds 'W'", "web");
	expect_wrong("kubevirt", "web_1", "holds '_'", "web-1");
	expect_wrong("kubevirt", "WEB SERVER", "holds 'W'", "web-server");
	expect_wrong("kubevirt", "büro", "holds 'ü'", "b-ro");
	expect_wrong("kubevirt", "web-", "has a '-' or another '.' beside a '.', or at an end",
		     "web");
	expect_wrong("kubevirt", "web.", "has a '-' or another '.' beside a '.', or at an end",
		     "web");
	expect_wrong("kubevirt", "web..x", "has a '-' or another '.' beside a '.', or at an end",
		     "web.x");
	expect_wrong("kubevirt", "web.-x-.y", "has a '-' or another '.' beside a '.', or at an end",
		     "web.x.y");
	expect_wrong("kubevirt", label, "has more than 63 characters between two dots", host);
	expect_wrong("kubevirt", "_._", "holds '_'", "web-1");
}

static void test_openstack(void **state)
{
	(void)state;
	expect_right("openstack", "Web (1), büro € 日本");
	expect_right("glance", "Web 1");
	expect_wrong("openstack", "web\U0001f600", "holds '\U0001f600'", "web");
	expect_wrong("glance", "\U0001f600", "holds '\U0001f600'", "web-1");
}

static void test_others(void **state)
{
	static const char *const modes[] = { "local", "disk", "libvirt", "qemu", "null", "json" };

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++)
		expect_right(modes[i], "Web (1), büro \U0001f600");
}

/* The default name, whatever the machine and its host are called. */
static void test_default(void **state)
{
	static const char *const hosts[] = { "",    "Web_1",     "-x-",   "büro", "_",
					     "a b", "1.example", "X\xff", "x-.y", "\U0001f600" };
	static const char *const modes[] = { "rhv-upload", "kubevirt", "openstack" };
	char letters[] = "QEMU (tm)_Ä", serial[] = "-/_ VMware-56 4d..";
	struct machine machine = { .vendor = letters, .product = letters, .serial = serial };

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++)
		for (size_t j = 0; j < COUNT(modes); j++) {
			AUTO_FREE char *name = machine_guest_name(&machine, hosts[i]);
			AUTO_FREE char *bare = machine_guest_name(&(struct machine){ 0 }, hosts[i]);

			expect_right(modes[j], name);
			expect_right(modes[j], bare);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ovirt),     cmocka_unit_test(test_kubevirt),
		cmocka_unit_test(test_openstack), cmocka_unit_test(test_others),
		cmocka_unit_test(test_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
