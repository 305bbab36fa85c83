// SPDX-License-Identifier: GPL-2.0-or-later
/* An answer that a person types. */
#include "dialog/answer.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"
#include "dialog/forms.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define CONTROL(letter) ((letter) & 0x1f)
#define LONGEST 65536 /* bytes: as long as a whole kernel command line for p2vd may be */

/* What is read and not taken yet. It may be secret. */
static char buffer[LONGEST];
static size_t length;

static int on_input(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct dialog *dialog = user;
	ssize_t got = read(fd, buffer + length, sizeof(buffer) - length);

	(void)source, (void)events;
	if (got <= 0)
		dialog->over = true;
	else
		length += (size_t)got;
	return 0;
}

/* Takes the first line of the buffer; NULL: none is complete. */
static char *take_line(void)
{
	char *end = memchr(buffer, '\n', length), *line;
	size_t bytes;

	if (!end && length < sizeof(buffer))
		return NULL;
	bytes = end ? (size_t)(end - buffer) + 1 : length;
	line = text_copy_length(buffer, bytes - (end != NULL));
	length -= bytes;
	memmove(buffer, buffer + bytes, length);
	explicit_bzero(buffer + length, sizeof(buffer) - length);
	line[strcspn(line, "\r")] = '\0';
	return line;
}

char *answer_poll(struct dialog *dialog, unsigned seconds)
{
	sd_event_source *input = NULL;
	char *line = take_line();

	if (line)
		return line;
	if (sd_event_add_io(dialog->event, &input, STDIN_FILENO, EPOLLIN, on_input, dialog) < 0)
		dialog->over = true;
	else
		sd_event_run(dialog->event, seconds * 1000000ULL);
	sd_event_source_disable_unref(input);
	return take_line();
}

void answer_begin(void)
{
	struct termios terminal;

	if (tcgetattr(STDIN_FILENO, &terminal) < 0)
		return;
	/* Forms use none of these keys. A person's own are kept. */
	if (!(terminal.c_lflag & ICANON)) {
		terminal.c_cc[VINTR] = CONTROL('C');
		terminal.c_cc[VQUIT] = CONTROL('\\');
		terminal.c_cc[VSUSP] = CONTROL('Z');
		terminal.c_cc[VEOF] = CONTROL('D');
		terminal.c_cc[VKILL] = CONTROL('U');
		terminal.c_cc[VERASE] = 0x7f;
	}
	terminal.c_iflag |= ICRNL;
	terminal.c_oflag |= OPOST | ONLCR;
	terminal.c_lflag |= ICANON | ECHO | ISIG;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal);
}

bool answer_has_room(const struct dialog *dialog)
{
	struct winsize size = { 0 };

	return dialog->small && dialog->resized && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 &&
	       size.ws_col >= FORMS_COLUMNS && size.ws_row >= FORMS_ROWS;
}

static void echo(bool on)
{
	struct termios terminal;

	if (tcgetattr(STDIN_FILENO, &terminal) < 0)
		return;
	if (on)
		terminal.c_lflag |= ECHO;
	else
		terminal.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

char *answer_get(struct dialog *dialog, const char *prompt, const char *otherwise, bool hidden)
{
	bool ended = dialog_ended(dialog), ran = dialog_runs(dialog);
	char *line = NULL;

	/* First: who sees the question may answer at once. */
	if (hidden)
		echo(false);
	printf("%s [%s]: ", prompt, otherwise);
	fflush(stdout);
	while (!line && !dialog->over && dialog_ended(dialog) == ended &&
	       dialog_runs(dialog) == ran && !answer_has_room(dialog))
		line = answer_poll(dialog, 1);
	if (hidden)
		echo(true);
	if (hidden || !line)
		putchar('\n');
	if (line && !*line) {
		secret_free(line);
		return text_copy(otherwise);
	}
	return line;
}

bool answer_yes(struct dialog *dialog, const char *question, bool otherwise)
{
	AUTO_FREE char *prompt = text_format("%s (yes|no)", question);

	for (;;) {
		AUTO_FREE char *line = answer_get(dialog, prompt, otherwise ? "yes" : "no", false);
		int yes = line ? text_boolean(line) : 0;

		if (yes >= 0)
			return yes;
		puts("Write yes or no.");
	}
}
