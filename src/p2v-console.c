// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * p2v-console: forms on a terminal, by which a person at the machine enters what p2vd is to do
 * and sees what it does. One process for each terminal, and none of them a part of p2vd.
 */
#include "base/cleanup.h"
#include "base/text.h"
#include "client/client.h"
#include "dialog/dialog.h"
#include "dialog/forms.h"
#include "dialog/line_mode.h"
#include "dialog/tty.h"

#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { EXIT_DONE = 0, EXIT_WRONG = 2, EXIT_NO_TERMINAL = 1 };

static const char usage[] =
	"Usage: p2v-console [OPTION…] [TTY]\n"
	"Forms on a terminal: enter what p2vd is to convert, start it, and see how it goes on.\n"
	"\n"
	"  TTY                         the terminal, /dev/ttyS0; else that of standard input\n"
	"      --screen                forms, also where the terminal may not be able to\n"
	"      --lines                 questions and answers, line by line\n"
	"      --runtime-directory=DIR where p2vd's socket is (/run/p2vd)\n"
	"      --help, --version\n"
	"\n"
	"See p2v-console(8).\n";

struct options {
	const char *directory, *tty;
	int lines, screen;
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
	else
		dialog->over = true;
	return 0;
}

static int listen_to_signals(struct dialog *dialog)
{
	static const int signals[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT };
	int r = 0;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals) && r >= 0; i++)
		r = sd_event_add_signal(dialog->event, NULL, signals[i] | SD_EVENT_SIGNAL_PROCMASK,
					on_signal, dialog);
	/* A program that we run must not end us. */
	signal(SIGPIPE, SIG_IGN);
	return r;
}

static void run(struct dialog *dialog, const struct options *options, const struct tty *tty)
{
	bool lines = options->lines ||
		     (!options->screen && !forms_fit(tty->type, tty->columns, tty->rows));

	/* What has become too small for forms is still large enough for lines. */
	if (lines || !forms_run(dialog))
		line_mode_run(dialog);
}

int main(int argc, char **argv)
{
	struct options options = { .directory = CLIENT_DIRECTORY };
	struct dialog dialog = { 0 };
	AUTO_FREE char *path = NULL, *reason = NULL;
	struct tty tty;
	int code = parse(argc, argv, &options);

	if (code >= 0)
		return code;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }); /* a core would hold secrets */
	setlocale(LC_CTYPE, "");
	if (tty_open(options.tty, &tty, &reason) < 0) {
		fprintf(stderr, "p2v-console: %s\n", reason);
		return EXIT_NO_TERMINAL;
	}
	if (sd_event_new(&dialog.event) < 0 || listen_to_signals(&dialog) < 0) {
		fputs("p2v-console: there is no event loop\n", stderr);
		return EXIT_NO_TERMINAL;
	}
	path = text_format("%s/" CLIENT_SOCKET, options.directory);
	dialog.mirror = mirror_new(dialog.event, path);
	dialog.keyboard = keyboard_new(dialog.event, dialog.mirror);
	run(&dialog, &options, &tty);
	keyboard_free(dialog.keyboard);
	mirror_free(dialog.mirror);
	sd_event_unref(dialog.event);
	return EXIT_DONE;
}
