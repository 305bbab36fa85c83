// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ip=, in its three forms: METHOD; CARD:METHOD; and the long one, which is
 * ADDRESS[/LENGTH]:PEER:GATEWAY:MASK:HOST:CARD:METHOD. Behind the last two there
 * may be [MTU]:HARDWARE-ADDRESS, or one or two name servers.
 *
 * What NetworkManager's generator makes of each was tried out with version 1.52.
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

#define HOST_NAME_LENGTH 64
#define IPV6_MTU_LEAST 1280

enum { IP_ADDRESS, IP_PEER, IP_GATEWAY, IP_MASK, IP_HOST, IP_CARD, IP_METHOD, IP_REST };
enum { CARD_CARD, CARD_METHOD, CARD_REST };

/* What a card is to do besides the address that it is given. */
enum { NONE = 1, DHCP = 2, IPV6 = 4, LINK = 8, AUTOMATIC = 16, FIRMWARE = 32 };

/* Those with @instead are dracut's: NetworkManager does not know them. It takes
 * them for "auto", but behind a card it takes the card for an address. */
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

/* One or more, separated by commas: @does has a bit of each. */
static char *read_methods(const char *text, unsigned *does)
{
	AUTO_LIST char **names = network_fields(text, ',');

	*does = 0;
	for (char **name = names; *name; name++) {
		const struct method *method = find_method(*name);

		if (!method)
			return text_format("'%s' is no way to configure a card: give dhcp, auto6, none (with an address) or another of dracut.cmdline(7)",
					   text);
		*does |= method->does;
	}
	if (*does & (*does - 1) && *does != (DHCP | IPV6) && *does != (AUTOMATIC | IPV6))
		return text_format("'%s' do not go together: give dhcp,auto6 for IPv4 and IPv6",
				   text);
	return NULL;
}

static char *judge_card_method(const char *card, const char *text, unsigned *does)
{
	AUTO_LIST char **names = network_fields(text, ',');
	char *reason = read_methods(text, does);

	for (char **name = names; *name && !reason; name++) {
		const char *instead = find_method(*name)->instead;

		if (!strcmp(*name, "static"))
			reason =
				text_format("'static' needs an address before the card: give ip=ADDRESS::GATEWAY:MASK::%s:none",
					    card);
		else if (instead)
			reason =
				text_format("NetworkManager knows no '%s' behind a card: give ip=%s:%s",
					    *name, card, instead);
	}
	return reason;
}

bool network_ip_begins_with_card(char *const *fields)
{
	/* An address may have a /LENGTH, and begin with a letter, as fd00::2. */
	const char *first = network_field(fields, 0);
	AUTO_FREE char *address = text_copy_length(first, strcspn(first, "/"));

	return list_length(fields) > 1 && network_family(address) == AF_UNSPEC &&
	       (isalpha((unsigned char)*first) || hardware_address_is_valid(first, '-'));
}

const char *network_ip_card(char *const *fields)
{
	return network_field(fields, network_ip_begins_with_card(fields) ? CARD_CARD : IP_CARD);
}

bool network_ip_sets_up(char *const *fields)
{
	bool is_short = network_ip_begins_with_card(fields);
	const struct method *method = find_method(network_field(fields, is_short ? CARD_METHOD :
										   IP_METHOD));

	return !method || method->does != NONE || (!is_short && *network_field(fields, IP_ADDRESS));
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
	if (!*mask || is_mask(mask, family))
		return NULL;
	return text_format("'%s' is no network mask of '%s': give %s", mask, address,
			   family == AF_INET6 ? "1 to 128" : "1 to 32, or one as 255.255.255.0");
}

/* NetworkManager gives an IPv6 address without a length the usual one, 64. */
static char *judge_ip_address(char *const *fields, const char *address, int family)
{
	const char *slash = strchr(network_field(fields, IP_ADDRESS), '/');
	const char *gateway = network_field(fields, IP_GATEWAY);
	const char *mask = network_field(fields, IP_MASK);
	char *reason = *address ? network_judge_address(address, "the machine's address") : NULL;

	if (!reason && *gateway)
		reason = network_judge_address(gateway, "the gateway");
	if (reason)
		return reason;
	if (*gateway && !*address)
		return text_format("gateway '%s' has no address before it, and NetworkManager would drop the whole word: give ip=ADDRESS::%s:MASK",
				   gateway, gateway);
	if (*address && *gateway && network_family(gateway) != family)
		return text_format("address '%s' and gateway '%s' are not of one kind: one is IPv4, the other IPv6",
				   address, gateway);
	if (family == AF_INET && !slash && !*mask)
		return text_format("address '%s' has no network mask: give it behind the gateway, as 24 or 255.255.255.0",
				   address);
	if (*address && slash)
		reason = judge_mask(slash[1] ? slash + 1 : "/", address, family);
	return reason || !*address ? reason : judge_mask(mask, address, family);
}

/* What boot loaders write has their server's address there; the generator reads
 * it and does nothing with it. */
static char *judge_peer(const char *peer)
{
	if (!*peer || network_family(peer) != AF_UNSPEC)
		return NULL;
	return text_format("'%s' stands behind the address, where there is nothing or a peer's address: the gateway comes after two colons",
			   peer);
}

/* NetworkManager leaves out a name with an underscore, which hurts nobody: Windows
 * machines have such. */
static bool is_label(const char *text)
{
	size_t length = strlen(text);

	for (const char *at = text; *at; at++)
		if (*at & 0x80 || (!isalnum((unsigned char)*at) && *at != '-' && *at != '_'))
			return false;
	return length && *text != '-' && text[length - 1] != '-';
}

static char *judge_host(const char *name)
{
	AUTO_LIST char **labels = network_fields(name, '.');
	bool good = strlen(name) <= HOST_NAME_LENGTH;

	for (char **label = labels; *label; label++)
		good = good && is_label(*label);
	if (!*name || good)
		return NULL;
	return text_format("'%s' is no host name: give letters, digits, dots and dashes, as web1 or web1.example.com",
			   name);
}

/* One that a card can take on: not a group's. */
static bool is_card_address(const char *text, char separator)
{
	return *text && hardware_address_prefix(text, separator) == strlen(text) &&
	       !(strtoul(text, NULL, 16) & 1);
}

static char *judge_new_hardware_address(char *const *rest)
{
	AUTO_FREE char *text = list_join(rest, ":");

	/* These words are NetworkManager's. */
	if (!*text || is_card_address(text, ':') || is_card_address(text, '-') ||
	    !strcmp(text, "permanent") || !strcmp(text, "preserve") || !strcmp(text, "random") ||
	    !strcmp(text, "stable"))
		return NULL;
	return text_format("'%s' is no hardware address that a card could take on: give one as 52:54:00:12:34:56",
			   text);
}

/* NetworkManager drops the whole word when a name server's kind is off. */
static char *judge_server(const char *server, int family, unsigned does)
{
	int kind = network_family(server);
	char *reason = network_judge_address(server, "the name server");

	if (reason || kind == family || does & (DHCP | AUTOMATIC | FIRMWARE))
		return reason;
	if (does & IPV6 && kind == AF_INET6)
		return NULL;
	return text_format("name server '%s' is %s, which is off here: give one as nameserver=%s, or another way than that to configure the card",
			   server, kind == AF_INET ? "IPv4" : "IPv6", server);
}

/* What follows the method: @family is that of the address, @does the method's. */
static char *judge_rest(char *const *rest, int family, unsigned does)
{
	const char *first = network_field(rest, 0), *second = network_field(rest, 1);
	char *reason = NULL;

	if (network_family(first) != AF_UNSPEC) {
		reason = judge_server(first, family, does);
		if (!reason && *second)
			reason = judge_server(second, family, does);
		if (!reason && *network_field(rest, 2))
			reason =
				text_format("'%s' stands behind two name servers, where nothing is read: give more as nameserver=ADDRESS",
					    rest[2]);
		return reason;
	}
	if (*first)
		reason = network_judge_mtu(first);
	if (!reason && *first && family == AF_INET6 && strtoul(first, NULL, 10) < IPV6_MTU_LEAST)
		reason = text_format("MTU '%s' is too small for IPv6: give %d or more", first,
				     IPV6_MTU_LEAST);
	return reason || list_length(rest) < 2 ? reason : judge_new_hardware_address(rest + 1);
}

static char *judge_alone(const char *text)
{
	AUTO_FREE char *address = text_copy_length(text, strcspn(text, "/"));
	unsigned does;

	if (network_family(address) != AF_UNSPEC)
		return text_format("address '%s' stands alone, which sets nothing up: give ip=%s%s%s::GATEWAY:MASK::CARD:none",
				   address, strchr(address, ':') ? "[" : "", address,
				   strchr(address, ':') ? "]" : "");
	if (!strcmp(text, "static"))
		return text_format("'static' needs an address: give ip=ADDRESS::GATEWAY:MASK::CARD:none");
	return read_methods(text, &does);
}

static char *judge_long(char *const *fields)
{
	const char *given = network_field(fields, IP_ADDRESS),
		   *card = network_field(fields, IP_CARD);
	const char *method = network_field(fields, IP_METHOD);
	AUTO_FREE char *address = text_copy_length(given, strcspn(given, "/"));
	int family = network_family(address);
	char *reason = judge_ip_address(fields, address, family);
	unsigned does = AUTOMATIC;

	if (!reason)
		reason = judge_peer(network_field(fields, IP_PEER));
	if (!reason)
		reason = judge_host(network_field(fields, IP_HOST));
	if (!reason && *card && !hardware_address_is_valid(card, '-'))
		reason = network_judge_card(card);
	if (!reason && *method)
		reason = read_methods(method, &does);
	if (!reason && !*address && !strcmp(method, "static"))
		reason =
			text_format("'static' needs an address: give ip=ADDRESS::GATEWAY:MASK::%s:none",
				    *card ? card : "CARD");
	if (!reason && list_length(fields) > IP_REST)
		reason = judge_rest(fields + IP_REST, family, does);
	return reason;
}

char *network_ip_judge(char *const *fields)
{
	const char *first = network_field(fields, 0);
	unsigned does;
	char *reason;

	if (list_length(fields) == 1)
		return judge_alone(first);
	if (!network_ip_begins_with_card(fields))
		return judge_long(fields);
	reason = hardware_address_is_valid(first, '-') ? NULL : network_judge_card(first);
	if (!reason)
		reason = judge_card_method(first, network_field(fields, CARD_METHOD), &does);
	if (!reason && list_length(fields) > CARD_REST)
		reason = judge_rest(fields + CARD_REST, AF_UNSPEC, does);
	return reason;
}
