// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the network's words: fields, and what they hold. */
#include "cmdline/network_fields.h"

#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/host.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HOST_NAME_LENGTH 64

char **network_fields(const char *value, char separator)
{
	char **fields = NULL;

	for (bool more = true; more; value++) {
		char *field = memory_zero(strlen(value) + 1, 1), *to = field;
		const char *close = NULL; /* where the bracket that is open ends */

		for (; *value && (*value != separator || close); value++)
			if (*value == '[' && !close && strchr(value, ']'))
				close = strchr(value, ']');
			else if (value == close)
				close = NULL;
			else
				*to++ = *value;
		list_append(&fields, field);
		more = *value;
	}
	return fields;
}

const char *network_field(char *const *fields, size_t index)
{
	return index < list_length(fields) ? fields[index] : "";
}

int network_family(const char *text)
{
	struct in6_addr address;

	if (inet_pton(AF_INET, text, &address) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, text, &address) == 1 ? AF_INET6 : AF_UNSPEC;
}

bool network_is_number(const char *text, unsigned long least, unsigned long most)
{
	return *text && strlen(text) < 12 && strspn(text, "0123456789") == strlen(text) &&
	       strtoul(text, NULL, 10) >= least && strtoul(text, NULL, 10) <= most;
}

bool network_is_card(const char *text)
{
	return *text && strlen(text) < IFNAMSIZ && !strpbrk(text, "/ \t\n");
}

static bool is_card_or_hardware(const char *text)
{
	return hardware_address_is_valid(text, '-') || network_is_card(text);
}

/* A word of NetworkManager's, or an address that is neither a group's nor all zero: no card can
 * have those. */
static bool is_new_hardware(const char *text)
{
	static char *const words[] = { "permanent", "preserve", "random", "stable", NULL };
	char separator = strchr(text, '-') ? '-' : ':';
	size_t length = hardware_address_prefix(text, separator);

	return list_contains(words, text) ||
	       (length && !text[length] && !(strtoul(text, NULL, 16) & 1) &&
		text[strspn(text, "0:-")]);
}

static bool is_address(const char *text)
{
	return network_family(text) != AF_UNSPEC;
}

/* Whether no machine in a network has that address, which is one. NetworkManager takes the
 * gateways 0.0.0.0 and :: for none, and boot ROMs mean that. */
static bool is_nobodys(enum field_kind kind, const char *text)
{
	enum host_address address = host_address(text);

	if (kind != FIELD_ADDRESS && kind != FIELD_GATEWAY && kind != FIELD_SERVER)
		return false;
	return address == HOST_NOBODY || address == HOST_LOOPBACK ||
	       (address == HOST_UNSPECIFIED && kind != FIELD_GATEWAY);
}

/* NetworkManager ignores a name with an underscore. That does no harm, and Windows
 * machines have such names. */
static bool is_host(const char *text)
{
	AUTO_FREE char *wrong = *text ? host_name_judge(text) : NULL;
	size_t length = strlen(text);

	return length && length <= HOST_NAME_LENGTH && !wrong && text[length - 1] != '.';
}

static bool is_switch(const char *text)
{
	return text_boolean(text) >= 0;
}

#define NO_CARD " cannot be a network card's name: it has 1 to 15 letters, as 'eno1' or 'enp3s0'"
#define NO_ADDRESS " is no address: give one as 192.0.2.7 or [2001:db8::7]"

// clang-format off: a row reads as a sentence, with the quoted field inside
static const struct {
	bool (*is)(const char *text);
	unsigned long least, most; /* of a number, if there is no @is */
	const char *before, *after;
} kinds[] = {
	[FIELD_CARD] = { network_is_card, 0, 0, "", NO_CARD },
	[FIELD_CARD_OR_HARDWARE] = { is_card_or_hardware, 0, 0, "", NO_CARD },
	[FIELD_NEW_HARDWARE] = { is_new_hardware, 0, 0, "",
		" is no hardware address that a card could have: give one as 52:54:00:12:34:56" },
	[FIELD_ADDRESS] = { is_address, 0, 0, "the machine's address ", NO_ADDRESS },
	[FIELD_PEER] = { is_address, 0, 0, "",
		" stands behind the address, where only the address of a peer may stand: the gateway comes after two colons" },
	[FIELD_GATEWAY] = { is_address, 0, 0, "the gateway ", NO_ADDRESS },
	[FIELD_DESTINATION] = { is_address, 0, 0, "the network ", NO_ADDRESS },
	[FIELD_SERVER] = { is_address, 0, 0, "the name server ", NO_ADDRESS },
	[FIELD_HOST] = { is_host, 0, 0, "",
		" is no host name: give letters, digits, dots and dashes, as web1 or web1.example.com" },
	[FIELD_SWITCH] = { is_switch, 0, 0, "",
		" does not say whether the card is to negotiate: give on or off" },
	[FIELD_MTU] = { NULL, 68, 65535, "", " is no MTU: give 68 to 65535, as 1500 or 9000" },
	[FIELD_SPEED] = { NULL, 1, UINT32_MAX, "", " is no speed: give Mb/s, as 100 or 1000" },
};
// clang-format on

char *network_field_judge(enum field_kind kind, const char *text)
{
	bool good = kinds[kind].is ? kinds[kind].is(text) :
				     network_is_number(text, kinds[kind].least, kinds[kind].most);

	if (good && is_nobodys(kind, text))
		return text_format("%s'%s' is an address that no machine in a network has: give another, as 192.0.2.7 or [2001:db8::7]",
				   kinds[kind].before, text);
	if (good)
		return NULL;
	return text_format("%s'%s'%s", kinds[kind].before, text, kinds[kind].after);
}

char *network_fields_judge(const enum field_kind *kind, char *const *fields)
{
	char *reason = NULL;

	for (size_t i = 0; kind[i] != FIELD_END && !reason; i++)
		if (kind[i] != FIELD_ANY && (i == 0 || *network_field(fields, i)))
			reason = network_field_judge(kind[i], network_field(fields, i));
	return reason;
}
