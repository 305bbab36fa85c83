// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards: which network cards the guest gets, and to which networks they are connected. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"
#include "dialog/choosing.h"
#include "dialog/form.h"

#include <inttypes.h>

#define KEYS " Space: choose  Tab: next  F1: help  F3: warnings  F5: look again  Esc: back"

static const char *link_of(sd_json_variant *facts)
{
	if (!field_value(facts, "link"))
		return "link ?";
	return field_truth(facts, "link") ? "link" : "no link";
}

static char *card_line(const struct selection_item *item)
{
	const char *network = field_text(item->facts, "network");

	if (!item->facts)
		return text_format("%s", item->name);
	return text_format("%-9s %-17s %-7s to '%s'  %s", item->name,
			   field_text(item->facts, "mac") ?: "", link_of(item->facts),
			   network ?: "?", field_text(item->facts, "vendor") ?: "");
}

static char *details(const struct selection_item *item)
{
	uint64_t speed = field_number(item->facts, "speed", 0);
	AUTO_FREE char *product = choosing_product(item->facts);
	AUTO_FREE char *rate = speed ? text_format(", %" PRIu64 " Mbit/s", speed) : text_copy("");

	if (!item->facts)
		return text_copy("It was named, and is not among the cards of this machine.");
	return text_format("%s%sdriver %s%s", product, *product ? ", " : "",
			   field_text(item->facts, "driver") ?: "unknown", rate);
}

static void find_cards(struct selection *cards, const struct mirror *mirror)
{
	sd_json_variant *all = mirror->everything;

	for (size_t i = 0; i < field_count(all, "interfaces"); i++) {
		sd_json_variant *card = field_element(all, "interfaces", i);
		sd_json_variant *chosen = choosing_facts(mirror->inventory, "interfaces",
							 field_text(card, "name"));

		selection_add(cards, field_text(card, "name") ?: "?", chosen ?: card);
	}
	selection_choose(cards, mirror_entered(mirror, "p2v.interfaces"));
}

static void leave_out(char ***lines, sd_json_variant *inventory, const char *kind, const char *why)
{
	for (size_t i = 0; i < field_count(inventory, kind); i++)
		list_append(lines,
			    text_format("%s: %s",
					field_text(field_element(inventory, kind, i), "name") ?:
												"?",
					why));
}

static char **left_out(const struct mirror *mirror)
{
	char **lines = NULL;

	leave_out(&lines, mirror->everything, "wireless", "wireless, the guest does not get it");
	leave_out(&lines, mirror->everything, "management",
		  "leads to the management controller, the guest does not get it");
	return lines;
}

enum screen cards_screen(struct dialog *dialog)
{
	static const struct choosing_kind kinds[] = {
		{ "p2v.interfaces", find_cards, card_line },
		{ NULL, NULL, NULL },
	};
	const struct choosing_setup setup = {
		.part = PART_CARDS,
		.self = SCREEN_CARDS,
		.keys = KEYS,
		.kinds = kinds,
		.details = details,
		.warnings = left_out,
	};

	return choosing_screen(dialog, &setup);
}
