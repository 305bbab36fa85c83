// SPDX-License-Identifier: GPL-2.0-or-later
/* How p2v-fleet speaks. */
#include "roster/desk.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

#include <sys/ioctl.h>

void desk_say(const char *format, ...)
{
	AUTO_FREE char *clean = NULL;
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = text_format_arguments(format, arguments);
	va_end(arguments);
	clean = log_clean(text);
	secret_free(text);
	fprintf(stderr, "p2v-fleet: %s\n", clean);
}

static struct winsize window(void)
{
	struct winsize size = { 0 };

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		size = (struct winsize){ 0 };
	return size;
}

unsigned desk_width(void)
{
	const unsigned columns = window().ws_col;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return columns > 20 ? columns - 1 : 79;
}

unsigned desk_height(void)
{
	const unsigned rows = window().ws_row;

	return rows > 4 ? rows - 1 : 23;
}
