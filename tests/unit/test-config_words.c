// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user asked for, written as words: they mean the same when they are read again,
 * they hold no secret, and each value says who has given it. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "cmdline/cmdline.h"
#include "config/config.h"
#include "config/defaults.h"
#include "config/parameters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOWHERE "/nonexistent"

static void hear(void *user, int priority, const char *line)
{
	(void)user, (void)priority, (void)line;
}

static void read_line(struct config *config, const char *line)
{
	log_set_sink(hear, NULL);
	assert_int_equal(defaults_config(config, NOWHERE, NULL, line, NULL), 0);
}

static void assert_same(const struct config *one, const struct config *other)
{
	for (const struct parameter *row = parameters(); row->name; row++) {
		AUTO_FREE char *first = config_value(one, row);
		AUTO_FREE char *second = config_value(other, row);

		if ((first == NULL) != (second == NULL) || (first && strcmp(first, second) != 0))
			fail_msg("%s: '%s' has become '%s'", row->name, first, second);
	}
}

static const char *value_of(const struct config *config, const char *name)
{
	static char *value;

	free(value);
	value = config_value(config, parameter_find(name));
	return value;
}

/* A value of each kind, with all that has to be quoted. */
static void test_read_again(void **state)
{
	static const char line[] =
		"p2v.server=[fe80::1%eno1] p2v.port=2222 p2v.sudo p2v.memory=4096M p2v.rtc.offset=-3.5 "
		"p2v.cpu.acpi=no p2v.oa=sparse p2v.connect_timeout=5m p2v.disks=/dev/a,,b,sdc "
		"p2v.interfaces= p2v.network_map=em1:wired,other p2v.name=\"web server\" p2v.post= "
		"p2v.pre=\"it\\'s \\\"x\\\" \\\\ y\" p2v.fail=a\\\\b p2v.oo=a=1,,2,b=3 p2v.mac=52:54:00:12:34:56:ip:192.0.2.2,,192.0.2.1,,24";
	struct config config, again;
	AUTO_FREE char *words = NULL;

	(void)state;
	read_line(&config, line);
	assert_string_equal(value_of(&config, "p2v.memory"), "4G");
	assert_string_equal(value_of(&config, "p2v.disks"), "/dev/a,,b,sdc");
	assert_string_equal(value_of(&config, "p2v.rtc.offset"), "-3.5");
	assert_string_equal(value_of(&config, "p2v.connect_timeout"), "300");
	assert_string_equal(value_of(&config, "p2v.interfaces"), "");
	assert_null(value_of(&config, "p2v.cpu.pae"));
	words = config_words(&config);
	read_line(&again, words);
	assert_same(&config, &again);
	config_clear(&config);
	config_clear(&again);
}

static void test_secrets(void **state)
{
	struct config config;
	AUTO_FREE char *words = NULL;

	(void)state;
	read_line(&config,
		  "p2v.server=h p2v.password=hidden-word p2v.key=all:hidden-key "
		  "p2v.oo=os-password=hidden-option,colour=red p2v.oc=qemu+ssh://u:hidden-uri@h/ "
		  "p2v.config=https://u:hidden-url@h/x?token=hidden-query");
	words = config_words(&config);
	assert_null(strstr(words, "hidden"));
	assert_null(strstr(words, "***"));
	assert_string_equal(words, "p2v.server=h");
	assert_string_equal(value_of(&config, "p2v.password"), "***");
	for (const struct parameter *row = parameters(); row->name; row++) {
		AUTO_FREE char *value = config_value(&config, row);

		assert_true(!value || !strstr(value, "hidden"));
	}
	config_clear(&config);
	secret_forget_all();
}

static unsigned char origin_of(const struct config *config, const char *name)
{
	return config->origin[parameter_index(parameter_find(name))];
}

static void test_origins(void **state)
{
	static const char file_line[] = "p2v.port=1\np2v.username=of-file\np2v.o=null\n";
	struct cmdline file, client;
	struct config config;

	(void)state;
	log_set_sink(hear, NULL);
	cmdline_split(&file, file_line, strlen(file_line));
	for (size_t i = 0; i < file.count; i++)
		file.word[i].line = (unsigned)i + 1;
	cmdline_split(&client, "p2v.o=local", strlen("p2v.o=local"));
	client.word[0].of_client = true;
	assert_int_equal(defaults_config(&config, NOWHERE, &file, "p2v.username=of-line", &client),
			 0);
	assert_int_equal(origin_of(&config, "p2v.port"), ORIGIN_FILE);
	assert_int_equal(origin_of(&config, "p2v.username"), ORIGIN_CMDLINE);
	assert_int_equal(origin_of(&config, "p2v.o"), ORIGIN_CLIENT);
	assert_int_equal(origin_of(&config, "p2v.os"), ORIGIN_BUILTIN);
	assert_string_equal(config.output_type, "local");
	assert_int_equal(file.count, 3); /* it is not used up */
	config_clear(&config);
	cmdline_clear(&file);
	cmdline_clear(&client);
}

/* A quote that the command line never closes hides no word of a client, and what it hides
 * still forbids the shell. */
static void test_unclosed(void **state)
{
	struct cmdline client;
	struct config config;

	(void)state;
	log_set_sink(hear, NULL);
	cmdline_split(&client, "p2v.name=mine", strlen("p2v.name=mine"));
	client.word[0].of_client = true;
	assert_int_equal(defaults_config(&config, NOWHERE, NULL, "quiet a=\"b p2v.shell=no",
					 &client),
			 0);
	assert_string_equal(config.name, "mine");
	assert_false(config.shell);
	config_clear(&config);
	cmdline_clear(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_again),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_unclosed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
