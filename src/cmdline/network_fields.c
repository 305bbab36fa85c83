// SPDX-License-Identifier: GPL-2.0-or-later
/* What the network's words are made of: fields, and what stands in them. */
#include "cmdline/network_fields.h"

#include "base/list.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* Up to @separator or the end. */
static const char *end_of_field(const char *text, char separator)
{
	for (; *text && *text != separator; text++) {
		const char *close = *text == '[' ? strchr(text, ']') : NULL;

		text = close ? close : text;
	}
	return text;
}

static void drop_brackets(char *text)
{
	char *to = text;

	for (bool inside = false; *text; text++)
		if (*text == '[' && !inside && strchr(text, ']'))
			inside = true;
		else if (*text == ']' && inside)
			inside = false;
		else
			*to++ = *text;
	*to = '\0';
}

char **network_fields(const char *value, char separator)
{
	char **fields = NULL;

	for (bool more = true; more;) {
		const char *end = end_of_field(value, separator);
		char *field = text_copy_length(value, (size_t)(end - value));

		drop_brackets(field);
		list_append(&fields, field);
		more = *end;
		value = end + more;
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

char *network_judge_card(const char *text)
{
	if (network_is_card(text))
		return NULL;
	return text_format("'%s' cannot be a network card's name: it has 1 to 15 letters, as 'eno1' or 'enp3s0'",
			   text);
}

char *network_judge_address(const char *text, const char *what)
{
	if (network_family(text) != AF_UNSPEC)
		return NULL;
	return text_format("%s '%s' is no address: give one as 192.0.2.7 or [2001:db8::7]", what,
			   text);
}

char *network_judge_mtu(const char *text)
{
	if (network_is_number(text, ETH_MIN_MTU, ETH_MAX_MTU))
		return NULL;
	return text_format("'%s' is no MTU: give %d to %d, as 1500 or 9000", text, ETH_MIN_MTU,
			   ETH_MAX_MTU);
}
