// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the kernel command line that set the network up. */
#include "network_words.h"

#include "cleanup.h"
#include "text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define VLAN_MOST 4094

/* The colon-separated fields of ip=, in its long form. */
enum { IP_ADDRESS, IP_PEER, IP_GATEWAY, IP_MASK, IP_HOST, IP_CARD, IP_METHOD };

static const char *const methods[] = {
	"dhcp", "dhcp4", "dhcp6", "on", "any", "auto", "auto6", "both", "either6",
	"link6", "off", "none", "static", "ibft", "single-dhcp", NULL,
};

static const char *const bond_modes[] = {
	"balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb",
	"balance-alb", "0", "1", "2", "3", "4", "5", "6", NULL,
};

static bool is_among(const char *const *words, const char *text, size_t length)
{
	for (; *words; words++)
		if (strlen(*words) == length && !strncmp(*words, text, length))
			return true;
	return false;
}

/* Cut at each @separator that stands in no brackets; an address's brackets are
 * dropped. Never an empty list. */
static char **split(const char *text, char separator)
{
	char **fields = NULL;

	for (bool more = true; more;) {
		const char *close = *text == '[' ? strchr(text, ']') : NULL;
		const char *start = close ? text + 1 : text;
		const char *end = close ? close : text + strcspn(text, (char[]){ separator, 0 });

		list_append(&fields, text_copy_length(start, (size_t)(end - start)));
		text = close ? close + 1 : end;
		text += strcspn(text, (char[]){ separator, 0 });
		more = *text == separator;
		text += more;
	}
	return fields;
}

/* A field that need not be there: "" then. */
static const char *field(char *const *fields, size_t index)
{
	return index < list_length(fields) ? fields[index] : "";
}

/* AF_INET, AF_INET6, or AF_UNSPEC for what is no address. */
static int family_of(const char *text)
{
	struct in6_addr address;

	if (inet_pton(AF_INET, text, &address) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, text, &address) == 1 ? AF_INET6 : AF_UNSPEC;
}

static bool is_number(const char *text, unsigned long least, unsigned long most)
{
	return *text && strlen(text) < 9 && strspn(text, "0123456789") == strlen(text) &&
	       strtoul(text, NULL, 10) >= least && strtoul(text, NULL, 10) <= most;
}

/* 24, or for IPv4 255.255.255.0. */
static bool is_mask(const char *text, int family)
{
	struct in_addr mask;
	uint32_t hosts;

	if (is_number(text, 1, family == AF_INET6 ? 128 : 32))
		return true;
	if (family != AF_INET || inet_pton(AF_INET, text, &mask) != 1)
		return false;
	hosts = ~ntohl(mask.s_addr);
	return !(hosts & (hosts + 1)) && hosts != UINT32_MAX;
}

static bool is_card(const char *text)
{
	return *text && strlen(text) < IFNAMSIZ && !strpbrk(text, "/ \t\n");
}

/* With hyphens, for a colon ends a field. */
static bool is_hardware_address(const char *text)
{
	if (strlen(text) != 17)
		return false;
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

/* ip= begins with a card, or with an address (maybe with a /LENGTH): fd00::2 and
 * fe80::1 begin with a letter, too. */
static bool begins_with_card(const char *first)
{
	AUTO_FREE char *address = text_copy_length(first, strcspn(first, "/"));

	return family_of(address) == AF_UNSPEC &&
	       (isalpha((unsigned char)*first) || is_hardware_address(first));
}

/* One or more, separated by commas. */
static bool is_method(const char *text)
{
	for (;; text++) {
		size_t length = strcspn(text, ",");

		if (!is_among(methods, text, length))
			return false;
		text += length;
		if (!*text)
			return true;
	}
}

static char *judge_method(const char *text)
{
	if (is_method(text))
		return NULL;
	return text_format("'%s' is no way to configure a card: give dhcp, auto6, none (with an address) or another of dracut.cmdline(7)",
			   text);
}

static char *judge_card(const char *text)
{
	if (is_card(text))
		return NULL;
	return text_format("'%s' cannot be a network card's name: it has 1 to 15 letters, as 'eno1' or 'enp3s0'",
			   text);
}

static char *judge_address(const char *text, const char *what)
{
	if (family_of(text) != AF_UNSPEC)
		return NULL;
	return text_format("%s '%s' is no address: give one as 192.0.2.7 or [2001:db8::7]", what, text);
}

/* ip=ADDRESS[/LENGTH]:PEER:GATEWAY:MASK:HOST:CARD:METHOD */
static char *judge_ip_address(char *const *fields)
{
	const char *given = field(fields, IP_ADDRESS), *slash = strchr(given, '/');
	AUTO_FREE char *address = text_copy_length(given, strcspn(given, "/"));
	const char *gateway = field(fields, IP_GATEWAY);
	const char *mask = slash ? slash + 1 : field(fields, IP_MASK);
	int family = family_of(address);
	char *reason = *address ? judge_address(address, "the machine's address") : NULL;

	if (!reason && *gateway)
		reason = judge_address(gateway, "the gateway");
	if (reason)
		return reason;
	if (*address && *gateway && family_of(gateway) != family)
		return text_format("address '%s' and gateway '%s' are not of one kind: one is IPv4, the other IPv6",
				   address, gateway);
	if (family == AF_INET && !*mask)
		return text_format("address '%s' has no network mask: give it behind the gateway, as 24 or 255.255.255.0",
				   address);
	if (*address && *mask && !is_mask(mask, family))
		return text_format("'%s' is no network mask of '%s': give %s", mask, address,
				   family == AF_INET6 ? "1 to 128" : "1 to 32, or one as 255.255.255.0");
	return NULL;
}

static char *judge_ip(char *const *fields)
{
	const char *first = field(fields, 0), *card = field(fields, IP_CARD);
	char *reason;

	if (list_length(fields) == 1 && family_of(first) == AF_UNSPEC)
		return judge_method(first);
	if (begins_with_card(first)) {
		reason = is_hardware_address(first) ? NULL : judge_card(first);
		return reason ? reason : judge_method(field(fields, 1));
	}
	reason = judge_ip_address(fields);
	if (!reason && *card && !is_hardware_address(card))
		reason = judge_card(card);
	if (!reason && *field(fields, IP_METHOD))
		reason = judge_method(field(fields, IP_METHOD));
	return reason;
}

/* vlan=NAME:CARD; the number is what NAME ends with. */
static char *judge_vlan(char *const *fields)
{
	const char *name = field(fields, 0);
	const char *number = name + strlen(name);
	char *reason = judge_card(name);

	while (number > name && isdigit((unsigned char)number[-1]))
		number--;
	if (reason)
		return reason;
	if (!is_number(number, 1, VLAN_MOST))
		return text_format("'%s' does not end with a VLAN's number, 1 to %d: give one as 'vlan5' or 'eno1.5'",
				   name, VLAN_MOST);
	if (!*field(fields, 1))
		return text_format("'%s' has no card beneath it: give vlan=%s:CARD", name, name);
	return judge_card(field(fields, 1));
}

static char *judge_cards(const char *names)
{
	AUTO_LIST char **cards = split(names, ',');
	char *reason = NULL;

	for (char **card = cards; *card && !reason; card++)
		reason = judge_card(*card);
	return reason;
}

static char *judge_bond_option(const char *option)
{
	const char *mode = strncmp(option, "mode=", 5) ? NULL : option + 5;

	if (!strchr(option, '='))
		return text_format("bond option '%s' has no value: give one as mode=802.3ad", option);
	if (mode && !is_among(bond_modes, mode, strlen(mode)))
		return text_format("'%s' is no mode of a bond: give active-backup, 802.3ad, balance-rr, balance-xor, broadcast, balance-tlb or balance-alb",
				   mode);
	return NULL;
}

/* bond=NAME:CARD,CARD:OPTION=VALUE,…:MTU */
static char *judge_bond(char *const *fields)
{
	AUTO_LIST char **options = split(field(fields, 2), ',');
	char *reason = judge_card(field(fields, 0));

	if (!reason && !*field(fields, 1))
		reason = text_format("bond '%s' has no cards: give bond=%s:CARD,CARD:mode=active-backup",
				     field(fields, 0), field(fields, 0));
	if (!reason)
		reason = judge_cards(field(fields, 1));
	for (char **option = options; *option && !reason; option++)
		reason = **option ? judge_bond_option(*option) : NULL;
	return reason;
}

static char *judge_nameserver(char *const *fields)
{
	/* An IPv6 address without brackets falls into fields of its own. */
	AUTO_FREE char *whole = NULL;

	for (; *fields; fields++) {
		char *joined = whole ? text_format("%s:%s", whole, *fields) : text_copy(*fields);

		free(whole);
		whole = joined;
	}
	return judge_address(whole, "the name server");
}

/* rd.route=NETWORK/LENGTH:GATEWAY:CARD */
static char *judge_route(char *const *fields)
{
	const char *given = field(fields, 0), *slash = strchr(given, '/');
	AUTO_FREE char *network = text_copy_length(given, strcspn(given, "/"));
	char *reason = judge_address(network, "the network");

	if (!reason && slash && !is_number(slash + 1, 0, family_of(network) == AF_INET ? 32 : 128))
		reason = text_format("'%s' is no length of a network of '%s'", slash + 1, network);
	if (!reason && *field(fields, 1))
		reason = judge_address(field(fields, 1), "the gateway");
	if (!reason && *field(fields, 2))
		reason = judge_card(field(fields, 2));
	return reason;
}

static const struct {
	const char *name;
	char *(*judge)(char *const *fields);
} words[] = {
	{ "ip", judge_ip },
	{ "vlan", judge_vlan },
	{ "bond", judge_bond },
	{ "nameserver", judge_nameserver },
	{ "rd.route", judge_route },
};

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
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i].name, name)) {
			AUTO_LIST char **fields = split(value, ':');

			if (!is_plain(value))
				return text_format("there is a character in it that is in no address or name");
			return words[i].judge(fields);
		}
	return NULL;
}

/* ---- which cards they name --------------------------------------------- */

static void note(char ***cards, const char *name)
{
	if (is_card(name) && !list_contains(*cards, name))
		list_append(cards, text_copy(name));
}

/* What one word uses goes to @used, what it makes to @made. */
static void read_word(const struct cmdline_word *word, char ***used, char ***made)
{
	AUTO_LIST char **fields = split(word->value, ':');
	AUTO_LIST char **ports = split(field(fields, 1), ',');

	if (!strcmp(word->name, "ip")) {
		const char *first = field(fields, 0);

		if (list_length(fields) > 1 && begins_with_card(first))
			note(used, first);
		else
			note(used, field(fields, IP_CARD));
	} else if (!strcmp(word->name, "vlan")) {
		note(made, field(fields, 0));
		note(used, field(fields, 1));
	} else if (!strcmp(word->name, "bond") || !strcmp(word->name, "bridge") ||
		   !strcmp(word->name, "team")) {
		note(made, field(fields, 0));
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
		if (!list_contains(made, *name) && !is_hardware_address(*name))
			note(&cards, *name);
	return cards;
}
