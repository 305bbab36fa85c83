// SPDX-License-Identifier: GPL-2.0-or-later
/* What a person at a shell sees: lines, and an area that is drawn in place. */
#include "client/screen.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/paragraph.h"
#include "base/text.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#define PLAIN_SECONDS 30 /* between two areas where none can be drawn in place */
#define DEFAULT_COLUMNS 80

struct screen {
	FILE *file;
	bool redraws, json;
	char **area;
	size_t drawn;     /* rows of the area that are on the terminal */
	time_t plain_due; /* when the area is printed next, CLOCK_MONOTONIC */
};

static time_t now(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

struct screen *screen_new(FILE *file, bool json)
{
	struct screen *screen = memory_zero(1, sizeof(*screen));

	screen->file = file;
	screen->json = json;
	screen->redraws = isatty(fileno(file));
	screen->plain_due = now() + PLAIN_SECONDS;
	return screen;
}

void screen_free(struct screen *screen)
{
	if (!screen)
		return;
	list_free(screen->area);
	free(screen);
}

/* The longest line that moves no cursor to the next row. */
static size_t width(const struct screen *screen)
{
	struct winsize size = { 0 };

	if (ioctl(fileno(screen->file), TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return DEFAULT_COLUMNS - 1;
	return size.ws_col - 1U;
}

static void put(struct screen *screen, const char *text, size_t length)
{
	AUTO_FREE char *plain = text_copy_length(text, length);

	text_make_plain(plain);
	fprintf(screen->file, "%s\n", plain);
}

static void erase(struct screen *screen)
{
	if (screen->drawn)
		fprintf(screen->file, "\033[%zuA\r\033[J", screen->drawn);
	screen->drawn = 0;
}

/* The number of bytes of the first @most characters of @text. */
static size_t start_length(const char *text, size_t most)
{
	size_t characters = 0, i = 0;

	while (text[i] && ((text[i] & 0xc0) == 0x80 || characters++ < most))
		i++;
	return i;
}

static void draw(struct screen *screen)
{
	for (char **line = screen->area; line && *line; line++, screen->drawn++)
		put(screen, *line, start_length(*line, width(screen)));
}

static void print_plainly(struct screen *screen)
{
	if (!screen->area || now() < screen->plain_due)
		return;
	for (char **line = screen->area; *line; line++)
		put(screen, *line, strlen(*line));
	screen->plain_due = now() + PLAIN_SECONDS;
}

void screen_line(struct screen *screen, const char *text)
{
	AUTO_LIST char **lines = NULL;

	if (screen->redraws)
		lines = paragraph_lines(text, width(screen));
	else
		list_append(&lines, text_copy(text));
	screen_lines(screen, lines);
}

void screen_lines(struct screen *screen, char *const *lines)
{
	if (screen->json)
		return;
	erase(screen);
	for (; lines && *lines; lines++)
		put(screen, *lines, strlen(*lines));
	if (screen->redraws)
		draw(screen);
	fflush(screen->file);
}

void screen_json(struct screen *screen, sd_json_variant *value, bool line)
{
	sd_json_format_flags_t pretty = line || !screen->redraws ? 0 : SD_JSON_FORMAT_PRETTY;

	if (screen->json)
		sd_json_variant_dump(value, pretty | SD_JSON_FORMAT_NEWLINE | SD_JSON_FORMAT_FLUSH,
				     screen->file, NULL);
}

void screen_area(struct screen *screen, char *const *lines)
{
	AUTO_LIST char **before = screen->area;

	if (screen->json)
		lines = NULL;
	screen->area = list_copy(lines);
	if (screen->redraws) {
		erase(screen);
		draw(screen);
	} else {
		print_plainly(screen);
	}
	fflush(screen->file);
}
