// SPDX-License-Identifier: GPL-2.0-or-later
/* Network: links, routes, name servers, whether the server can be reached, and nmtui. */
#include "dialog/screens.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "dialog/form.h"
#include "dialog/links.h"
#include "dialog/reach.h"

#include <string.h>
#include <unistd.h>

#define KEYS " Tab: next F1: help F3: try F4: default F5: look again F6: all of it Esc: back"
#define RESOLVERS "/etc/resolv.conf"
#define NMTUI "/usr/bin/nmtui"

struct network {
	struct window window;
	struct form *form;
	struct pane pane;
	struct child *child; /* ip route */
	char **routes;       /* what it says */
	char **servers;      /* lines of the name servers */
	bool tries;          /* the server is to be tried, when p2vd has what was entered */
	struct reach *reach; /* NULL: the server is not tried */
};

static void on_line(void *user, const char *line)
{
	struct network *network = user;

	list_append(&network->routes, text_copy(line));
}

static void on_ended(void *user, int status)
{
	struct network *network = user;

	/* The window looks at us whenever the mirror has changed. */
	network->window.dialog->mirror->revision++;
	if (status)
		list_append(&network->routes, text_copy("error: ip route has failed"));
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

static void read_routes(struct network *network)
{
	static const char *const argv[] = { "ip", "route", NULL };
	const struct child_options options = {
		.argv = argv,
		.line = on_line,
		.ended = on_ended,
		.user = network,
	};
	AUTO_FREE char *reason = NULL;

	child_free(steal(network->child));
	list_free(steal(network->routes));
	if (child_start(network->window.dialog->event, &options, &network->child, &reason) < 0)
		list_append(&network->routes, text_format("error: %s", reason));
}

static void look(struct network *network)
{
	read_routes(network);
	read_servers(network);
}

/* All that there is to tell, a list. */
static char **tell(const struct network *network)
{
	AUTO_LIST char **links = links_lines(network->window.dialog->mirror, "");
	char **const blocks[] = { links, network->routes, network->servers };
	char **lines = NULL;

	if (network->tries || network->reach)
		list_append(&lines,
			    text_copy("Please wait, for up to 90 seconds: the server is being tried"));
	for (size_t i = 0; i < COUNT(blocks); i++)
		for (char **line = blocks[i]; line && *line; line++)
			list_append(&lines, text_copy(*line));
	return lines;
}

static void show(struct network *network)
{
	AUTO_LIST char **lines = tell(network), **wrapped = NULL;

	wrapped = window_wrap(lines, network->pane.width);
	pane_show(&network->pane, wrapped, 0);
}

/* Over the screen: what does not fit into it. */
static void show_all(struct network *network)
{
	AUTO_LIST char **lines = tell(network);

	sheet_screen(network->window.dialog, "Network", lines);
}

/* Over the screen: whether the server can be reached, as soon as that is known. */
static void show_reach(struct network *network)
{
	char *const *lines = network->reach ? reach_lines(network->reach) : NULL;

	if (!lines)
		return;
	sheet_screen(network->window.dialog, "Can the server be reached?", lines);
	reach_free(steal(network->reach));
}

/* What was entered last is on its way before. */
static void try_server(struct network *network)
{
	struct dialog *dialog = network->window.dialog;

	if (!network->tries || network->reach || mirror_sends(dialog->mirror))
		return;
	network->tries = false;
	network->reach = reach_new(dialog->event, dialog->mirror);
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
	window_button(window, "Try", NEWT_KEY_F3);
	window_button(window, "Look again", NEWT_KEY_F5);
	window_button(window, "Back", WINDOW_BACK);
	window_button(window, "Help", NEWT_KEY_F1);
	window_key(window, NEWT_KEY_F3);
	window_key(window, NEWT_KEY_F5);
	window_key(window, NEWT_KEY_F6);
	window->ticks = true; /* a cable may be plugged in */
}

static void close_screen(struct network *network)
{
	child_free(network->child);
	reach_free(network->reach);
	list_free(network->routes);
	list_free(network->servers);
	pane_free(&network->pane);
	form_free(network->form);
	window_close(&network->window);
}

/* What a key does. */
static void obey(struct network *network, int key)
{
	struct dialog *dialog = network->window.dialog;

	switch (key) {
	case NEWT_KEY_F1:
		help_screen(dialog, form_current(network->form));
		break;
	case NEWT_KEY_F3:
		network->tries = true;
		break;
	case NEWT_KEY_F5:
		mirror_look(dialog->mirror);
		look(network);
		break;
	case NEWT_KEY_F6:
		show_all(network);
		break;
	case 's':
		run_nmtui(network);
		break;
	default:
		break;
	}
}

enum screen network_screen(struct dialog *dialog)
{
	struct network network = { 0 };
	enum screen next = SCREEN_HUB;
	int key;

	open_screen(&network, dialog);
	look(&network);
	do {
		try_server(&network);
		show_reach(&network);
		show(&network);
		key = window_run(&network.window);
		form_key(network.form, key);
		obey(&network, key);
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, SCREEN_NETWORK, &next));
	close_screen(&network);
	return next;
}
