// SPDX-License-Identifier: GPL-2.0-or-later
/* How far the parts are filled in, by what p2vd has answered. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "config/config.h"
#include "dialog/estimate.h"
#include "dialog/found.h"
#include "dialog/machine_facts.h"
#include "dialog/part_state.h"
#include "dialog/review.h"
#include "service/status_json.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static sd_json_variant *json(const char *text)
{
	sd_json_variant *value = NULL;

	assert_true(sd_json_parse(text, 0, &value, NULL, NULL) >= 0);
	return value;
}

static const char inventory[] =
	"{\"name\":\"web\",\"processors\":{\"online\":4,\"sockets\":1,\"cores\":4,\"threads\":1,\"acpi\":true},"
	"\"memory\":8589934592,\"firmware\":{\"type\":\"uefi\"},\"clock\":{\"basis\":\"localtime\",\"offset\":7200},"
	"\"disks\":[{\"name\":\"sda\",\"size\":1073741824},{\"name\":\"sdb\",\"size\":1073741824}],"
	"\"interfaces\":[{\"name\":\"eth0\"}],\"warnings\":[]}";

/* The parameters as the daemon tells them for @words. */
static void tell(struct mirror *mirror, const char *words)
{
	sd_json_variant *array = NULL, *reply = NULL;
	struct config config;
	struct cmdline split = { 0 };

	cmdline_split(&split, words, strlen(words));
	config_init(&config);
	assert_int_equal(config_read(&config, &split), 0);
	cmdline_clear(&split);
	array = parameters_json(&config);
	assert_true(sd_json_variant_set_field(&reply, "parameters", array) >= 0);
	sd_json_variant_unref(array);
	sd_json_variant_unref(mirror->parameters);
	mirror->parameters = reply;
	config_clear(&config);
}

static void clear(struct mirror *mirror)
{
	sd_json_variant_unref(mirror->parameters);
	sd_json_variant_unref(mirror->inventory);
	sd_json_variant_unref(mirror->everything);
	sd_json_variant_unref(mirror->server);
}

static void expect(const struct mirror *mirror, enum part part, enum part_mood mood,
		   const char *text)
{
	struct part_state state = part_state(part, mirror, false);
	AUTO_FREE char *said = state.text;

	if (!strstr(said, text))
		fail_msg("'%s' is not in '%s'", text, said);
	assert_int_equal(state.mood, mood);
}

static void test_nothing_known(void **state)
{
	struct mirror mirror = { 0 };

	(void)state;
	for (enum part part = 0; part < PARTS; part++)
		expect(&mirror, part, PART_WANTS, "a moment");
}

/* What does not depend on the hardware is told before that is known. */
static void test_no_inventory(void **state)
{
	struct mirror mirror = { 0 };

	(void)state;
	tell(&mirror, "");
	expect(&mirror, PART_SERVER, PART_WANTS, "the name or address");
	expect(&mirror, PART_OUTPUT, PART_READY, "local");
	expect(&mirror, PART_MACHINE, PART_WANTS, "looking at this machine");
	expect(&mirror, PART_DISKS, PART_WANTS, "looking at this machine");
	expect(&mirror, PART_CARDS, PART_WANTS, "looking at this machine");
	clear(&mirror);
}

static void test_server(void **state)
{
	struct mirror mirror = { .inventory = json(inventory) };

	(void)state;
	tell(&mirror, "");
	expect(&mirror, PART_SERVER, PART_WANTS, "the name or address");
	tell(&mirror, "p2v.server=vm.example p2v.username=jo");
	expect(&mirror, PART_SERVER, PART_WANTS, "a test: vm.example as jo");
	mirror.outdated = true;
	expect(&mirror, PART_SERVER, PART_WANTS, "another test after a change: vm.example as jo");
	mirror.test = MIRROR_FAILED;
	mirror.reason = (char *)"the server refuses the password";
	expect(&mirror, PART_SERVER, PART_WRONG, "refuses the password");
	mirror.test = MIRROR_PASSED;
	mirror.server = json("{\"virtV2v\":\"2.6.0\",\"outputModes\":[\"local\",\"null\"]}");
	expect(&mirror, PART_SERVER, PART_READY, "virt-v2v 2.6.0");
	clear(&mirror);
}

static void test_machine(void **state)
{
	struct mirror mirror = { .inventory = json(inventory), .everything = json(inventory) };

	(void)state;
	tell(&mirror, "p2v.vcpus=2");
	expect(&mirror, PART_MACHINE, PART_READY, "web, 2 CPUs, 8.0 GiB, UEFI");
	expect(&mirror, PART_DISKS, PART_READY, "sda, sdb: 2.0 GiB");
	mirror.late = true;
	expect(&mirror, PART_DISKS, PART_READY, "sda, sdb: 2.0 GiB, and more may come");
	mirror.late = false;
	expect(&mirror, PART_CARDS, PART_READY, "1 of 1, to 'default'");
	expect(&mirror, PART_NETWORK, PART_WANTS, "an address");
	sd_json_variant_unref(mirror.inventory);
	mirror.inventory = json("{\"disks\":[],\"warnings\":[\"'sdc' is left out\"]}");
	expect(&mirror, PART_DISKS, PART_WRONG, "no disk");
	mirror.late = true;
	expect(&mirror, PART_DISKS, PART_WANTS, "still coming");
	sd_json_variant_unref(mirror.inventory);
	mirror.inventory =
		json("{\"disks\":[{\"name\":\"sda\"}],\"warnings\":[\"'sdc' is left out\"]}");
	expect(&mirror, PART_DISKS, PART_WANTS, "1 warning");
	clear(&mirror);
}

static void test_output(void **state)
{
	struct mirror mirror = { .inventory = json(inventory) };

	(void)state;
	tell(&mirror, "p2v.o=libvirt p2v.os=pool");
	expect(&mirror, PART_OUTPUT, PART_READY, "libvirt to pool");
	assert_true(part_shows(&mirror, "p2v.output.connection"));
	tell(&mirror, "p2v.o=null");
	expect(&mirror, PART_OUTPUT, PART_READY, "null");
	assert_false(part_shows(&mirror, "p2v.output.storage"));
	/* What somebody has given is shown, though the mode has no use for it. */
	tell(&mirror, "p2v.o=null p2v.os=/out");
	assert_true(part_shows(&mirror, "p2v.output.storage"));
	mirror.server = json("{\"outputModes\":[\"local\"]}");
	expect(&mirror, PART_OUTPUT, PART_WRONG, "does not offer the output mode 'null'");
	clear(&mirror);
}

static void test_wrong_draft(void **state)
{
	struct draft draft = { .name = (char *)"p2v.memory",
			       .text = (char *)"much",
			       .sentence = (char *)"give a number",
			       .wrong = true };
	struct mirror mirror = { .inventory = json(inventory),
				 .drafts = { .draft = &draft, .count = 1 } };

	(void)state;
	tell(&mirror, "");
	expect(&mirror, PART_MACHINE, PART_WRONG, "give a number");
	expect(&mirror, PART_CARDS, PART_READY, "1 of");
	draft.wrong = false;
	expect(&mirror, PART_MACHINE, PART_READY, "web");
	clear(&mirror);
}

static void words_are(const struct mirror *mirror, const char *name, const char *expected)
{
	AUTO_LIST char **words = part_words(mirror, name);
	AUTO_FREE char *joined = words ? list_join(words, "|") : NULL;

	if (expected)
		assert_string_equal(joined, expected);
	else
		assert_null(joined);
}

static void test_words(void **state)
{
	struct mirror mirror = { .server = json("{\"outputModes\":[\"local\",\"qemu\"]}") };

	(void)state;
	tell(&mirror, "");
	words_are(&mirror, "p2v.auth.sudo", "yes|no");
	words_are(&mirror, "p2v.cpu.acpi", "|yes|no");
	words_are(&mirror, "p2v.output.allocation", "none|sparse|preallocated");
	words_are(&mirror, "p2v.output.type", "local|qemu");
	words_are(&mirror, "p2v.remote.server", NULL);
	clear(&mirror);
}

static void test_notes(void **state)
{
	static const struct {
		const char *name, *note;
	} notes[] = {
		{ "p2v.vcpu.cores", "here: 4" },
		{ "p2v.vcpu.phys_topo", "1 sockets, 4x1" },
		{ "p2v.memory", "here: 8.0 GiB" },
		{ "p2v.cpu.acpi", "here: yes" },
		{ "p2v.cpu.pae", "here: no" },
		{ "p2v.rtc.basis", "here: localtime" },
		{ "p2v.rtc.offset", "here: +2" },
		{ "p2v.guestname", "else 'web'" },
		{ "p2v.remote.port", "from command line" },
		{ "p2v.remote.server", "" },
	};
	struct mirror mirror = { .inventory = json(inventory) };

	(void)state;
	tell(&mirror, "p2v.port=2222");
	for (size_t i = 0; i < COUNT(notes); i++) {
		AUTO_FREE char *note = found_note(&mirror, notes[i].name);

		assert_string_equal(note, notes[i].note);
	}
	clear(&mirror);
}

static void facts_are(const struct mirror *mirror, const char *root, const char *firmware,
		      const char *clock)
{
	AUTO_LIST char **facts = machine_facts(mirror, root);

	assert_int_equal(list_length(facts), 2);
	if (firmware)
		assert_string_equal(facts[0], firmware);
	if (clock)
		assert_string_equal(facts[1], clock);
}

/* Firmware and clock, here and of the guest. */
static void test_facts(void **state)
{
	static const struct {
		const char *inventory, *line;
	} firmware[] = {
		{ "{}", "Firmware: p2vd has not told yet" },
		{ "{\"firmware\":{\"type\":\"bios\"}}", "Firmware: BIOS here, and for the guest" },
		{ "{\"firmware\":{\"type\":\"uefi\"}}",
		  "Firmware: UEFI here, Secure Boot not known; UEFI without it for the guest" },
		{ "{\"firmware\":{\"type\":\"uefi\",\"secure-boot\":false}}",
		  "Firmware: UEFI here, Secure Boot off; UEFI without it for the guest" },
		{ "{\"firmware\":{\"type\":\"uefi\",\"secure-boot\":true}}",
		  "Firmware: UEFI with Secure Boot here; virt-v2v 2.8 and later gives both" },
	};
	struct mirror mirror = { 0 };
	char *root = tree_new();

	(void)state;
	for (size_t i = 0; i < COUNT(firmware); i++) {
		sd_json_variant_unref(mirror.inventory);
		mirror.inventory = json(firmware[i].inventory);
		facts_are(&mirror, root, firmware[i].line,
			  "Clock: there is none here, or its date is not valid");
	}
	tree_put(root, "sys/class/rtc/rtc0/date", "2026-11-27\n");
	tree_put(root, "sys/class/rtc/rtc0/time", "13:45:12\n");
	tell(&mirror, "");
	facts_are(&mirror, root, NULL,
		  "Clock: 2026-11-27 13:45:12 here; the server's clock will tell if that is UTC");
	tell(&mirror, "p2v.rtc.basis=localtime");
	facts_are(&mirror, root, NULL,
		  "Clock: 2026-11-27 13:45:12 here; the server's clock will tell which time zone");
	tell(&mirror, "p2v.rtc.basis=utc");
	facts_are(&mirror, root, NULL, "Clock: 2026-11-27 13:45:12 here; virt-v2v is told UTC");
	tell(&mirror, "p2v.rtc.offset=+2");
	facts_are(&mirror, root, NULL,
		  "Clock: 2026-11-27 13:45:12 here; virt-v2v is told +2 hours from UTC");
	clear(&mirror);
	tree_remove(root);
}

static void test_review(void **state)
{
	struct mirror mirror = { .inventory = json(inventory) };
	AUTO_LIST char **lines = NULL;
	AUTO_FREE char *joined = NULL;

	(void)state;
	tell(&mirror, "p2v.server=h");
	lines = review_lines(&mirror);
	joined = list_join(lines, "\n");
	assert_non_null(strstr(joined, "Server    wants a test: h as root"));
	assert_non_null(strstr(joined, "Machine   web, 4 CPUs"));
	assert_non_null(strstr(joined, "depends on how much is used"));
	clear(&mirror);
}

/* @facts of an inventory, and what is estimated by them; NULL: nothing. @words: of a kernel command
 * line. */
static void estimate_with(const char *words, const char *facts, const char *expected)
{
	struct mirror mirror = { .inventory = json(facts) };
	AUTO_FREE char *text = NULL;

	tell(&mirror, words);
	text = estimate_text(&mirror);
	if (!expected)
		assert_null(text);
	else if (!text || !strstr(text, expected))
		fail_msg("'%s' is not in '%s'", expected, text ?: "");
	clear(&mirror);
}

static void estimate_is(const char *facts, const char *expected)
{
	estimate_with("", facts, expected);
}

static void test_estimate(void **state)
{
	static const char facts[] =
		"{\"disks\":[{\"size\":1024}],\"interfaces\":[{\"name\":\"b\",\"link\":true,\"speed\":1000}]}";

	(void)state;
	estimate_with("", facts, "assumes that the disks are full (free space is left out");
	estimate_with("p2v.copy=all", facts, "assumes that the way to the server");
	estimate_is("{}", NULL);
	estimate_is("{\"disks\":[{\"size\":1073741824}]}", NULL);
	/* No link, or a speed that the card does not tell. */
	estimate_is("{\"disks\":[{\"size\":1073741824}],\"interfaces\":[{\"name\":\"a\",\"speed\":100},"
		    "{\"name\":\"b\",\"link\":true}]}",
		    NULL);
	estimate_is("{\"disks\":[{\"size\":107374182400},{\"size\":107374182400}],\"interfaces\":["
		    "{\"name\":\"a\",\"link\":true,\"speed\":100},{\"name\":\"b\",\"link\":true,\"speed\":1000}]}",
		    "32 minutes to 3 hours to copy 200.0 GiB");
	estimate_is("{\"disks\":[{\"size\":1024}],\"interfaces\":[{\"name\":\"b\",\"link\":true,\"speed\":1000}]}",
		    "It may take 1 minute to copy");
	/* A disk that turns is slower than such a card. */
	estimate_is("{\"disks\":[{\"size\":107374182400,\"rotational\":true}],\"interfaces\":["
		    "{\"name\":\"b\",\"link\":true,\"speed\":25000}]}",
		    "12 minutes to 48 minutes to copy 100.0 GiB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_known), cmocka_unit_test(test_no_inventory),
		cmocka_unit_test(test_server),        cmocka_unit_test(test_machine),
		cmocka_unit_test(test_output),        cmocka_unit_test(test_wrong_draft),
		cmocka_unit_test(test_words),         cmocka_unit_test(test_notes),
		cmocka_unit_test(test_facts),         cmocka_unit_test(test_review),
		cmocka_unit_test(test_estimate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
