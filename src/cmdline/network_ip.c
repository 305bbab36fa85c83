// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ip= has three forms: METHOD; CARD:METHOD; and the long one,
 * ADDRESS[/LENGTH]:PEER:GATEWAY:MASK:HOST:CARD:METHOD. Behind the last two there may
 * be [MTU]:HARDWARE-ADDRESS, or one or two name servers.
 *
 * What NetworkManager's generator makes of each was tried with version 1.52.
 */
#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/network_fields.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define IPV6_MTU_LEAST 1280

/* The fields of the long form, and of the form that begins with a card. */
enum { IP_ADDRESS, IP_PEER, IP_GATEWAY, IP_MASK, IP_HOST, IP_CARD, IP_METHOD, IP_REST };
enum { CARD_CARD, CARD_METHOD, CARD_REST };

/* What a card does besides using the address that it is given. */
enum { NONE = 1, DHCP = 2, IPV6 = 4, LINK = 8, AUTOMATIC = 16, FIRMWARE = 32 };

/* Those with @instead are dracut's, and unknown to NetworkManager. It reads them as
 * "auto", but CARD:METHOD with such a method as an address and a peer. */
static const struct method {
	const char *name;
	unsigned does;
	const char *instead;
} methods[] = {
	{ "dhcp", DHCP, NULL },
	{ "single-dhcp", DHCP, NULL },
	{ "dhcp6", IPV6, NULL },
	{ "auto6", IPV6, NULL },
	{ "link6", LINK, NULL },
	{ "on", AUTOMATIC, NULL },
	{ "any", AUTOMATIC, NULL },
	{ "auto", AUTOMATIC, NULL },
	{ "none", NONE, NULL },
	{ "off", NONE, NULL },
	{ "ibft", FIRMWARE, NULL },
	{ "fw", FIRMWARE, NULL },
	{ "dhcp4", AUTOMATIC, "dhcp" },
	{ "both", AUTOMATIC, "on" },
	{ "either6", AUTOMATIC, "auto6" },
	{ "static", AUTOMATIC, "none" },
};

static const struct method *find_method(const char *name)
{
	for (size_t i = 0; i < COUNT(methods); i++)
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

static char *judge_static(const char *method, const char *card)
{
	if (strcmp(method, "static") != 0)
		return NULL;
	return text_format("'static' needs an address: give ip=ADDRESS::GATEWAY:MASK::%s:none",
			   *card ? card : "CARD");
}

/* One or more methods, separated by commas; @does gets a bit for each. @card is NULL
 * but in the form CARD:METHOD. */
static char *read_methods(const char *text, const char *card, unsigned *does)
{
	AUTO_LIST char **names = network_fields(text, ',');

	*does = 0;
	for (char **name = names; *name; name++) {
		const struct method *method = find_method(*name);

		if (!method)
			return text_format("'%s' is no way to configure a card: give dhcp, auto6, none (with an address) or another of dracut.cmdline(7)",
					   text);
		if (card && method->instead)
			return judge_static(*name, card) ?:
				       text_format("NetworkManager knows no '%s' behind a card: give ip=%s:%s",
						   *name, card, method->instead);
		*does |= method->does;
	}
	if (*does & (*does - 1) && *does != (DHCP | IPV6) && *does != (AUTOMATIC | IPV6))
		return text_format("'%s' do not go together: give dhcp,auto6 for IPv4 and IPv6",
				   text);
	return NULL;
}

/* 24, or for IPv4 255.255.255.0. */
static bool is_mask(const char *text, int family)
{
	struct in_addr mask;
	uint32_t hosts;

	if (network_is_number(text, 1, family == AF_INET6 ? 128 : 32))
		return true;
	if (family != AF_INET || inet_pton(AF_INET, text, &mask) != 1)
		return false;
	hosts = ~ntohl(mask.s_addr);
	return !(hosts & (hosts + 1)) && hosts != UINT32_MAX;
}

static char *judge_mask(const char *mask, const char *address, int family)
{
	if (is_mask(mask, family))
		return NULL;
	return text_format("'%s' is no network mask of '%s': give %s", mask, address,
			   family == AF_INET6 ? "1 to 128" : "1 to 32, or one as 255.255.255.0");
}

/* An IPv6 address without a length gets 64 from NetworkManager. */
static char *judge_addresses(char *const *fields, const char *address, int family)
{
	const char *slash = strchr(network_field(fields, IP_ADDRESS), '/');
	const char *gateway = network_field(fields, IP_GATEWAY);
	const char *mask = network_field(fields, IP_MASK);
	char *reason = NULL;

	if (*gateway && !*address)
		return text_format("gateway '%s' has no address before it, and NetworkManager would ignore the whole word: give ip=ADDRESS::%s:MASK",
				   gateway, gateway);
	if (!*address)
		return NULL;
	if (*gateway && network_family(gateway) != family)
		return text_format("address '%s' and gateway '%s' are not of one kind: one is IPv4, the other IPv6",
				   address, gateway);
	if (!strcmp(address, gateway))
		return text_format("gateway '%s' is the machine's own address: give that of a router, or nothing between the two colons",
				   gateway);
	if (family == AF_INET && !slash && !*mask)
		return text_format("address '%s' has no network mask: give it behind the gateway, as 24 or 255.255.255.0",
				   address);
	reason = slash ? judge_mask(slash + 1, address, family) : NULL;
	return reason || !*mask ? reason : judge_mask(mask, address, family);
}

/* NetworkManager ignores the whole word if the card has IPv4 or IPv6 off and a name
 * server is of that kind. */
static char *judge_server(const char *server, int family, unsigned does)
{
	int kind = network_family(server);

	if (kind == AF_UNSPEC || kind == family || does & (DHCP | AUTOMATIC | FIRMWARE) ||
	    (does & IPV6 && kind == AF_INET6))
		return network_field_judge(FIELD_SERVER, server);
	return text_format("name server '%s' is %s, which is off here: give it as nameserver=%s, or configure the card in another way",
			   server, kind == AF_INET ? "IPv4" : "IPv6", server);
}

static char *judge_servers(char *const *rest, int family, unsigned does)
{
	const char *second = network_field(rest, 1), *third = network_field(rest, 2);
	char *reason = judge_server(rest[0], family, does) ?:
			       (*second ? judge_server(second, family, does) : NULL);

	if (reason || !*third)
		return reason;
	return text_format("'%s' stands behind two name servers, where it is ignored: give more as nameserver=ADDRESS",
			   third);
}

/* The fields from @index on; @family is the address's, @does the method's. */
static char *judge_rest(char *const *fields, size_t index, int family, unsigned does)
{
	char *const *rest = fields + index;
	AUTO_FREE char *hardware = NULL;
	char *reason = NULL;

	if (list_length(fields) <= index)
		return NULL;
	if (network_family(*rest) != AF_UNSPEC)
		return judge_servers(rest, family, does);
	hardware = list_join(rest + 1, ":");
	reason = **rest ? network_field_judge(FIELD_MTU, *rest) : NULL;
	if (!reason && **rest && family == AF_INET6 && strtoul(*rest, NULL, 10) < IPV6_MTU_LEAST)
		return text_format("MTU '%s' is too small for IPv6: give %d or more", *rest,
				   IPV6_MTU_LEAST);
	return reason || !*hardware ? reason : network_field_judge(FIELD_NEW_HARDWARE, hardware);
}

static char *judge_alone(const char *text)
{
	AUTO_FREE char *address = text_copy_length(text, strcspn(text, "/"));
	int family = network_family(address);
	unsigned does;

	if (family != AF_UNSPEC)
		return text_format("address '%s' stands alone, which has no effect: give ip=%s%s%s::GATEWAY:MASK::CARD:none",
				   address, family == AF_INET6 ? "[" : "", address,
				   family == AF_INET6 ? "]" : "");
	return judge_static(text, "") ?: read_methods(text, NULL, &does);
}

static char *judge_short(char *const *fields)
{
	const char *card = network_field(fields, CARD_CARD);
	unsigned does = 0;

	return network_field_judge(FIELD_CARD_OR_HARDWARE, card)                     ?:
		       read_methods(network_field(fields, CARD_METHOD), card, &does) ?:
		       judge_rest(fields, CARD_REST, AF_UNSPEC, does);
}

static char *judge_long(char *const *fields)
{
	static const enum field_kind kinds[] = {
		[IP_ADDRESS] = FIELD_ANY,     [IP_PEER] = FIELD_PEER,
		[IP_GATEWAY] = FIELD_GATEWAY, [IP_MASK] = FIELD_ANY,
		[IP_HOST] = FIELD_HOST,       [IP_CARD] = FIELD_CARD_OR_HARDWARE,
		[IP_METHOD] = FIELD_END,
	};
	const char *given = network_field(fields, IP_ADDRESS);
	const char *method = network_field(fields, IP_METHOD);
	AUTO_FREE char *address = text_copy_length(given, strcspn(given, "/"));
	int family = network_family(address);
	unsigned does = AUTOMATIC;

	return (*address ? network_field_judge(FIELD_ADDRESS, address) : NULL)                  ?:
		       network_fields_judge(kinds, fields)                                      ?:
		       judge_addresses(fields, address, family)                                 ?:
		       (*method ? read_methods(method, NULL, &does) : NULL)                     ?:
		       (*address ? NULL : judge_static(method, network_field(fields, IP_CARD))) ?:
		       judge_rest(fields, IP_REST, family, does);
}

static bool begins_with_card(char *const *fields)
{
	/* An address may begin with a letter, too (fd00::2), and have a /LENGTH. */
	const char *first = network_field(fields, CARD_CARD);
	AUTO_FREE char *address = text_copy_length(first, strcspn(first, "/"));

	return list_length(fields) > 1 && network_family(address) == AF_UNSPEC &&
	       (isalpha((unsigned char)*first) || hardware_address_is_valid(first, '-'));
}

char *network_ip_judge(char *const *fields)
{
	if (list_length(fields) == 1)
		return judge_alone(fields[0]);
	return begins_with_card(fields) ? judge_short(fields) : judge_long(fields);
}

const char *network_ip_card(char *const *fields)
{
	return network_field(fields, begins_with_card(fields) ? CARD_CARD : IP_CARD);
}

bool network_ip_sets_up(char *const *fields)
{
	bool is_short = begins_with_card(fields);
	const struct method *method = find_method(network_field(fields, is_short ? CARD_METHOD :
										   IP_METHOD));

	return !method || method->does != NONE || (!is_short && *network_field(fields, IP_ADDRESS));
}
