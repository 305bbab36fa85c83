// SPDX-License-Identifier: GPL-2.0-or-later
/* What the machine is, as a sheet for people. */
#include "client/inventory_sheet.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/disk_contents.h"
#include "client/field.h"
#include "client/sheet.h"

#include <inttypes.h>
#include <string.h>

static void add_machine(char ***sheet, sd_json_variant *inventory)
{
	sd_json_variant *machine = field_value(inventory, "machine");
	sd_json_variant *processors = field_value(inventory, "processors");
	sd_json_variant *firmware = field_value(inventory, "firmware");
	const char *type = field_text(firmware, "type") ?: "unknown";
	AUTO_FREE char *memory = text_bytes(field_number(inventory, "memory", 0));
	AUTO_FREE char *online = text_format("%" PRIu64 " online",
					     field_number(processors, "online", 0));
	AUTO_FREE char *tpm = text_format("TPM %s", field_text(firmware, "tpm-version") ?: "");

	SHEET_WORDS(sheet, "Machine", field_text(machine, "vendor"), field_text(machine, "product"),
		    field_text(machine, "chassis"));
	sheet_add(sheet, "Serial", field_text(machine, "serial"));
	sheet_add(sheet, "UUID", field_text(machine, "uuid"));
	sheet_add(sheet, "Guest's name", field_text(inventory, "name"));
	SHEET_WORDS(sheet, "Processors", field_text(processors, "model"), online);
	sheet_add(sheet, "Memory", memory);
	SHEET_WORDS(sheet, "Firmware",
		    !strcmp(type, "uefi") ? "UEFI" :
		    !strcmp(type, "bios") ? "BIOS" :
					    type,
		    field_truth(firmware, "secure-boot") ? "Secure Boot on" : NULL,
		    field_truth(firmware, "tpm") ? tpm : "no TPM");
}

static void add_disk(char ***sheet, sd_json_variant *disk)
{
	AUTO_FREE char *size = text_bytes(field_number(disk, "size", 0));
	AUTO_LIST char **contents = disk_contents(disk);
	AUTO_FREE char *paths = field_texts(disk, "paths", ", ");
	const char *serial = field_text(disk, "serial");
	AUTO_FREE char *number = serial ? text_format("serial %s", serial) : NULL;
	AUTO_FREE char *by = paths ? text_format("paths %s", paths) : NULL;

	SHEET_WORDS(sheet, field_text(disk, "path") ?: "?", size, field_text(disk, "transport"),
		    field_text(disk, "vendor"), field_text(disk, "model"), number,
		    paths && *paths ? by : NULL);
	for (char **line = contents; line && *line; line++)
		sheet_add(sheet, "", *line);
}

/* @left_out: why the guest does not get it; NULL: it does. */
static void add_card(char ***sheet, sd_json_variant *card, const char *left_out)
{
	uint64_t speed = field_number(card, "speed", 0);
	const char *network = field_text(card, "network");
	AUTO_FREE char *rate = speed ? text_format("%" PRIu64 " Mbit/s", speed) : NULL;
	AUTO_FREE char *to = network ? text_format("to '%s'", network) : NULL;

	SHEET_WORDS(sheet, field_text(card, "name") ?: "?", field_text(card, "mac") ?: "no MAC",
		    field_text(card, "driver"),
		    !field_value(card, "link") ? NULL :
		    field_truth(card, "link")  ? "link" :
						 "no link",
		    rate, left_out ?: to);
}

static void add_cards(char ***sheet, sd_json_variant *inventory, const char *kind,
		      const char *left_out)
{
	for (size_t i = 0; i < field_count(inventory, kind); i++)
		add_card(sheet, field_element(inventory, kind, i), left_out);
}

char **inventory_sheet(sd_json_variant *inventory)
{
	AUTO_FREE char *drives = field_texts(inventory, "removable", ", ");
	char **sheet = NULL;

	add_machine(&sheet, inventory);
	list_append(&sheet, text_copy(""));
	list_append(&sheet, text_copy("Disks"));
	for (size_t i = 0; i < field_count(inventory, "disks"); i++)
		add_disk(&sheet, field_element(inventory, "disks", i));
	sheet_add(&sheet, "CD drives", drives ?: "none");
	list_append(&sheet, text_copy(""));
	list_append(&sheet, text_copy("Network cards"));
	add_cards(&sheet, inventory, "interfaces", NULL);
	add_cards(&sheet, inventory, "wireless", "wireless: left out");
	add_cards(&sheet, inventory, "management", "leads to the management controller: left out");
	for (size_t i = 0; i < field_count(inventory, "warnings"); i++) {
		sd_json_variant *warning = field_element(inventory, "warnings", i);

		list_append(&sheet, text_copy(""));
		if (sd_json_variant_is_string(warning))
			sheet_paragraph(&sheet, 0, sd_json_variant_string(warning));
	}
	return sheet;
}
