// SPDX-License-Identifier: GPL-2.0-or-later
/* status and status_lines: what p2vd does, as lines for people. */
#include "base/list.h"
#include "client/status.h"
#include "json.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COPYING                                                                                 \
	"{\"version\":\"1.2\",\"activity\":\"converting\",\"state\":\"converting\","            \
	"\"number\":8,\"count\":10,\"elapsed\":3723,\"server\":\"192.0.2.7\",\"guest\":"        \
	"\"web\",\"workdir\":\"/tmp/virt-p2v-1\",\"step\":\"Copying disk 1/2\",\"stepNumber\":" \
	"6,\"stepCount\":16,\"disks\":[{\"name\":\"sda\",\"size\":42949672960,\"read\":"        \
	"21474836480,\"rate\":104857600,\"remaining\":204},{\"name\":\"nvme0n1\",\"size\":"     \
	"1073741824,\"read\":0,\"rate\":0}]}"

/* The lines of @text, joined by '|'. The caller frees. */
static char *lines_of(const char *text)
{
	sd_json_variant *value = json(text);
	AUTO_LIST char **lines = NULL;
	struct status status;

	status_read(&status, value);
	lines = status_lines(&status);
	status_clear(&status);
	sd_json_variant_unref(value);
	return list_join(lines, "|");
}

static char *progress_of(const char *text, uint64_t elapsed)
{
	sd_json_variant *value = json(text);
	AUTO_LIST char **lines = NULL;
	struct status status;

	status_read(&status, value);
	lines = status_progress(&status, elapsed);
	for (char **line = lines; line && *line; line++)
		assert_true(strlen(*line) <= 79);
	status_clear(&status);
	sd_json_variant_unref(value);
	return list_join(lines, "|");
}

static void test_copying(void **state)
{
	AUTO_FREE char *lines = lines_of(COPYING);
	AUTO_FREE char *progress = progress_of(COPYING, 3724);

	(void)state;
	assert_string_equal(lines,
			    "p2vd          1.2|"
			    "Activity      converting, state 8 of 10, converting|"
			    "Server        192.0.2.7|"
			    "Guest         web|"
			    "Elapsed       1:02:03|"
			    "Logs          /tmp/virt-p2v-1|"
			    "virt-v2v      step 6 of 16: Copying disk 1/2|"
			    "all      [####......] 20.0 GiB of 41.0 GiB  100.0 MiB/s  at most 3:35|"
			    "sda      [#####.....] 20.0 GiB of 40.0 GiB  100.0 MiB/s  at most 3:24|"
			    "nvme0n1  [..........] 0 bytes of 1.0 GiB  0 bytes/s");
	assert_string_equal(progress,
			    "1:02:04  step 6 of 16: Copying disk 1/2|"
			    "all      [####......] 20.0 GiB of 41.0 GiB  100.0 MiB/s  at most 3:35|"
			    "sda      [#####.....] 20.0 GiB of 40.0 GiB  100.0 MiB/s  at most 3:24|"
			    "nvme0n1  [..........] 0 bytes of 1.0 GiB  0 bytes/s");
}

static void test_waiting(void **state)
{
	const char *idle = "{\"version\":\"1\",\"activity\":\"waiting\"}";
	const char *busy = "{\"activity\":\"testing\",\"state\":\"network\",\"number\":2,"
			   "\"count\":4,\"waiting\":\"p2vd waits for a cable in one of the network "
			   "cards eno1, eno2, eno3 and eno4, for 4:37 at most\"}";
	AUTO_FREE char *lines = lines_of(idle);
	AUTO_FREE char *nothing = progress_of(idle, 1);
	AUTO_FREE char *progress = progress_of(busy, STATUS_UNKNOWN);
	AUTO_FREE char *all = lines_of(busy);

	(void)state;
	assert_string_equal(lines, "p2vd          1|Activity      waiting: nothing has been begun");
	assert_string_equal(nothing, "");
	assert_string_equal(progress,
			    "state 2 of 4, network|p2vd waits for a cable in one of the network "
			    "cards eno1, eno2, eno3 and eno4,|for 4:37 at most");
	assert_non_null(strstr(all, "|Waits for     p2vd waits for a cable"));
}

/* A result of @text, as @brief and as a whole sentence. */
static void check_result(const char *text, const char *brief, const char *whole)
{
	sd_json_variant *value = json(text);
	struct status status;
	AUTO_FREE char *one = NULL, *other = NULL;

	status_read(&status, value);
	one = status_result(&status, true);
	other = status_result(&status, false);
	assert_string_equal(one, brief);
	assert_string_equal(other, whole);
	assert_int_equal(status_has_failed(&status), strstr(brief, "succeeded") == NULL);
	status_clear(&status);
	sd_json_variant_unref(value);
}

static void test_results(void **state)
{
	(void)state;
	check_result("{\"activity\":\"ended\",\"result\":{\"code\":0,\"test\":false,\"guest\":"
		     "\"in '/out'\",\"bytes\":1048576}}",
		     "the conversion has succeeded",
		     "the conversion has succeeded, 1.0 MiB were read; the guest is in '/out'");
	check_result("{\"activity\":\"ended\",\"result\":{\"code\":3,\"test\":true,\"reason\":"
		     "\"no route\",\"bytes\":0}}",
		     "the test has failed, exit code 3",
		     "the test has failed, exit code 3: no route");
	check_result("{\"result\":{\"code\":0,\"test\":true,\"bytes\":0}}",
		     "the test has succeeded", "the test has succeeded");
	/* It does not say so: then it is no success. */
	check_result("{\"result\":{}}", "the conversion has ended, but p2vd tells no exit code",
		     "the conversion has ended, but p2vd tells no exit code");
}

static void test_activities(void **state)
{
	static const struct {
		const char *text;
		bool busy, over;
	} cases[] = {
		{ "{\"activity\":\"waiting\"}", false, false },
		{ "{\"activity\":\"configuring\"}", true, false },
		{ "{\"activity\":\"testing\"}", true, false },
		{ "{\"activity\":\"converting\"}", true, false },
		{ "{\"activity\":\"ending\"}", true, true },
		{ "{\"activity\":\"ended\"}", false, true },
		{ "{\"activity\":\"resting\"}", true, false }, /* of a newer p2vd */
		{ "{\"activity\":null}", true, false },
		{ "{}", true, false },
		{ "[]", true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sd_json_variant *value = json(cases[i].text);
		struct status status;

		status_read(&status, value);
		assert_int_equal(status_is_busy(&status), cases[i].busy);
		assert_int_equal(status_is_over(&status), cases[i].over);
		assert_false(status_has_failed(&status));
		status_clear(&status);
		sd_json_variant_unref(value);
	}
}

/* Members of other types than they should have are as if they were not there. */
static void test_nonsense(void **state)
{
	AUTO_FREE char *lines = lines_of("{\"activity\":7,\"elapsed\":-1,\"server\":[],\"disks\":"
					 "[3,{\"name\":{},\"size\":\"x\"}],\"result\":\"none\"}");

	(void)state;
	assert_string_equal(lines,
			    "Activity      unknown|"
			    "?        [..........] 0 bytes of 0 bytes  0 bytes/s|"
			    "?        [..........] 0 bytes of 0 bytes  0 bytes/s|"
			    "Result        the conversion has ended, but p2vd tells no exit code");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copying),  cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_results),  cmocka_unit_test(test_activities),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
