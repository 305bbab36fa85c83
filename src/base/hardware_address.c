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

bool hardware_address_read(const char *text, char separator,
			   char address[static HARDWARE_ADDRESS_LENGTH + 1])
{
	char digits[12] = { 0 };
	size_t count = 0;

	if (strlen(text) > HARDWARE_ADDRESS_LENGTH)
		return false;
	for (; *text; text++) {
		if (isxdigit((unsigned char)*text) && count < sizeof(digits))
			digits[count++] = (char)tolower((unsigned char)*text);
		else if (!strchr(":-.", *text) || !count)
			return false;
	}
	if (count != sizeof(digits) || !strchr("02468ace", digits[1]) ||
	    !memcmp(digits, "000000000000", sizeof(digits)))
		return false;
	for (size_t i = 0; i < sizeof(digits) / 2; i++) {
		address[3 * i] = digits[2 * i];
		address[3 * i + 1] = digits[2 * i + 1];
		address[3 * i + 2] = separator;
	}
	address[HARDWARE_ADDRESS_LENGTH] = '\0';
	return true;
}
