// SPDX-License-Identifier: GPL-2.0-or-later
/* machine_xml.c: the description, parsed again and queried with XPath. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "inventory/machine_xml.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define GIB ((uint64_t)1 << 30)

static struct disk disk[] = {
	{ .name = (char *)"sda", .path = (char *)"/dev/sda", .bus = (char *)"sata", .size = GIB },
	{ .name = (char *)"cciss/c0d0",
	  .path = (char *)"/dev/cciss/c0d0",
	  .bus = (char *)"virtio",
	  .size = GIB },
};
static char *removable[] = { (char *)"sr0", (char *)"hdc", (char *)"fda", NULL };
static struct nic nic[] = {
	{ .name = (char *)"eno1", .mac = (char *)"52:54:00:00:00:01", .network = (char *)"front" },
	{ .name = (char *)"ib0", .network = (char *)"back \"<&>'" },
};
static const uint16_t ports[] = { 10809, 65535 };

struct asked {
	struct machine machine;
	struct config config;
	struct disks disks;
	struct nics nics;
	const char *name;
	xmlDoc *document;
};

static int build(void **state)
{
	struct asked *asked = memory_zero(1, sizeof(*asked));

	asked->machine = (struct machine){
		.cpu_vendor = (char *)"Intel",
		.memory = 24 * GIB,
		.cpus = 12,
		.sockets = 2,
		.cores = 14,
		.threads = 2,
		.acpi = true,
		.pae = true,
		.firmware = FIRMWARE_UEFI,
	};
	asked->disks = (struct disks){ .disk = disk, .count = 2, .removable = removable };
	asked->nics = (struct nics){ .nic = nic, .count = 2 };
	asked->name = "web01";
	*state = asked;
	return 0;
}

static int destroy(void **state)
{
	struct asked *asked = *state;

	xmlFreeDoc(asked->document);
	free(asked);
	xmlCleanupParser();
	return 0;
}

static void make(struct asked *asked)
{
	AUTO_FREE char *xml = machine_xml(&asked->machine, &asked->config, asked->name,
					  &asked->disks, ports, &asked->nics);

	xmlFreeDoc(asked->document);
	asked->document = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NONET);
	if (!asked->document)
		fail_msg("not well formed: %s", xml);
}

/* The result of an XPath string() on the description. */
static void assert_says(struct asked *asked, const char *path, const char *expected)
{
	AUTO_FREE char *expression = text_format("string(%s)", path);
	xmlXPathContext *context = xmlXPathNewContext(asked->document);
	xmlXPathObject *result = xmlXPathEvalExpression(BAD_CAST expression, context);

	assert_non_null(result);
	if (strcmp((const char *)result->stringval, expected))
		fail_msg("%s is \"%s\", not \"%s\"", path, result->stringval, expected);
	xmlXPathFreeObject(result);
	xmlXPathFreeContext(context);
}

static void describes_the_machine(void **state)
{
	make(*state);
	assert_says(*state, "/domain/@type", "physical");
	assert_says(*state, "/domain/name", "web01");
	assert_says(*state, "/domain/memory", "25165824");
	assert_says(*state, "/domain/memory/@unit", "KiB");
	assert_says(*state, "/domain/vcpu", "12");
	assert_says(*state, "/domain/os/@firmware", "efi");
	assert_says(*state, "count(/domain/features/acpi)", "1");
	assert_says(*state, "count(/domain/features/apic)", "0");
	assert_says(*state, "count(/domain/features/pae)", "1");
	assert_says(*state, "count(/domain/cpu)", "0");
}

static void describes_devices(void **state)
{
	make(*state);
	assert_says(*state, "count(//disk[@device='disk'])", "2");
	assert_says(*state, "//disk[1]/@type", "network");
	assert_says(*state, "//disk[1]/source/@protocol", "nbd");
	assert_says(*state, "//disk[1]/source/host/@name", "localhost");
	assert_says(*state, "//disk[1]/source/host/@port", "10809");
	assert_says(*state, "//disk[1]/target/@dev", "sda");
	assert_says(*state, "//disk[1]/target/@bus", "sata");
	assert_says(*state, "//disk[2]/source/host/@port", "65535");
	assert_says(*state, "//disk[2]/target/@bus", "virtio");
	assert_says(*state, "//disk[@device='cdrom'][1]/target/@dev", "sr0");
	assert_says(*state, "//disk[@device='cdrom'][2]/target/@dev", "hdc");
	assert_says(*state, "//disk[@device='floppy']/target/@dev", "fda");
	assert_says(*state, "//interface[1]/@type", "network");
	assert_says(*state, "//interface[1]/source/@network", "front");
	assert_says(*state, "//interface[1]/mac/@address", "52:54:00:00:00:01");
	assert_says(*state, "//interface[1]/target/@dev", "eno1");
	assert_says(*state, "//interface[2]/source/@network", "back \"<&>'");
	assert_says(*state, "count(//interface[2]/mac)", "0");
}

/* A file has no name that a system would give its disk. */
static void names_files_as_disks(void **state)
{
	struct asked *asked = *state;
	struct disk file = { .name = (char *)"lvm.img",
			     .path = (char *)"/srv/lvm.img",
			     .target = (char *)"sda",
			     .bus = (char *)"scsi",
			     .size = GIB };

	asked->disks = (struct disks){ .disk = &file, .count = 1 };
	make(asked);
	assert_says(asked, "//disk[1]/target/@dev", "sda");
	assert_says(asked, "//disk[1]/target/@bus", "scsi");
	assert_says(asked, "count(//*[@*[contains(., 'lvm.img')]])", "0");
}

static void lets_the_user_win(void **state)
{
	struct asked *asked = *state;

	asked->machine.firmware = FIRMWARE_BIOS;
	asked->config = (struct config){
		.memory = 3 * GIB,
		.vcpus = 5,
		.acpi = CHOICE_NO,
		.apic = CHOICE_YES,
		.pae = CHOICE_MACHINE,
		.cpu_model = (char *)"Westmere",
	};
	make(asked);
	assert_says(asked, "/domain/memory", "3145728");
	assert_says(asked, "/domain/vcpu", "5");
	assert_says(asked, "/domain/os/@firmware", "bios");
	assert_says(asked, "count(//acpi)", "0");
	assert_says(asked, "count(//apic)", "1");
	assert_says(asked, "count(//pae)", "1");
	assert_says(asked, "//cpu/model", "Westmere");
	assert_says(asked, "//cpu/vendor", "Intel");
	assert_says(asked, "count(//topology)", "0");
	asked->config.cpu_vendor = (char *)"AMD";
	make(asked);
	assert_says(asked, "//cpu/vendor", "AMD");
}

static void tells_secure_boot(void **state)
{
	struct asked *asked = *state;

	make(asked);
	assert_says(asked, "count(/domain/os/firmware)", "0");
	asked->machine.secure_boot = SECURE_BOOT_ON;
	make(asked);
	assert_says(asked, "/domain/os/firmware/feature[@name='secure-boot']/@enabled", "yes");
	asked->machine.firmware = FIRMWARE_BIOS;
	make(asked);
	assert_says(asked, "count(/domain/os/firmware)", "0");
}

static void tells_the_clock(void **state)
{
	struct asked *asked = *state;

	make(asked);
	assert_says(asked, "count(/domain/clock)", "0");
	asked->machine.clock = (struct clock){ .basis = RTC_UTC };
	make(asked);
	assert_says(asked, "/domain/clock/@offset", "utc");
	asked->machine.clock = (struct clock){ .basis = RTC_LOCALTIME, .offset = 7200 };
	make(asked);
	assert_says(asked, "/domain/clock/@offset", "variable");
	assert_says(asked, "/domain/clock/@basis", "utc");
	assert_says(asked, "/domain/clock/@adjustment", "7200");
	asked->config.rtc_basis = RTC_UTC;
	make(asked);
	assert_says(asked, "/domain/clock/@offset", "utc");
	asked->config.rtc_basis = RTC_LOCALTIME;
	make(asked);
	assert_says(asked, "/domain/clock/@adjustment", "7200");
	asked->machine.clock = (struct clock){ .basis = RTC_UNKNOWN };
	make(asked);
	assert_says(asked, "/domain/clock/@offset", "localtime");
	asked->config.rtc_offset_given = true;
	asked->config.rtc_offset = -3600;
	make(asked);
	assert_says(asked, "/domain/clock/@offset", "variable");
	assert_says(asked, "/domain/clock/@basis", "utc");
	assert_says(asked, "/domain/clock/@adjustment", "-3600");
	asked->config.rtc_offset = 0;
	make(asked);
	assert_says(asked, "/domain/clock/@offset", "utc");
}

static void copies_the_topology(void **state)
{
	struct asked *asked = *state;

	asked->config = (struct config){ .phys_topo = true, .vcpus = 3 };
	make(asked);
	assert_says(asked, "//topology/@sockets", "2");
	assert_says(asked, "//topology/@cores", "14");
	assert_says(asked, "//topology/@threads", "2");
	assert_says(asked, "/domain/vcpu", "56");
}

static void carries_any_name(void **state)
{
	static const char *const cases[][2] = {
		{ "a \"b\" 'c' <d> & e]]>", "a \"b\" 'c' <d> & e]]>" },
		{ "m\xc3\xbcller \xe6\x9c\xba\xe5\x99\xa8 \xf0\x9f\x92\xbe",
		  "m\xc3\xbcller \xe6\x9c\xba\xe5\x99\xa8 \xf0\x9f\x92\xbe" },
		{ "&lt;&#10;", "&lt;&#10;" },
		{ "bell\a escape\x1b[0m", "bell? escape?[0m" },
		{ "latin\xfc", "latin?" },
		{ "cut\xe6\x9c", "cut??" },
		{ "overlong\xc0\xaf", "overlong??" },
		{ "surrogate\xed\xa0\x80", "surrogate???" },
		{ "no\xef\xbf\xbf", "no???" },
		{ "high\xf7\xbf\xbf\xbf", "high????" },
		{ "", "" },
	};
	struct asked *asked = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		asked->name = cases[i][0];
		make(asked);
		assert_says(asked, "/domain/name", cases[i][1]);
		assert_says(asked, "count(//disk[@device='disk'])", "2");
	}
}

static void bears_a_bare_machine(void **state)
{
	struct asked *asked = *state;

	asked->disks = (struct disks){ .disk = disk, .count = 1 };
	asked->nics = (struct nics){ 0 };
	make(asked);
	assert_says(asked, "count(//disk)", "1");
	assert_says(asked, "count(//interface)", "0");
}

#define ASKED(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASKED(describes_the_machine), ASKED(describes_devices), ASKED(names_files_as_disks),
		ASKED(lets_the_user_win),     ASKED(tells_secure_boot), ASKED(tells_the_clock),
		ASKED(copies_the_topology),   ASKED(carries_any_name),  ASKED(bears_a_bare_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
