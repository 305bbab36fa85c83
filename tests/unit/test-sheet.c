// SPDX-License-Identifier: GPL-2.0-or-later
/* The sheets that p2vctl prints: of the machine, a server, parameters, and what all are made of. */
#include "base/list.h"
#include "client/field.h"
#include "client/inventory_sheet.h"
#include "client/message.h"
#include "client/parameter_sheet.h"
#include "client/server_sheet.h"
#include "client/sheet.h"
#include "json.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* @sheet, of which it becomes the owner, is @expected, whose lines are joined by '|'. */
static void check(char **sheet, const char *expected)
{
	AUTO_FREE char *joined = list_join(sheet, "|");

	assert_string_equal(joined, expected);
	list_free(sheet);
}

static void test_sheet(void **state)
{
	char **sheet = NULL;

	(void)state;
	sheet_add(&sheet, "Label",
		  "a value of many words, which does not fit into the one line that it has");
	sheet_add(&sheet, "A label of many letters", "value");
	sheet_add(&sheet, "Nothing", NULL);
	sheet_add(&sheet, "Empty", "");
	SHEET_WORDS(&sheet, "Words", "one", NULL, "", "two");
	SHEET_WORDS(&sheet, "None", NULL, "");
	sheet_format(&sheet, "Number", "%d %s", 3, "disks");
	check(sheet,
	      "Label         a value of many words, which does not fit into the one line that|"
	      "              it has|"
	      "A label of many letters|"
	      "              value|"
	      "Words         one, two|"
	      "Number        3 disks");
}

static void test_inventory(void **state)
{
	sd_json_variant *inventory =
		json("{\"name\":\"web\",\"machine\":{\"vendor\":\"Dell Inc.\",\"product\":\"R640\",\"serial\":\"S1\"},"
		     "\"processors\":{\"model\":\"Xeon\",\"online\":8},\"memory\":68719476736,"
		     "\"firmware\":{\"type\":\"uefi\",\"secure-boot\":true,\"tpm\":true,\"tpm-version\":\"2.0\"},"
		     "\"disks\":[{\"path\":\"/dev/sda\",\"size\":42949672960,\"transport\":\"sas\",\"model\":\"X1\","
		     "\"serial\":\"D1\",\"paths\":[],\"sets\":[\"sda2: part of a RAID\",\"sda9: a pool\"],"
		     "\"contents\":[{\"name\":\"sda1\",\"text\":\"EFI system, FAT\"},"
		     "{\"name\":\"sda2\",\"set\":\"part of a RAID\",\"text\":\"part of a RAID, 1 GiB\"}]},"
		     "{\"path\":\"/dev/disk/by-id/long\",\"size\":512,\"paths\":[\"sdb\",\"sdc\"]}],"
		     "\"removable\":[\"sr0\"],"
		     "\"interfaces\":[{\"name\":\"eno1\",\"mac\":\"52:54:00:00:00:01\",\"driver\":\"igb\",\"link\":true,"
		     "\"speed\":1000,\"network\":\"default\"},{\"name\":\"eno2\",\"link\":false}],"
		     "\"wireless\":[{\"name\":\"wlan0\",\"mac\":\"52:54:00:00:00:02\"}],\"management\":[],"
		     "\"warnings\":[\"something is strange\"]}");

	(void)state;
	check(inventory_sheet(inventory),
	      "Machine       Dell Inc., R640|"
	      "Serial        S1|"
	      "Guest's name  web|"
	      "Processors    Xeon, 8 online|"
	      "Memory        64.0 GiB|"
	      "Firmware      UEFI, Secure Boot on, TPM 2.0||"
	      "Disks|"
	      "/dev/sda      40.0 GiB, sas, X1, serial D1|"
	      "              sda1: EFI system, FAT|"
	      "              sda2: part of a RAID, 1 GiB|"
	      "              sda9: a pool|"
	      "/dev/disk/by-id/long|"
	      "              512 bytes, paths sdb, sdc|"
	      "CD drives     sr0||"
	      "Network cards|"
	      "eno1          52:54:00:00:00:01, igb, link, 1000 Mbit/s, to 'default'|"
	      "eno2          no MAC, no link|"
	      "wlan0         52:54:00:00:00:02, wireless: left out||"
	      "something is strange");
	sd_json_variant_unref(inventory);
}

static void test_server(void **state)
{
	sd_json_variant *server =
		json("{\"address\":\"192.0.2.7\",\"user\":\"root\",\"system\":\"Debian\",\"architecture\":"
		     "\"x86_64\",\"virtV2v\":\"2.6.0\",\"outputModes\":[\"local\",\"null\"],\"storage\":\"/out\","
		     "\"storageFree\":1073741824,\"temporary\":\"/var/tmp\"}");
	sd_json_variant *modes = json("{\"outputModes\":[]}");

	(void)state;
	check(server_sheet(server), "Address       192.0.2.7|"
				    "User          root|"
				    "System        Debian, x86_64|"
				    "virt-v2v      2.6.0|"
				    "Output modes  local, null|"
				    "Guest's disks /out, 1.0 GiB free|"
				    "Temporary     /var/tmp");
	assert_null(server_sheet(NULL));
	assert_null(server_sheet(modes));
	sd_json_variant_unref(server);
	sd_json_variant_unref(modes);
}

static void test_parameters(void **state)
{
	sd_json_variant *reply =
		json("{\"parameters\":[{\"name\":\"p2v.remote.port\",\"alias\":\"p2v.port\",\"kind\":\"number\","
		     "\"minimum\":1,\"maximum\":65535,\"empty\":false,\"secret\":false,\"form\":\"PORT\","
		     "\"default\":\"22\",\"description\":\"The TCP port.\",\"value\":\"2222\",\"origin\":\"cmdline\"},"
		     "{\"name\":\"p2v.net_work\",\"kind\":\"word\",\"words\":[\"one\",\"two\"],\"secret\":true,"
		     "\"empty\":true,\"form\":\"one|two\",\"description\":\"What.\",\"value\":null,\"origin\":"
		     "\"builtin\"},{\"name\":\"p2v.wait\",\"kind\":\"seconds\",\"minimum\":1,\"maximum\":60,"
		     "\"origin\":\"builtin\"}]}");
	sd_json_variant *port = parameter_sheet_find(reply, "p2v.remote.port");

	(void)state;
	assert_non_null(port);
	assert_ptr_equal(parameter_sheet_find(reply, "p2v.port"), port);
	assert_non_null(parameter_sheet_find(reply, "p2v.net-work"));
	assert_null(parameter_sheet_find(reply, "p2v.por"));
	assert_null(parameter_sheet_find(reply, "p2v.ports"));
	assert_null(parameter_sheet_find(NULL, "p2v.port"));
	check(parameter_sheet_list(reply),
	      "p2v.port      command line  2222|p2v.net_work|p2v.wait");
	check(parameter_sheet(port), "p2v.remote.port=PORT, p2v.port|"
				     "Value         2222|"
				     "Given by      command line|"
				     "Default       22|"
				     "Type          a number|"
				     "Bounds        1 to 65535|"
				     "About         The TCP port.|");
	check(parameter_sheet(parameter_sheet_find(reply, "p2v.net_work")),
	      "p2v.net_work=one|two|"
	      "Value         none|"
	      "Given by      default|"
	      "Default       none|"
	      "Type          one of some words|"
	      "Words         one, two|"
	      "Empty         an empty value is right: it means none|"
	      "Secret        its value, or a part of it, is never shown|"
	      "About         What.|");
	check(parameter_sheet(parameter_sheet_find(reply, "p2v.wait")),
	      "p2v.wait|"
	      "Value         none|"
	      "Given by      default|"
	      "Default       none|"
	      "Type          a time: 300, 300s, 5m, 1h|"
	      "Bounds        1 to 60 seconds|");
	sd_json_variant_unref(reply);
}

static void test_messages(void **state)
{
	sd_json_variant *reply = json("{\"messages\":[{\"severity\":\"error\",\"text\":\"no\"},"
				      "{\"severity\":\"warning\",\"text\":\"hm\"},"
				      "{\"severity\":\"notice\",\"text\":\"begun\"},{},7]}");

	(void)state;
	check(message_lines(reply), "error: no|warning: hm|begun||");
	assert_null(message_lines(NULL));
	assert_true(message_is_trouble("error: no"));
	assert_false(message_is_trouble("begun"));
	sd_json_variant_unref(reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sheet),    cmocka_unit_test(test_inventory),
		cmocka_unit_test(test_server),   cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
