// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the kernel command line that set up the network. */
#include "cmdline/network_words.h"

#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/look_alike.h"
#include "cmdline/network_fields.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define VLAN_MOST 4094

/* vlan=NAME:CARD; NAME ends with the VLAN's number. */
static char *judge_vlan(char *const *fields)
{
	const char *name = fields[0], *number = name + strlen(name);

	while (number > name && isdigit((unsigned char)number[-1]))
		number--;
	if (!network_is_number(number, 1, VLAN_MOST))
		return text_format("'%s' does not end with a VLAN's number, 1 to %d: give one as 'vlan5' or 'eno1.5'",
				   name, VLAN_MOST);
	if (!*network_field(fields, 1))
		return text_format("'%s' has no card beneath it: give vlan=%s:CARD", name, name);
	return NULL;
}

/* nameserver=ADDRESS, an IPv6 one with or without brackets. */
static char *judge_nameserver(const char *value)
{
	AUTO_LIST char **whole = network_fields(value, '\0');

	return network_field_judge(FIELD_SERVER, *whole);
}

/* ADDRESS[:PORT], an IPv6 one in brackets and maybe with its %CARD. */
static bool is_address_with_port(const char *text)
{
	bool is_ipv6 = *text == '[';
	size_t end = strcspn(text, is_ipv6 ? "]" : ":");
	AUTO_LIST char **parts = network_fields(text, ':');

	if (is_ipv6)
		parts[0][strcspn(parts[0], "%")] = '\0';
	end += is_ipv6 && text[end];
	if (network_family(parts[0]) != (is_ipv6 ? AF_INET6 : AF_INET) || !strchr(":", text[end]))
		return false;
	return !parts[1] || (!parts[2] && network_is_number(parts[1], 1, UINT16_MAX));
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
		return is_udp || is_tls ? NULL : network_field_judge(FIELD_SERVER, server);
	return text_format("'%s' is no name server: give its address, as 192.0.2.53 or 2001:db8::53 (no brackets), or dns+tls://192.0.2.53#NAME",
			   value);
}

/* rd.ethtool=CARD:AUTONEGOTIATION:SPEED */
static char *judge_ethtool(char *const *fields)
{
	if (text_boolean(network_field(fields, 1)) != 0 || *network_field(fields, 2))
		return NULL;
	return text_format("without negotiation the card needs a speed: give %s:off:1000",
			   fields[0]);
}

/* rd.route=NETWORK/LENGTH:GATEWAY:CARD */
static char *judge_route(char *const *fields)
{
	const char *slash = strchr(fields[0], '/');
	AUTO_FREE char *network = text_copy_length(fields[0], strcspn(fields[0], "/"));
	unsigned long most = network_family(network) == AF_INET ? 32 : 128;

	if (slash && network_family(network) != AF_UNSPEC && !network_is_number(slash + 1, 0, most))
		return text_format("'%s' is no length of a network of '%s'", slash + 1, network);
	return network_field_judge(FIELD_DESTINATION, network);
}

/* Whether the kernel or udev gives no card that name. */
static bool is_reserved(const char *name)
{
	static char *const names[] = { "lo", ".", "..", "all", "default", NULL };

	return list_contains(names, name) || !name[strspn(name, "0123456789")];
}

/* ifname=NAME:HARDWARE-ADDRESS; p2v-early makes a rule for udev of it. */
static char *judge_ifname(char *const *fields)
{
	AUTO_FREE char *hardware = list_join(fields + 1, ":");

	if (!text_is_alphanumeric(fields[0], "._-") || is_reserved(fields[0]))
		return text_format("'%s' cannot be a network card's name here: give another, of letters and digits, as 'net0'",
				   fields[0]);
	if (hardware_address_is_valid(hardware, ':'))
		return network_field_judge(FIELD_NEW_HARDWARE, hardware);
	return text_format("'%s' is no hardware address: give ifname=%s:52:54:00:12:34:56",
			   hardware, fields[0]);
}

/* A number of tries or of seconds. */
static char *judge_number(const char *value)
{
	if (network_is_number(value, 1, INT32_MAX))
		return NULL;
	return text_format("'%s' is no number: give 1 or more, as 10", value);
}

static char *judge_choice(const char *value, char *const *choices)
{
	AUTO_FREE char *all = NULL;

	if (list_contains(choices, value))
		return NULL;
	all = list_join(choices, ", ");
	return text_format("'%s' is none of %s", value, all);
}

static char *judge_dscp(const char *value)
{
	static char *const choices[] = { "CS0", "CS4", "CS6", NULL };

	return judge_choice(value, choices);
}

static char *judge_resolve_mode(const char *value)
{
	static char *const choices[] = { "backup", "prefer", "exclusive", NULL };

	return judge_choice(value, choices);
}

static char *judge_boolean(const char *value)
{
	return text_boolean(value) >= 0 ? NULL : text_format("'%s' is neither 1 nor 0", value);
}

/* What a word does with cards. ADDRESS: it gives one an address. MAKES: it makes the card
 * in its first field out of those in its second. TAKES: and these then have no address. */
enum use { NO_CARD, ADDRESS, MAKES, TAKES };

/* @judge sees what the kinds of the fields do not say. A word in which a colon does not
 * separate fields is judged as a whole. */
// clang-format off: a row a line
static const struct word {
	const char *name;
	enum use use;
	enum field_kind kinds[5];
	char *(*judge)(char *const *fields);
	char *(*judge_whole)(const char *value);
} words[] = {
	{ "ip", ADDRESS, { FIELD_END }, network_ip_judge, NULL },
	{ "vlan", MAKES, { FIELD_CARD, FIELD_CARD }, judge_vlan, NULL },
	{ "bond", TAKES, { FIELD_CARD, FIELD_ANY, FIELD_ANY, FIELD_MTU }, network_bond_judge, NULL },
	{ "bridge", TAKES, { FIELD_END }, NULL, NULL },
	{ "team", TAKES, { FIELD_END }, NULL, NULL },
	{ "nameserver", NO_CARD, { FIELD_END }, NULL, judge_nameserver },
	{ "rd.net.dns", NO_CARD, { FIELD_END }, NULL, judge_dns },
	{ "rd.net.dhcp.retry", NO_CARD, { FIELD_END }, NULL, judge_number },
	{ "rd.net.timeout.dhcp", NO_CARD, { FIELD_END }, NULL, judge_number },
	{ "rd.net.timeout.carrier", NO_CARD, { FIELD_END }, NULL, judge_number },
	{ "rd.net.dhcp.dscp", NO_CARD, { FIELD_END }, NULL, judge_dscp },
	{ "rd.net.dhcp.vendor-class", NO_CARD, { FIELD_END }, NULL, NULL },
	{ "rd.net.dns-backend", NO_CARD, { FIELD_END }, NULL, NULL },
	{ "rd.net.dns-resolve-mode", NO_CARD, { FIELD_END }, NULL, judge_resolve_mode },
	{ "rd.peerdns", NO_CARD, { FIELD_END }, NULL, judge_boolean },
	{ "rd.bootif", NO_CARD, { FIELD_END }, NULL, judge_boolean },
	{ "BOOTIF", NO_CARD, { FIELD_END }, NULL, NULL },
	{ "ifname", NO_CARD, { FIELD_CARD }, judge_ifname, NULL },
	{ "rd.route", NO_CARD, { FIELD_ANY, FIELD_GATEWAY, FIELD_CARD }, judge_route, NULL },
	{ "rd.ethtool", NO_CARD, { FIELD_CARD_OR_HARDWARE, FIELD_SWITCH, FIELD_SPEED }, judge_ethtool, NULL },
};
// clang-format on

/* NULL for another word, and for one without a value, which has no effect. */
static const struct word *find_word(const char *name, const char *value)
{
	for (size_t i = 0; value && *value && i < COUNT(words); i++)
		if (!strcmp(words[i].name, name))
			return &words[i];
	return NULL;
}

bool network_words_knows(const char *name)
{
	return find_word(name, "any") != NULL;
}

bool network_words_resembles(const char *name)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t length = look_alike_length(name, words[i].name);
		AUTO_FREE char *rest = look_alike_plain(name + length);

		if (length && (!*rest || *rest == '='))
			return true;
	}
	return false;
}

/* The sentence quotes it: nothing in it may control the terminal. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

char *network_words_judge(const char *name, const char *value)
{
	const struct word *word = find_word(name, value);
	AUTO_LIST char **fields = word ? network_fields(value, ':') : NULL;

	if (!word || (!word->judge && !word->judge_whole))
		return NULL;
	if (!is_plain(value))
		return text_format("it holds a character that no address or name can have");
	if (word->judge_whole)
		return word->judge_whole(value);
	return network_fields_judge(word->kinds, fields) ?: word->judge(fields);
}

/* The cards that a word uses; an item may be "". The caller frees. */
static char **cards_of(const struct word *word, char *const *fields)
{
	const char *cards = word->use == ADDRESS ? network_ip_card(fields) :
			    word->use == NO_CARD ? "" :
						   network_field(fields, 1);

	return network_fields(cards, ',');
}

/* The name of the bond, bridge or team that @card is a part of (the caller frees), or NULL. */
static char *controller_of(const struct cmdline *cmdline, const char *card)
{
	for (size_t i = 0; i < cmdline->count; i++) {
		const struct cmdline_word *given = &cmdline->word[i];
		const struct word *word = find_word(given->name, given->value);

		if (!given->line && word && word->use == TAKES) {
			AUTO_LIST char **fields = network_fields(given->value, ':');
			AUTO_LIST char **cards = cards_of(word, fields);

			if (list_contains(cards, card))
				return text_copy(fields[0]);
		}
	}
	return NULL;
}

/* The address of the card that the machine was booted from, which a boot loader writes: 01
 * for Ethernet, and six bytes. p2v-early has the same rule. */
static bool is_boot_card(const char *text)
{
	static const char type[] = "01";
	bool typed = strlen(text) == strlen(type) + 1 + HARDWARE_ADDRESS_LENGTH;
	const char *address = text + (typed ? strlen(type) + 1 : 0);
	char separator = strchr(text, ':') ? ':' : '-';

	return (!typed || (text_begins(text, type) && text[strlen(type)] == separator)) &&
	       hardware_address_is_valid(address, separator) && !(strtoul(address, NULL, 16) & 1) &&
	       address[strspn(address, "0:-")];
}

/* What p2v-early leaves out or NetworkManager does not know, and a name that may be taken. */
static char *warn_of(const struct cmdline_word *word, const struct word *known, char *const *fields)
{
	if (!known && !word->line && text_begins(word->name, "rd.net."))
		return text_format("has no effect: NetworkManager knows no such word");
	if (known && !strcmp(word->name, "BOOTIF") && !is_boot_card(word->value))
		return text_format("has no effect: it is no Ethernet card's address, as 01-52-54-00-12-34-56 is one, and all cards are taken that no other word excludes");
	if (known && !strcmp(word->name, "ifname") && text_begins(fields[0], "eth"))
		return text_format("may have no effect: the kernel may have given '%s' to another card: give a name that does not begin with eth, as 'net0'",
				   fields[0]);
	if (known && !strcmp(word->name, "bond"))
		return network_bond_warning(fields);
	return NULL;
}

/* Two ifname= may not agree; the caller frees. */
static char *warn_of_other_name(const struct cmdline *cmdline, const struct cmdline_word *word,
				char *const *fields)
{
	AUTO_FREE char *hardware = list_join(fields + 1, ":");

	for (size_t i = 0; i < cmdline->count; i++) {
		const struct cmdline_word *given = &cmdline->word[i];
		bool is_name = !given->line && given->value && !strcmp(given->name, word->name);
		AUTO_LIST char **others = is_name ? network_fields(given->value, ':') : NULL;
		AUTO_FREE char *other = others ? list_join(others + 1, ":") : NULL;
		bool is_same = others && !strcmp(others[0], fields[0]);

		if (other && is_same != !strcasecmp(other, hardware))
			return text_format("may have no effect: '%s=%s' gives %s", given->name,
					   given->value,
					   is_same ? "another card the same name" :
						     "the same card another name");
	}
	return NULL;
}

char *network_words_warning(const struct cmdline *cmdline, const struct cmdline_word *word)
{
	const struct word *known = word->line ? NULL : find_word(word->name, word->value);
	AUTO_LIST char **fields = known ? network_fields(word->value, ':') : NULL;
	const char *card = known && known->use == ADDRESS ? network_ip_card(fields) : "";
	AUTO_FREE char *controller = *card ? controller_of(cmdline, card) : NULL;

	if (known && !strcmp(word->name, "ifname"))
		return warn_of_other_name(cmdline, word, fields) ?: warn_of(word, known, fields);
	if (!controller || !network_ip_sets_up(fields))
		return warn_of(word, known, fields);
	return text_format("has no effect: '%s' is a part of '%s' and has no address of its own: give ip= for '%s'",
			   card, controller, controller);
}

static void note(char ***cards, const char *name)
{
	if (network_is_card(name) && !list_contains(*cards, name))
		list_append(cards, text_copy(name));
}

char **network_words_cards(const struct cmdline *cmdline)
{
	AUTO_LIST char **used = NULL;
	AUTO_LIST char **made = NULL;
	char **cards = NULL;

	for (size_t i = 0; i < cmdline->count; i++) {
		const struct cmdline_word *given = &cmdline->word[i];
		const struct word *word = find_word(given->name, given->value);
		AUTO_LIST char **fields = word ? network_fields(given->value, ':') : NULL;
		AUTO_LIST char **named = word ? cards_of(word, fields) : NULL;

		if (word && word->use >= MAKES)
			note(&made, fields[0]);
		for (char **card = named; card && *card; card++)
			note(&used, *card);
	}
	for (char **name = used; name && *name; name++)
		if (!list_contains(made, *name) && !hardware_address_is_valid(*name, '-'))
			note(&cards, *name);
	return cards;
}
