// SPDX-License-Identifier: GPL-2.0-or-later
/* An address on which the server listens. */
#include "server/listener.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define WORD 8 /* hexadecimal digits of 32 bits */

/* Returns the address's family, or AF_UNSPEC. */
static int read_address(const char *text, struct in6_addr *address)
{
	size_t length = strlen(text);

	if (text[strspn(text, "0123456789abcdefABCDEF")] || (length != WORD && length != 4 * WORD))
		return AF_UNSPEC;
	for (size_t i = 0; i < length / WORD; i++) {
		char digits[WORD + 1] = "";
		unsigned long word;

		memcpy(digits, text + i * WORD, WORD);
		word = strtoul(digits, NULL, 16);
		for (size_t byte = 0; byte < 4; byte++)
			address->s6_addr[4 * i + byte] = (uint8_t)(word >> (8 * byte));
	}
	return length == WORD ? AF_INET : AF_INET6;
}

bool listener_is_local(const char *text)
{
	struct in6_addr address;

	switch (read_address(text, &address)) {
	case AF_INET:
		return address.s6_addr[0] == 127;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&address) ||
		       (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
	default:
		return false;
	}
}

char *listener_text(const char *text)
{
	char numeric[INET6_ADDRSTRLEN];
	struct in6_addr address;
	int family = read_address(text, &address);

	if (family == AF_UNSPEC)
		return text_format("an unknown address '%.40s'", text);
	return text_copy(inet_ntop(family, &address, numeric, sizeof(numeric)));
}
