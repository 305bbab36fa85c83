// SPDX-License-Identifier: GPL-2.0-or-later
/* Network: what ip(8) says of links, addresses and routes, the name servers, and nmtui. */
#include "dialog/screens.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "dialog/form.h"

#include <string.h>
#include <unistd.h>

#define KEYS " Tab: next   F1: help   F4: default   F5: look again   Esc: back"
#define RESOLVERS "/etc/resolv.conf"
#define NMTUI "/usr/bin/nmtui"
#define COMMANDS 2

struct network {
	struct window window;
	struct form *form;
	struct pane pane;
	struct child *child[COMMANDS];
	struct output {
		struct network *network;
		char **lines;
	} output[COMMANDS];
	char **servers; /* lines of the name servers */
};

static void on_line(void *user, const char *line)
{
	struct output *output = user;

	list_append(&output->lines, text_copy(line));
}

static void on_ended(void *user, int status)
{
	struct output *output = user;

	/* The window looks at us whenever the mirror has changed. */
	output->network->window.dialog->mirror->revision++;
	if (status)
		list_append(&output->lines, text_copy("error: ip has failed"));
}

static void read_servers(struct network *network)
{
	size_t length;
	AUTO_FREE char *text = file_read(RESOLVERS, 65536, &length);
	char *rest = text;

	list_free(steal(network->servers));
	for (char *line; text && (line = strsep(&rest, "\n"));)
		if (text_begins(line, "nameserver") || text_begins(line, "search"))
			list_append(&network->servers, text_copy(line));
	if (!network->servers)
		list_append(&network->servers, text_copy("there is no name server"));
}

static void look(struct network *network)
{
	static const char *const commands[COMMANDS][4] = { { "ip", "-brief", "address", NULL },
							   { "ip", "route", NULL } };

	for (size_t i = 0; i < COMMANDS; i++) {
		struct output *output = &network->output[i];
		AUTO_FREE char *reason = NULL;
		struct child_options options = {
			.argv = commands[i],
			.line = on_line,
			.ended = on_ended,
			.user = output,
		};

		output->network = network;
		child_free(steal(network->child[i]));
		list_free(steal(output->lines));
		if (child_start(network->window.dialog->event, &options, &network->child[i],
				&reason) < 0)
			list_append(&output->lines, text_format("error: %s", reason));
	}
	read_servers(network);
}

static void show(struct network *network)
{
	AUTO_LIST char **lines = NULL, **wrapped = NULL;
	char **const blocks[] = { network->output[0].lines, network->output[1].lines,
				  network->servers };

	for (size_t i = 0; i < COUNT(blocks); i++) {
		for (char **line = blocks[i]; line && *line; line++)
			list_append(&lines, text_copy(*line));
		list_append(&lines, text_copy(""));
	}
	wrapped = window_wrap(lines, network->pane.width);
	pane_show(&network->pane, wrapped, 0);
}

static void run_nmtui(struct network *network)
{
	static const char *const argv[] = { NMTUI, NULL };

	newtSuspend();
	dialog_program(argv);
	newtResume();
	look(network);
}

static void open_screen(struct network *network, struct dialog *dialog)
{
	struct window *window = &network->window;

	window_open(window, dialog, "Network", KEYS);
	network->form = form_new(window, PART_NETWORK, 0);
	network->pane = pane_new(window, 1, form_height(network->form), window->width - 2,
				 window->height - form_height(network->form) - 2);
	if (access(NMTUI, X_OK) == 0)
		window_button(window, "Set up (nmtui)", 's');
	window_button(window, "Look again", NEWT_KEY_F5);
	window_button(window, "Back", WINDOW_BACK);
	window_button(window, "Help", NEWT_KEY_F1);
	window_key(window, NEWT_KEY_F5);
}

static void close_screen(struct network *network)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		child_free(network->child[i]);
		list_free(network->output[i].lines);
	}
	list_free(network->servers);
	pane_free(&network->pane);
	form_free(network->form);
	window_close(&network->window);
}

enum screen network_screen(struct dialog *dialog)
{
	struct network network = { 0 };
	enum screen next = SCREEN_HUB;
	int key;

	open_screen(&network, dialog);
	look(&network);
	do {
		show(&network);
		key = window_run(&network.window);
		form_key(network.form, key);
		if (key == NEWT_KEY_F1)
			help_screen(dialog, form_current(network.form));
		else if (key == NEWT_KEY_F5)
			look(&network);
		else if (key == 's')
			run_nmtui(&network);
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, SCREEN_NETWORK, &next));
	close_screen(&network);
	return next;
}
