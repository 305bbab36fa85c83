// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the kernel command line that set the network up. */
#include "cmdline/network_words.h"

#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/network_fields.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define VLAN_MOST 4094

/* vlan=NAME:CARD; the number is what NAME ends with. */
static char *judge_vlan(char *const *fields)
{
	const char *name = network_field(fields, 0);
	const char *number = name + strlen(name);
	char *reason = network_judge_card(name);

	while (number > name && isdigit((unsigned char)number[-1]))
		number--;
	if (reason)
		return reason;
	if (!network_is_number(number, 1, VLAN_MOST))
		return text_format("'%s' does not end with a VLAN's number, 1 to %d: give one as 'vlan5' or 'eno1.5'",
				   name, VLAN_MOST);
	if (!*network_field(fields, 1))
		return text_format("'%s' has no card beneath it: give vlan=%s:CARD", name, name);
	return network_judge_card(network_field(fields, 1));
}

static char *judge_nameserver(const char *value)
{
	/* Brackets may be left out. */
	AUTO_LIST char **whole = network_fields(value, '\0');

	return network_judge_address(*whole, "the name server");
}

/* A port, with the colon before it, or nothing. */
static bool is_port(const char *text)
{
	return !*text || (*text == ':' && network_is_number(text + 1, 1, UINT16_MAX));
}

/* ADDRESS[:PORT], an IPv6 one in brackets and maybe with its %CARD. */
static bool is_address_with_port(const char *text)
{
	size_t length = *text == '[' ? strcspn(text, "]%") : strcspn(text, ":");
	const char *after = text + length;
	AUTO_FREE char *address = text_copy_length(text + (*text == '['), length - (*text == '['));

	if (*text != '[')
		return network_family(address) == AF_INET && is_port(after);
	after += strcspn(after, "]");
	return network_family(address) == AF_INET6 && *after && is_port(after + 1);
}

/* rd.net.dns=ADDRESS[#NAME], dns+udp://ADDRESS[:PORT], dns+tls://ADDRESS[:PORT][#NAME] */
static char *judge_dns(const char *value)
{
	static const char udp[] = "dns+udp://", tls[] = "dns+tls://";
	bool is_udp = text_begins(value, udp), is_tls = text_begins(value, tls);
	const char *start = value + (is_udp || is_tls ? strlen(udp) : 0);
	size_t length = strcspn(start, "#");
	const char *name = start[length] ? start + length + 1 : NULL;
	AUTO_FREE char *server = text_copy_length(start, length);
	bool good = is_udp || is_tls ? is_address_with_port(server) :
				       network_family(server) != AF_UNSPEC;

	if (good && (!name || (*name && !is_udp)))
		return NULL;
	return text_format("'%s' is no name server: give its address, as 192.0.2.53 or 2001:db8::53 (no brackets), or dns+tls://192.0.2.53#NAME",
			   value);
}

/* 1 for on, 0 for off, -1 for what is neither. */
static int read_switch(const char *text)
{
	static const char *const words[] = { "off", "on", "no", "yes", "false", "true", "0", "1" };

	for (int i = 0; i < (int)COUNT(words); i++)
		if (!strcasecmp(words[i], text))
			return i % 2;
	return -1;
}

/* rd.ethtool=CARD:AUTONEGOTIATION:SPEED */
static char *judge_ethtool(char *const *fields)
{
	const char *card = network_field(fields, 0);
	const char *negotiates = network_field(fields, 1), *speed = network_field(fields, 2);
	char *reason = hardware_address_is_valid(card, '-') ? NULL : network_judge_card(card);

	if (reason)
		return reason;
	if (*negotiates && read_switch(negotiates) < 0)
		return text_format("'%s' does not say whether the card is to negotiate: give on or off",
				   negotiates);
	if (*speed && !network_is_number(speed, 1, UINT32_MAX))
		return text_format("'%s' is no speed: give Mb/s, as 100 or 1000", speed);
	if (!*speed && *negotiates && !read_switch(negotiates))
		return text_format("without negotiation the card needs a speed: give %s:off:1000",
				   card);
	return NULL;
}

/* rd.route=NETWORK/LENGTH:GATEWAY:CARD */
static char *judge_route(char *const *fields)
{
	const char *given = network_field(fields, 0), *slash = strchr(given, '/');
	AUTO_FREE char *network = text_copy_length(given, strcspn(given, "/"));
	char *reason = network_judge_address(network, "the network");

	if (!reason && slash &&
	    !network_is_number(slash + 1, 0, network_family(network) == AF_INET ? 32 : 128))
		reason = text_format("'%s' is no length of a network of '%s'", slash + 1, network);
	if (!reason && *network_field(fields, 1))
		reason = network_judge_address(network_field(fields, 1), "the gateway");
	if (!reason && *network_field(fields, 2))
		reason = network_judge_card(network_field(fields, 2));
	return reason;
}

/* Each is judged by its fields, or whole where a colon means something else. */
// clang-format off: a row a line
static const struct {
	const char *name;
	char *(*judge)(char *const *fields);
	char *(*judge_whole)(const char *value);
} words[] = {
	{ "ip", network_ip_judge, NULL },
	{ "vlan", judge_vlan, NULL },
	{ "bond", network_bond_judge, NULL },
	{ "nameserver", NULL, judge_nameserver },
	{ "rd.net.dns", NULL, judge_dns },
	{ "rd.route", judge_route, NULL },
	{ "rd.ethtool", judge_ethtool, NULL },
};
// clang-format on

/* What is quoted in a sentence should not draw on the screen. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

char *network_words_judge(const char *name, const char *value)
{
	if (!value || !*value)
		return NULL;
	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(words[i].name, name)) {
			AUTO_LIST char **fields = network_fields(value, ':');

			if (!is_plain(value))
				return text_format("there is a character in it that is in no address or name");
			return words[i].judge ? words[i].judge(fields) :
						words[i].judge_whole(value);
		}
	return NULL;
}

/* What makes one card of several. */
static bool is_controller(const struct cmdline_word *word)
{
	return !strcmp(word->name, "bond") || !strcmp(word->name, "bridge") ||
	       !strcmp(word->name, "team");
}

/* What takes @card for itself, by its name (the caller frees); NULL for nothing. */
static char *controller_of(const struct cmdline *cmdline, const char *card)
{
	for (size_t i = 0; i < cmdline->count; i++) {
		const struct cmdline_word *word = &cmdline->word[i];

		if (!word->line && word->value && is_controller(word)) {
			AUTO_LIST char **fields = network_fields(word->value, ':');
			AUTO_LIST char **ports = network_fields(network_field(fields, 1), ',');

			if (list_contains(ports, card))
				return text_copy(fields[0]);
		}
	}
	return NULL;
}

char *network_words_idle(const struct cmdline *cmdline, const struct cmdline_word *word)
{
	bool is_ip = !word->line && word->value && !strcmp(word->name, "ip");
	AUTO_LIST char **fields = is_ip ? network_fields(word->value, ':') : NULL;
	const char *card = is_ip ? network_ip_card(fields) : "";
	AUTO_FREE char *controller = *card ? controller_of(cmdline, card) : NULL;

	if (!controller || !network_ip_sets_up(fields))
		return NULL;
	return text_format("'%s' is a part of '%s' and has no address of its own: give ip= for '%s'",
			   card, controller, controller);
}

/* ---- which cards they name --------------------------------------------- */

static void note(char ***cards, const char *name)
{
	if (network_is_card(name) && !list_contains(*cards, name))
		list_append(cards, text_copy(name));
}

/* What one word uses goes to @used, what it makes to @made. */
static void read_word(const struct cmdline_word *word, char ***used, char ***made)
{
	AUTO_LIST char **fields = network_fields(word->value, ':');
	AUTO_LIST char **ports = network_fields(network_field(fields, 1), ',');

	if (!strcmp(word->name, "ip")) {
		note(used, network_ip_card(fields));
	} else if (!strcmp(word->name, "vlan")) {
		note(made, network_field(fields, 0));
		note(used, network_field(fields, 1));
	} else if (is_controller(word)) {
		note(made, network_field(fields, 0));
		for (char **port = ports; *port; port++)
			note(used, *port);
	}
}

char **network_words_cards(const struct cmdline *cmdline)
{
	AUTO_LIST char **used = NULL;
	AUTO_LIST char **made = NULL;
	char **cards = NULL;

	for (size_t i = 0; i < cmdline->count; i++)
		if (cmdline->word[i].value && *cmdline->word[i].value)
			read_word(&cmdline->word[i], &used, &made);
	for (char **name = used; name && *name; name++)
		if (!list_contains(made, *name) && !hardware_address_is_valid(*name, '-'))
			note(&cards, *name);
	return cards;
}
