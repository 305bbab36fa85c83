// SPDX-License-Identifier: GPL-2.0-or-later
/* The forms: one screen after the other. */
#include "dialog/forms.h"

#include "base/memory.h"
#include "dialog/screens.h"

#include <newt.h>
#include <slang.h>
#include <string.h>

bool forms_fit(const char *type, unsigned columns, unsigned rows)
{
	if (!type || !*type || !strcmp(type, "dumb") || !strcmp(type, "unknown"))
		return false;
	if (columns < FORMS_COLUMNS || rows < FORMS_ROWS)
		return false;
	/* newt would end the process. */
	return SLtt_initialize((char *)type) == 0;
}

static enum screen machine_screen(struct dialog *dialog)
{
	return fields_screen(dialog, PART_MACHINE);
}

static enum screen output_screen(struct dialog *dialog)
{
	return fields_screen(dialog, PART_OUTPUT);
}

static enum screen transfer_screen(struct dialog *dialog)
{
	return fields_screen(dialog, PART_TRANSFER);
}

static enum screen more_screen(struct dialog *dialog)
{
	return fields_screen(dialog, PART_MORE);
}

/* Returns false if the terminal is too small. */
static bool begin(struct dialog *dialog)
{
	int columns = 0, rows = 0;

	newtInit();
	newtCls();
	newtGetScreenSize(&columns, &rows);
	dialog->resized = false;
	return columns >= FORMS_COLUMNS && rows >= FORMS_ROWS;
}

bool forms_run(struct dialog *dialog)
{
	static enum screen (*const screens[])(struct dialog *dialog) = {
		[SCREEN_HUB] = hub_screen,         [SCREEN_SERVER] = server_screen,
		[SCREEN_NETWORK] = network_screen, [SCREEN_MACHINE] = machine_screen,
		[SCREEN_DISKS] = disks_screen,     [SCREEN_CARDS] = cards_screen,
		[SCREEN_OUTPUT] = output_screen,   [SCREEN_TRANSFER] = transfer_screen,
		[SCREEN_MORE] = more_screen,       [SCREEN_KEYBOARD] = keyboard_screen,
		[SCREEN_REVIEW] = review_screen,   [SCREEN_RUNNING] = running_screen,
		[SCREEN_END] = end_screen,
	};
	enum screen screen = SCREEN_HUB;
	bool fits = begin(dialog);

	while (fits && screen != SCREEN_LEAVE && !dialog->over) {
		screen = screens[screen](dialog);
		if (!dialog->resized)
			continue;
		/* newt cannot draw on a screen of another size but from the beginning. */
		newtFinished();
		fits = begin(dialog);
	}
	newtFinished();
	return fits;
}
