// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts as users write them. */
#include "base/host.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

/* The bounds of RFC 1035, without the dot at the end. */
#define NAME_MAX_DNS 253
#define LABEL_MAX 63

static enum host_address judge_ipv4(uint32_t address)
{
	if (address == INADDR_ANY)
		return HOST_UNSPECIFIED;
	if (!(address >> 24) || IN_MULTICAST(address) || address == INADDR_BROADCAST)
		return HOST_NOBODY;
	return address >> 24 == IN_LOOPBACKNET ? HOST_LOOPBACK : HOST_MACHINE;
}

enum host_address host_address(const char *text)
{
	struct in6_addr address;
	struct in_addr ipv4;

	if (inet_pton(AF_INET, text, &ipv4) == 1)
		return judge_ipv4(ntohl(ipv4.s_addr));
	if (inet_pton(AF_INET6, text, &address) != 1)
		return HOST_NO_ADDRESS;
	if (IN6_IS_ADDR_V4MAPPED(&address))
		return judge_ipv4(ntohl(address.s6_addr32[3]));
	if (IN6_IS_ADDR_UNSPECIFIED(&address))
		return HOST_UNSPECIFIED;
	if (IN6_IS_ADDR_MULTICAST(&address))
		return HOST_NOBODY;
	if (IN6_IS_ADDR_LOOPBACK(&address))
		return HOST_LOOPBACK;
	return IN6_IS_ADDR_LINKLOCAL(&address) ? HOST_LINK_LOCAL : HOST_MACHINE;
}

char *host_name_judge(const char *text)
{
	if (!text_is_alphanumeric(text, "._-"))
		return text_format("holds something else than letters without accents, digits, dots and dashes (a name with others has a form that begins with xn--)");
	if (strlen(text) > NAME_MAX_DNS + (text[strlen(text) - 1] == '.'))
		return text_format("is longer than %d characters", NAME_MAX_DNS);
	for (const char *label = text; *label;) {
		size_t length = strcspn(label, ".");

		if (!length)
			return text_format("has no letter or digit before a dot");
		if (length > LABEL_MAX)
			return text_format("has more than %d characters without a dot", LABEL_MAX);
		if (*label == '-' || label[length - 1] == '-')
			return text_format("has a part that begins or ends with a dash");
		label += length + (label[length] == '.');
	}
	return NULL;
}
