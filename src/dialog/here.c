// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts that there are at this terminal. */
#include "dialog/here.h"

#include "base/text.h"
#include "dialog/address.h"

unsigned here_parts(const struct dialog *dialog)
{
	return dialog->keyboard ? PARTS : PART_KEYBOARD;
}

struct part_state here_state(const struct dialog *dialog, enum part part)
{
	const char *trouble = part == PART_KEYBOARD ? keyboard_trouble(dialog->keyboard) : NULL;

	if (trouble)
		return (struct part_state){ .mood = PART_WRONG, .text = text_copy(trouble) };
	return part_state(part, dialog->mirror, address_exists());
}
