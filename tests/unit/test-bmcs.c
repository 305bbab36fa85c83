// SPDX-License-Identifier: GPL-2.0-or-later
/* bmcs and passwords: which BMC a machine has, and what opens it. */
#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"
#include "bmc/bmcs.h"
#include "bmc/passwords.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define LIST                                                      \
	"mac,name,p2v.server,bmc,bmc_user,bmc_kind\n"             \
	"all,,x,,admin,redfish-insecure\n"                        \
	"52-54-00-00-00-0A,web1,,192.0.2.1,,\n"                   \
	"5254.0000.000b,web2,,[2001:db8::1]:623,root,ipmi-uefi\n" \
	"52:54:00:00:00:0c,web3,,,,\n"                            \
	"nonsense,web4,,192.0.2.4,,\n"                            \
	"52:54:00:00:00:0d,web5,,https://bmc5/redfish/v1/Systems/2,,redfish\n"

static void expect_mac(const char *text, const char *mac)
{
	AUTO_FREE char *found = bmc_mac(text);

	if (mac)
		assert_string_equal(found, mac);
	else
		assert_null(found);
}

static void test_mac(void **state)
{
	(void)state;
	expect_mac("52:54:00:AB:cd:ef", "52:54:00:ab:cd:ef");
	expect_mac("52-54-00-ab-cd-ef", "52:54:00:ab:cd:ef");
	expect_mac("5254.00ab.cdef", "52:54:00:ab:cd:ef");
	expect_mac("525400abcdef", "52:54:00:ab:cd:ef");
	expect_mac("525400abcdef0", NULL);
	expect_mac("52:54:00:ab:cd", NULL);
	expect_mac("53:54:00:ab:cd:ef", NULL);
	expect_mac("00:00:00:00:00:00", NULL);
	expect_mac("web1", NULL);
	expect_mac("", NULL);
}

static void test_list(void **state)
{
	AUTO_FREE char *reason = NULL;
	struct bmcs bmcs = { 0 };
	const struct bmc *bmc;

	(void)state;
	assert_int_equal(bmcs_read(&bmcs, LIST, &reason), 0);
	assert_int_equal(bmcs.count, 3);
	bmc = bmcs_find(&bmcs, "52:54:00:00:00:0a");
	assert_string_equal(bmc->user, "admin");
	assert_true(bmc->unchecked && !bmc->ipmi);
	bmc = bmcs_find(&bmcs, "52:54:00:00:00:0b");
	assert_string_equal(bmc->address, "[2001:db8::1]:623");
	assert_string_equal(bmc->user, "root");
	assert_true(bmc->ipmi && bmc->uefi && !bmc->unchecked);
	assert_null(bmcs_find(&bmcs, "52:54:00:00:00:0c"));
	bmc = bmcs_find(&bmcs, "52:54:00:00:00:0d");
	assert_true(!bmc->unchecked && !bmc->ipmi);
	/* A file beside it says something else of one, and its name stays. */
	assert_int_equal(bmcs_read(&bmcs, "mac;bmc\n525400-00000a;192.0.2.9\n", &reason), 0);
	assert_int_equal(bmcs.count, 3);
	bmc = bmcs_find(&bmcs, "52:54:00:00:00:0a");
	assert_string_equal(bmc->address, "192.0.2.9");
	assert_string_equal(bmc->name, "web1");
	assert_null(bmc->user);
	assert_true(!bmc->unchecked);
	bmcs_clear(&bmcs);
}

static void expect_wrong(const char *row, const char *part)
{
	AUTO_FREE char *text = text_format("mac,bmc,bmc_user,bmc_kind\n52:54:00:00:00:0a,%s\n",
					   row);
	AUTO_FREE char *reason = NULL;
	struct bmcs bmcs = { 0 };

	assert_int_equal(bmcs_read(&bmcs, text, &reason), -EINVAL);
	assert_non_null(strstr(reason, part));
	bmcs_clear(&bmcs);
}

static void test_wrong(void **state)
{
	(void)state;
	expect_wrong("192.0.2.1,admin,Redfish", "line 2, column 'bmc_kind': 'Redfish' is none of");
	expect_wrong("-o,admin,ipmi", "column 'bmc': '-o' cannot be one");
	expect_wrong("a b,admin,ipmi", "column 'bmc'");
	expect_wrong("192.0.2.1,-P,ipmi", "column 'bmc_user'");
}

static const char *password_of(const char *text, const struct bmc *bmc, char **kept)
{
	AUTO_FREE char *reason = NULL;
	struct passwords *passwords = NULL;

	assert_int_equal(passwords_parse(text, &passwords, &reason), 0);
	free(*kept);
	*kept = text_copy(passwords_find(passwords, bmc));
	passwords_free(passwords);
	return *kept;
}

static void test_passwords(void **state)
{
	const struct bmc bmc = { .mac = (char *)"52:54:00:00:00:0a",
				 .name = (char *)"web1",
				 .address = (char *)"192.0.2.1" };
	AUTO_FREE char *kept = NULL, *hidden = NULL, *reason = NULL;
	struct passwords *passwords = NULL;

	(void)state;
	assert_string_equal(password_of("# x y\n\nall  first\n", &bmc, &kept), "first");
	assert_string_equal(password_of("all a\n192.0.2.1 b\r\n", &bmc, &kept), "b");
	assert_string_equal(password_of("web1\tc d # e\n192.0.2.1 b", &bmc, &kept), "c d # e");
	assert_string_equal(password_of("web1 c\n5254-0000-000A d\n", &bmc, &kept), "d");
	assert_null(password_of("web2 c\n", &bmc, &kept));
	assert_int_equal(passwords_parse("all x\nonly\n", &passwords, &reason), -EINVAL);
	assert_non_null(strstr(reason, "line 2: give"));
	hidden = secret_redact("it is c d # e");
	assert_string_equal(hidden, "it is ***");
	secret_forget_all();
}

static void test_mode(void **state)
{
	char path[] = "/tmp/test-bmcs-XXXXXX";
	AUTO_CLOSE int fd = mkstemp(path);
	AUTO_FREE char *reason = NULL, *missing = NULL;
	struct passwords *passwords = NULL;

	(void)state;
	assert_int_equal(write(fd, "all x\n", 6), 6);
	fchmod(fd, 0640);
	assert_int_equal(passwords_read(path, &passwords, &reason), -EPERM);
	assert_non_null(strstr(reason, "chmod 600"));
	fchmod(fd, 0600);
	free(reason);
	reason = NULL;
	assert_int_equal(passwords_read(path, &passwords, &reason), 0);
	passwords_free(passwords);
	unlink(path);
	assert_int_equal(passwords_read(path, &passwords, &missing), -ENOENT);
	secret_forget_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mac),   cmocka_unit_test(test_list),
		cmocka_unit_test(test_wrong), cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
