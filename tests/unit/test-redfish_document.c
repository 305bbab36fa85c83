// SPDX-License-Identifier: GPL-2.0-or-later
/* redfish_document: what a BMC says, and what it cannot make of us. */
#include "base/cleanup.h"
#include "bmc/redfish_document.h"
#include "client/field.h"
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_path(const char *text, const char *path)
{
	AUTO_FREE char *found = redfish_path(text);

	if (path)
		assert_string_equal(found, path);
	else
		assert_null(found);
}

static void test_path(void **state)
{
	(void)state;
	expect_path("/redfish/v1/Systems/1", "/redfish/v1/Systems/1");
	expect_path("https://elsewhere.example.com:444/a/b", "/a/b");
	expect_path("https://elsewhere.example.com", NULL);
	expect_path("//elsewhere.example.com/a", NULL);
	expect_path("https://x//elsewhere", NULL);
	expect_path("@elsewhere/a", NULL);
	expect_path("/a b", NULL);
	expect_path("/a\r\nX: y", NULL);
	expect_path("", NULL);
	expect_path(NULL, NULL);
}

static void test_power(void **state)
{
	static const struct {
		const char *text;
		enum bmc_power power;
	} tries[] = {
		{ "{\"PowerState\":\"On\"}", BMC_ON },
		{ "{\"PowerState\":\"Off\"}", BMC_OFF },
		{ "{\"PowerState\":\"PoweringOff\"}", BMC_UNKNOWN },
		{ "{\"PowerState\":7}", BMC_UNKNOWN },
		{ "{}", BMC_UNKNOWN },
		{ "[]", BMC_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		sd_json_variant *system = json(tries[i].text);

		assert_int_equal(redfish_power(system), tries[i].power);
		sd_json_variant_unref(system);
	}
	assert_int_equal(redfish_power(NULL), BMC_UNKNOWN);
}

static void test_choice(void **state)
{
	static const char *const wanted[] = { "On", "PushPowerButton", NULL };
	sd_json_variant *allowed = json("[\"ForceOff\",5,\"PushPowerButton\"]");
	sd_json_variant *none = json("[\"ForceOff\"]");
	sd_json_variant *info = json("{\"Parameters\":[{\"Name\":\"Other\",\"AllowableValues\":[]},"
				     "{\"Name\":\"ResetType\",\"AllowableValues\":[\"On\"]}]}");

	(void)state;
	assert_string_equal(redfish_choice(wanted, allowed), "PushPowerButton");
	assert_string_equal(redfish_choice(wanted, NULL), "On");
	assert_null(redfish_choice(wanted, none));
	assert_string_equal(redfish_choice(wanted, redfish_reset_types(info)), "On");
	assert_null(redfish_reset_types(none));
	sd_json_variant_unref(allowed);
	sd_json_variant_unref(none);
	sd_json_variant_unref(info);
}

static void expect_complaint(const char *text, const char *sentence)
{
	sd_json_variant *document = json(text);
	AUTO_FREE char *found = redfish_complaint(document);

	if (sentence)
		assert_string_equal(found, sentence);
	else
		assert_null(found);
	sd_json_variant_unref(document);
}

static void test_complaint(void **state)
{
	(void)state;
	expect_complaint("{\"error\":{\"message\":\"See more.\",\"@Message.ExtendedInfo\":["
			 "{\"Message\":\"One.\"},{\"Message\":\"One.\"},{},{\"Message\":\"Two.\"}]}}",
			 "One. Two.");
	expect_complaint("{\"error\":{\"message\":\"Alone.\"}}", "Alone.");
	expect_complaint("{\"@Message.ExtendedInfo\":[{\"Message\":\"Bare.\"}]}", "Bare.");
	expect_complaint("{\"error\":7}", NULL);
	expect_complaint("[1]", NULL);
}

static void test_task(void **state)
{
	sd_json_variant *done = json("{\"TaskState\":\"Completed\"}");
	sd_json_variant *failed = json("{\"TaskState\":\"Exception\"}");
	sd_json_variant *runs = json("{\"TaskState\":\"Starting\"}");

	(void)state;
	assert_int_equal(redfish_task(done), TASK_DONE);
	assert_int_equal(redfish_task(failed), TASK_FAILED);
	assert_int_equal(redfish_task(runs), TASK_RUNS);
	sd_json_variant_unref(done);
	sd_json_variant_unref(failed);
	sd_json_variant_unref(runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),   cmocka_unit_test(test_power),
		cmocka_unit_test(test_choice), cmocka_unit_test(test_complaint),
		cmocka_unit_test(test_task),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
