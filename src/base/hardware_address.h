/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hardware (MAC) address of a network card, as text. */
#ifndef P2VD_HARDWARE_ADDRESS_H
#define P2VD_HARDWARE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#define HARDWARE_ADDRESS_LENGTH 17 /* of "52:54:00:12:34:56" */

/*
 * The length of the address that @text begins with, 0 if there is none. An address is six
 * bytes of one or two hexadecimal digits, with @separator between them ("52:54:0:12:34:56").
 */
size_t hardware_address_prefix(const char *text, char separator);

/* Whether all of @text is an address, with two digits for each byte. */
bool hardware_address_is_valid(const char *text, char separator);

/*
 * Reads the address of a card in any spelling: 12 hexadecimal digits, with colons, dashes, dots or
 * nothing between them. @address gets it in small letters with @separator. False if it is none, or
 * a group's, or zero.
 */
bool hardware_address_read(const char *text, char separator,
			   char address[static HARDWARE_ADDRESS_LENGTH + 1]);

#endif
