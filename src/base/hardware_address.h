/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hardware (MAC) address of a network card, as text. */
#ifndef P2VD_HARDWARE_ADDRESS_H
#define P2VD_HARDWARE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#define HARDWARE_ADDRESS_LENGTH 17 /* of "52:54:00:12:34:56" */

/*
 * How many bytes of @text are an address that it begins with: six bytes of one or two
 * hexadecimal digits, @separator between them ("52:54:0:12:34:56"). 0 for none.
 */
size_t hardware_address_prefix(const char *text, char separator);

/* Whether all of @text is an address, each byte with both digits. */
bool hardware_address_is_valid(const char *text, char separator);

#endif
