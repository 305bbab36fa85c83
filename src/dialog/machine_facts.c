// SPDX-License-Identifier: GPL-2.0-or-later
/* What no field of the part Machine says: firmware and clock. */
#include "dialog/machine_facts.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "client/field.h"

#include <string.h>

/* Nobody can choose it: the guest's system starts only by what it was installed with. */
static char *firmware_line(const struct mirror *mirror)
{
	sd_json_variant *found = field_value(mirror->inventory, "firmware");
	const char *type = field_text(found, "type");

	if (!type)
		return text_copy("Firmware: p2vd has not told yet");
	if (strcmp(type, "uefi") != 0)
		return text_copy("Firmware: BIOS here, and for the guest");
	if (field_truth(found, "secure-boot"))
		return text_copy("Firmware: UEFI with Secure Boot here; virt-v2v 2.8 and later gives both");
	return text_format("Firmware: UEFI here, Secure Boot %s; UEFI without it for the guest",
			   field_value(found, "secure-boot") ? "off" : "not known");
}

/* The rules are those of p2vd(8), Clock. */
static char *told_clock(const struct mirror *mirror)
{
	const char *basis = mirror_value(mirror, "p2v.rtc.basis") ?: "unknown";
	const char *offset = mirror_value(mirror, "p2v.rtc.offset");

	if (offset)
		return text_format("virt-v2v is told %s hours from UTC", offset);
	if (!strcmp(basis, "utc"))
		return text_copy("virt-v2v is told UTC");
	return text_copy(strcmp(basis, "localtime") ?
				 "the server's clock will tell if that is UTC" :
				 "the server's clock will tell which time zone");
}

static char *clock_line(const struct mirror *mirror, const char *root)
{
	AUTO_FREE char *date = sysfs_line(root, "/sys/class/rtc/rtc0/date");
	AUTO_FREE char *time = sysfs_line(root, "/sys/class/rtc/rtc0/time");
	AUTO_FREE char *told = told_clock(mirror);

	if (!date || !time)
		return text_copy("Clock: there is none here, or its date is not valid");
	return text_format("Clock: %s %s here; %s", date, time, told);
}

char **machine_facts(const struct mirror *mirror, const char *root)
{
	char **lines = NULL;

	list_append(&lines, firmware_line(mirror));
	list_append(&lines, clock_line(mirror, root));
	return lines;
}
