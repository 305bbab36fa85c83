// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * p2v-console: forms on a terminal, by which a person at the machine enters what p2vd is to do
 * and sees what it does. One process for each terminal, and none of them a part of p2vd.
 */
#include "base/child.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/client.h"
#include "dialog/dialog.h"
#include "dialog/forms.h"
#include "dialog/line_mode.h"
#include "dialog/lines.h"
#include "dialog/tty.h"

#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_WRONG = 2, EXIT_NO_TERMINAL = 1 };

static const char usage[] =
	"Usage: p2v-console [OPTION…] [TTY]\n"
	"Forms on a terminal: enter what p2vd is to convert, start it, and see how it goes on.\n"
	"\n"
	"  TTY                         a terminal such as /dev/ttyS0 (that of standard input)\n"
	"      --screen                forms, even if the terminal says that it cannot show them\n"
	"      --lines                 questions and answers, line by line\n"
	"      --appliance             a console of the bootable image: messages, forms where they\n"
	"                              are wanted, and keys to reboot and power off\n"
	"      --runtime-directory=DIR where p2vd's socket is (/run/p2vd)\n"
	"      --help, --version\n"
	"\n"
	"See p2v-console(8).\n";

struct options {
	const char *directory, *tty;
	int lines, screen, appliance;
};

static int wrong(const char *text)
{
	fprintf(stderr, "p2v-console: %s\nTry 'p2v-console --help' for more information.\n", text);
	return EXIT_WRONG;
}

/* Returns -1 to go on, else the exit code. */
static int parse(int argc, char **argv, struct options *options)
{
	const struct option known[] = {
		{ "lines", no_argument, &options->lines, true },
		{ "screen", no_argument, &options->screen, true },
		{ "appliance", no_argument, &options->appliance, true },
		{ "runtime-directory", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'r') {
			options->directory = optarg;
		} else if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_DONE;
		} else if (option == 'V') {
			puts("p2v-console " P2VD_VERSION);
			return EXIT_DONE;
		} else if (option != 0) {
			return wrong("an option is not understood");
		}
	}
	if (options->lines && options->screen)
		return wrong("give --lines or --screen, not both");
	if (argc - optind > 1)
		return wrong("give one terminal at most");
	options->tty = argv[optind];
	return -1;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	struct dialog *dialog = user;

	(void)source;
	if (info->ssi_signo == SIGWINCH)
		dialog->resized = true;
	else if ((info->ssi_signo != SIGINT && info->ssi_signo != SIGQUIT) || !dialog->appliance)
		/* In the image, Ctrl-C and Ctrl-\ have nothing to go back to. */
		dialog->over = true;
	return 0;
}

static int listen_to_signals(struct dialog *dialog)
{
	static const int signals[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	int r = 0;

	for (size_t i = 0; i < COUNT(signals) && r >= 0; i++)
		r = sd_event_add_signal(dialog->event, NULL, signals[i] | SD_EVENT_SIGNAL_PROCMASK,
					on_signal, dialog);
	/* A program that we run must not end us. */
	signal(SIGPIPE, SIG_IGN);
	return r;
}

static bool wants_lines(const struct dialog *dialog, const struct options *options)
{
	const char *view = mirror_value(dialog->mirror, "p2v.console");

	return options->lines || (dialog->appliance && view && !strcmp(view, "lines"));
}

/* Forms, or questions line by line. What has become too small for forms is still large enough for
 * lines. */
static void run(struct dialog *dialog, const struct options *options)
{
	const char *type = getenv("TERM");
	bool lines = wants_lines(dialog, options), ended = false;

	if (!dialog->mirror->detailed)
		mirror_look(dialog->mirror);
	dialog->small = !lines && forms_fit(type, FORMS_COLUMNS, FORMS_ROWS);
	while (!ended) {
		struct tty_size size = tty_size();

		ended = !lines && (options->screen || forms_fit(type, size.columns, size.rows)) &&
			forms_run(dialog);
		if (!ended)
			ended = !line_mode_run(dialog);
		/* What was typed of an answer is none for the forms. */
		if (!ended)
			tcflush(STDIN_FILENO, TCIFLUSH);
	}
}

/* Without a server, a person is asked at once. Else the screen shows the conversion, and serial
 * lines go on with lines. */
static bool opens_by_itself(const struct dialog *dialog)
{
	const struct mirror *mirror = dialog->mirror;
	const char *view = mirror_value(mirror, "p2v.console");
	bool screen = view && (!strcmp(view, "screen") ||
			       (!strcmp(view, "auto") && tty_is_screen(dialog->tty)));

	if (!mirror->status.json || !dialog_may_ask(dialog))
		return false;
	if (mirror->status.activity != STATUS_WAITING)
		return screen;
	return !mirror->status.waiting && !mirror_value(mirror, "p2v.remote.server");
}

static void attend(struct dialog *dialog, const struct options *options)
{
	if (!options->appliance)
		run(dialog, options);
	else
		while (lines_run(dialog, opens_by_itself))
			run(dialog, options);
}

int main(int argc, char **argv)
{
	struct options options = { .directory = CLIENT_DIRECTORY };
	struct dialog dialog = { 0 };
	AUTO_FREE char *path = NULL, *reason = NULL;
	int code = parse(argc, argv, &options);

	if (code >= 0)
		return code;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }); /* a core would hold secrets */
	setlocale(LC_CTYPE, "");
	if (tty_open(options.tty, &reason) < 0) {
		fprintf(stderr, "p2v-console: %s\n", reason);
		return EXIT_NO_TERMINAL;
	}
	dialog.appliance = options.appliance;
	dialog.tty = options.tty ?: ttyname(STDIN_FILENO);
	if (sd_event_new(&dialog.event) < 0 || listen_to_signals(&dialog) < 0) {
		fputs("p2v-console: there is no event loop\n", stderr);
		return EXIT_NO_TERMINAL;
	}
	path = text_format("%s/" CLIENT_SOCKET, options.directory);
	dialog.mirror = mirror_new(dialog.event, path);
	dialog.keyboard = keyboard_new(dialog.event, dialog.mirror, dialog.tty);
	attend(&dialog, &options);
	keyboard_free(dialog.keyboard);
	mirror_free(dialog.mirror);
	children_end();
	sd_event_unref(dialog.event);
	return EXIT_DONE;
}
