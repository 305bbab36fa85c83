// SPDX-License-Identifier: GPL-2.0-or-later
/* virt-v2v's arguments. */
#include "base/list.h"
#include "base/memory.h"
#include "server/v2v.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const struct config *config, const char *capabilities, size_t disks,
		  const char *expected)
{
	struct server server;
	AUTO_LIST char **arguments = NULL;
	AUTO_FREE char *joined = NULL;

	server_parse(&server, capabilities, strlen(capabilities));
	arguments = v2v_arguments(config, &server, disks);
	joined = list_join(arguments, "|");
	assert_string_equal(joined, expected);
	server_clear(&server);
}

static struct config configuration(void)
{
	return (struct config){ .output_type = (char *)"local",
				.output_storage = (char *)"/var/tmp" };
}

static void test_default(void **state)
{
	struct config config = configuration();

	(void)state;
	check(&config, "", 2, "-i|libvirtxml|-o|local|-os|/var/tmp|--root|first|physical.xml");
}

static void test_all(void **state)
{
	struct config config = configuration();
	char *misc[] = { (char *)"a=b c", (char *)"d='e'", NULL };

	(void)state;
	config.output_type = (char *)"rhv-upload";
	config.output_connection = (char *)"https://x/api";
	config.output_credentials = (char *)"/root/password";
	config.output_format = (char *)"qcow2";
	config.output_storage = (char *)"data";
	config.output_allocation = ALLOCATION_PREALLOCATED;
	config.output_misc = misc;
	config.debug = true;
	check(&config, "capability parallel-option\n", 3,
	      "-v|-x|-i|libvirtxml|-o|rhv-upload|-oc|https://x/api|-op|/root/password|-of|qcow2|-os|data|-oa|preallocated|"
	      "-oo|a=b c|-oo|d='e'|--root|first|--parallel|3|physical.xml");
}

static void test_parallel(void **state)
{
	struct config config = configuration();

	(void)state;
	config.output_allocation = ALLOCATION_SPARSE;
	check(&config, "capability parallel-option\n", 1,
	      "-i|libvirtxml|-o|local|-os|/var/tmp|-oa|sparse|--root|first|physical.xml");
	check(&config, "capability parallel-option\n", 99,
	      "-i|libvirtxml|-o|local|-os|/var/tmp|-oa|sparse|--root|first|--parallel|4|physical.xml");
}

static void test_keys(void **state)
{
	struct config config = configuration();
	char *keys[] = { (char *)"all:a:b ,c", (char *)"/dev/sda2:x", NULL };
	char *mac[] = { (char *)"52:54:00:12:34:56:bridge:br0", NULL };
	char *told = v2v_secrets(&config);

	(void)state;
	assert_string_equal(told, "");
	secret_free(told);
	config.root = (char *)"/dev/sda2";
	config.keys = keys;
	config.mac = mac;
	check(&config, "", 1,
	      "-i|libvirtxml|-o|local|-os|/var/tmp|--root|/dev/sda2|--key|all:file:key-1|--key|"
	      "/dev/sda2:file:key-2|--mac|52:54:00:12:34:56:bridge:br0|physical.xml");
	told = v2v_secrets(&config);
	assert_string_equal(told, "a:b ,c\nx\n");
	secret_free(told);
}

static void expect_secrets(const struct config *config, const char *expected)
{
	char *told = v2v_secrets(config);

	assert_string_equal(told, expected);
	secret_free(told);
}

/* What is secret is neither in the arguments nor in the wrapper's values. */
static void test_secrets(void **state)
{
	struct config config = configuration();
	char *misc[] = { (char *)"server-id=x",
			 (char *)"os-password=a=b c",
			 (char *)"os-auth-url=u",
			 (char *)"os-application-credential-secret=d",
			 (char *)"new-token=e",
			 (char *)"os-a.pass=f",
			 NULL };
	char *keys[] = { (char *)"all:a:b ,c", NULL };
	struct script_value values[V2V_VALUES];

	(void)state;
	config.output_type = (char *)"openstack";
	config.output_misc = misc;
	check(&config, "", 1,
	      "-i|libvirtxml|-o|openstack|-oo|server-id=x|-oo|os-auth-url=u|--root|first|physical.xml");
	expect_secrets(&config,
		       "\nOS_PASSWORD=a=b c\nOS_APPLICATION_CREDENTIAL_SECRET=d\nnew-token=e\nos-a.pass=f\n");
	config.keys = keys;
	config.output_connection = (char *)"https://admin@internal:f@h/api";
	check(&config, "", 1,
	      "-i|libvirtxml|-o|openstack|-oo|server-id=x|-oo|os-auth-url=u|--root|first|"
	      "--key|all:file:key-1|physical.xml");
	expect_secrets(&config,
		       "a:b ,c\n\nconnection=https://admin@internal:f@h/api\nOS_PASSWORD=a=b c\n"
		       "OS_APPLICATION_CREDENTIAL_SECRET=d\nnew-token=e\nos-a.pass=f\n");
	v2v_values(&config, "web", NULL, values);
	assert_string_equal(values[4].value, config.output_connection);
	v2v_hide(values, V2V_VALUES);
	assert_null(values[4].value);
	assert_string_equal(values[5].value, "web");
	/* A user alone is no secret. */
	config.output_connection = (char *)"qemu+ssh://root@h/system?no_verify=1";
	v2v_values(&config, "web", NULL, values);
	v2v_hide(values, V2V_VALUES);
	assert_string_equal(values[4].value, config.output_connection);
}

/* The value of -os, as the scripts get it. */
static const char *storage(const struct config *config)
{
	struct script_value values[V2V_VALUES];

	v2v_values(config, "web", "/tmp/w", values);
	assert_string_equal(values[3].name, "storage");
	return values[3].value;
}

static void test_storage(void **state)
{
	static const char *const directories[] = { "local", "disk", "qemu", "kubevirt", "json" };
	static const char *const others[] = { "libvirt",   "null",       "glance",
					      "openstack", "rhv-upload", "rhv" };
	struct config config = configuration();

	(void)state;
	for (size_t i = 0; i < COUNT(directories); i++) {
		config.output_type = (char *)directories[i];
		assert_string_equal(storage(&config), "/var/tmp");
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		config.output_type = (char *)others[i];
		config.output_storage = (char *)"/var/tmp";
		assert_null(storage(&config));
		config.output_storage = (char *)"pool";
		assert_string_equal(storage(&config), "pool");
	}
}

static void test_values(void **state)
{
	struct config config = configuration();
	struct script_value values[V2V_VALUES];

	(void)state;
	config.sudo = true;
	assert_int_equal(v2v_values(&config, "web", "/tmp/w", values), V2V_VALUES);
	assert_string_equal(values[0].value, "/tmp/w");
	assert_string_equal(values[1].value, "yes");
	assert_string_equal(values[2].value, "local");
	assert_string_equal(values[3].value, "/var/tmp");
	assert_null(values[4].value);
	assert_string_equal(values[5].value, "web");
}

static void check_result(const char *type, const char *storage, const char *expected)
{
	struct config config = { .output_type = (char *)type, .output_storage = (char *)storage };
	AUTO_FREE char *result = v2v_result(&config, "web");

	assert_string_equal(result, expected);
}

static void test_result(void **state)
{
	(void)state;
	check_result("local", "/data",
		     "in '/data'; next, on the server: virsh define '/data/web.xml'");
	check_result("qemu", "/data", "in '/data'; next, on the server: sh '/data/web.sh'");
	check_result("libvirt", "pool", "in 'pool'; next, on the server: virsh start 'web'");
	check_result("libvirt", "/var/tmp",
		     "where -o libvirt puts it; next, on the server: virsh start 'web'");
	check_result("rhv-upload", "domain", "in 'domain'");
	check_result("null", "/var/tmp", "where -o null puts it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),  cmocka_unit_test(test_all),
		cmocka_unit_test(test_parallel), cmocka_unit_test(test_keys),
		cmocka_unit_test(test_secrets),  cmocka_unit_test(test_storage),
		cmocka_unit_test(test_values),   cmocka_unit_test(test_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
