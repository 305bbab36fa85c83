// SPDX-License-Identifier: GPL-2.0-or-later
/* Notes in the work directory. */
#include "relay/notes.h"
#include "base/cleanup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void notes_say(int fd, const char *format, va_list arguments)
{
	char line[512];
	time_t now = time(NULL);
	struct tm tm;
	size_t length;

	length = strftime(line, sizeof(line), "%F %T ", localtime_r(&now, &tm));
	vsnprintf(line + length, sizeof(line) - length - 1, format, arguments);
	length = strlen(line);
	line[length++] = '\n';
	if (write(fd, line, length) < 0)
		return; /* /tmp is full, for example: there is nobody else to tell */
}

bool notes_number(int directory, const char *name, uint64_t *number)
{
	AUTO_CLOSE int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[32] = "", *end;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return false;
	*number = strtoull(text, &end, 10);
	return end > text;
}
