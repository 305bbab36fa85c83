// SPDX-License-Identifier: GPL-2.0-or-later
/* The hardware address of a network card. */
#include "base/hardware_address.h"

#include <ctype.h>
#include <string.h>

size_t hardware_address_prefix(const char *text, char separator)
{
	const char *at = text;

	for (int byte = 0; byte < 6; byte++) {
		if (byte && *at++ != separator)
			return 0;
		if (!isxdigit((unsigned char)*at))
			return 0;
		at += isxdigit((unsigned char)at[1]) ? 2 : 1;
	}
	return (size_t)(at - text);
}

bool hardware_address_is_valid(const char *text, char separator)
{
	return strlen(text) == HARDWARE_ADDRESS_LENGTH &&
	       hardware_address_prefix(text, separator) == HARDWARE_ADDRESS_LENGTH;
}
