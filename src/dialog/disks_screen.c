// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks: which the guest gets, and what there is to warn of. CD and DVD drives stand below them. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/disk_contents.h"
#include "client/field.h"
#include "dialog/choosing.h"
#include "dialog/form.h"

#define KEYS " Space: choose  Tab: next  F1: help  F3: warnings  F5: look again  Esc: back"

static char *disk_line(const struct selection_item *item)
{
	AUTO_FREE char *size = text_bytes(field_number(item->facts, "size", 0));
	AUTO_FREE char *product = choosing_product(item->facts);
	const char *serial = field_text(item->facts, "serial");

	if (!item->facts)
		return text_format("%s", item->name);
	return text_format("%-9s %10s %-7s %s%s%s%s", field_text(item->facts, "name") ?: item->name,
			   size,
			   field_text(item->facts, "bus")               ?:
				   field_text(item->facts, "transport") ?:
									  "",
			   product, *product && serial ? ", " : "", serial ? "serial " : "",
			   serial ?: "");
}

static char *drive_line(const struct selection_item *item)
{
	return text_format("%-9s CD or DVD drive", item->name);
}

/* Where it is, and what is on it. The caller frees. */
static char *details(const struct selection_item *item)
{
	AUTO_LIST char **contents = disk_contents(item->facts);
	AUTO_FREE char *joined = list_join(contents, "; ");
	AUTO_FREE char *paths = field_texts(item->facts, "paths", ", ");
	const char *wwn = field_text(item->facts, "wwn");

	if (!item->facts)
		return text_copy("It was named, but p2vd does not find it.");
	return text_format("%s%s%s%s%s: %s",
			   field_text(item->facts, "path") ?: "a drive without its medium",
			   wwn ? ", WWN " : "", wwn ?: "", paths && *paths ? ", paths " : "",
			   paths ?: "", contents ? joined : "nothing known is on it");
}

static void find_disks(struct selection *disks, const struct mirror *mirror)
{
	sd_json_variant *all = mirror->everything;

	for (size_t i = 0; i < field_count(all, "disks"); i++) {
		sd_json_variant *disk = field_element(all, "disks", i);
		sd_json_variant *chosen = choosing_facts(mirror->inventory, "disks",
							 field_text(disk, "name"));

		/* The chosen ones know more of what they are parts of. */
		selection_add(disks, field_text(disk, "name") ?: "?", chosen ?: disk);
	}
	/* And those that were named by a path. */
	for (size_t i = 0; i < field_count(mirror->inventory, "disks"); i++) {
		sd_json_variant *disk = field_element(mirror->inventory, "disks", i);

		if (!choosing_facts(all, "disks", field_text(disk, "name")))
			selection_add(disks, field_text(disk, "path") ?: "?", disk);
	}
	selection_choose(disks, mirror_entered(mirror, "p2v.disks"));
}

static void find_drives(struct selection *drives, const struct mirror *mirror)
{
	sd_json_variant *all = mirror->everything;

	for (size_t i = 0; i < field_count(all, "removable"); i++) {
		sd_json_variant *name = field_element(all, "removable", i);

		selection_add(drives, sd_json_variant_string(name), name);
	}
	selection_choose(drives, mirror_entered(mirror, "p2v.removable"));
}

static char **warnings(const struct mirror *mirror)
{
	char **lines = NULL;

	for (size_t i = 0; i < field_count(mirror->inventory, "warnings"); i++) {
		sd_json_variant *one = field_element(mirror->inventory, "warnings", i);

		list_append(&lines, text_format("warning: %s", sd_json_variant_string(one)));
	}
	return lines;
}

/* All disks, for one has perhaps many partitions. */
static char **all_contents(const struct mirror *mirror)
{
	struct selection disks = { 0 };
	char **lines = NULL;

	find_disks(&disks, mirror);
	for (size_t i = 0; i < disks.count; i++) {
		AUTO_LIST char **contents = disk_contents(disks.item[i].facts);
		char *line = disk_line(&disks.item[i]);

		if (i)
			list_append(&lines, text_copy(""));
		list_append(&lines, line);
		for (size_t j = 0; contents && contents[j]; j++)
			list_append(&lines, text_format("  %s", contents[j]));
		if (!contents)
			list_append(&lines, text_copy("  nothing known is on it"));
	}
	selection_clear(&disks);
	return lines;
}

enum screen disks_screen(struct dialog *dialog)
{
	static const struct choosing_kind kinds[] = {
		{ "p2v.disks", find_disks, disk_line },
		{ "p2v.removable", find_drives, drive_line },
		{ NULL, NULL, NULL },
	};
	const struct choosing_setup setup = {
		.part = PART_DISKS,
		.self = SCREEN_DISKS,
		.keys = KEYS,
		.kinds = kinds,
		.details = details,
		.warnings = warnings,
		.more_button = "What is on them",
		.more = all_contents,
	};

	return choosing_screen(dialog, &setup);
}
