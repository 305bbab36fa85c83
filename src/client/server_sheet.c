// SPDX-License-Identifier: GPL-2.0-or-later
/* What a conversion server has answered, as a sheet for people. */
#include "client/server_sheet.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "client/field.h"
#include "client/sheet.h"

static void add_directory(char ***sheet, const char *label, const char *directory, uint64_t bytes)
{
	AUTO_FREE char *room = text_bytes(bytes);

	if (directory && bytes != UINT64_MAX)
		sheet_format(sheet, label, "%s, %s free", directory, room);
	else
		sheet_add(sheet, label, directory);
}

char **server_sheet(sd_json_variant *server)
{
	AUTO_FREE char *modes = field_texts(server, "outputModes", ", ");
	char **sheet = NULL;

	sheet_add(&sheet, "Address", field_text(server, "address"));
	sheet_add(&sheet, "Host key", field_text(server, "hostkey"));
	sheet_add(&sheet, "User", field_text(server, "user"));
	SHEET_WORDS(&sheet, "System", field_text(server, "system"),
		    field_text(server, "architecture"));
	sheet_add(&sheet, "virt-v2v", field_text(server, "virtV2v"));
	sheet_add(&sheet, "Output modes", modes);
	add_directory(&sheet, "Guest's disks", field_text(server, "storage"),
		      field_number(server, "storageFree", UINT64_MAX));
	add_directory(&sheet, "Temporary", field_text(server, "temporary"),
		      field_number(server, "temporaryFree", UINT64_MAX));
	return sheet;
}
