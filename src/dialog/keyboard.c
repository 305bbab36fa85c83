// SPDX-License-Identifier: GPL-2.0-or-later
/* The keyboard of the kernel's own screens, and the layouts that there are for it. */
#include "dialog/keyboard.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "dialog/tty.h"

#include <dirent.h>
#include <string.h>

#define PARAMETER "p2v.keymap"
#define NONE "us" /* the kernel's own layout, which it begins with */
#define DEPTH 4 /* of directories: keymaps/legacy/i386/qwertz */

struct keyboard {
	sd_event *event;
	struct mirror *mirror;
	sd_event_source *source;
	char *terminal;
	uint64_t seen;      /* the mirror's revision */
	char *loaded;       /* the layout, or what we have tried to load */
	struct child *child; /* loadkeys */
	bool over;          /* it has ended, and is to be freed */
	char **said;        /* by it, a list of lines */
	char *trouble;
};

/* ---- which layouts there are -------------------------------------------------------- */

/* "de" of "de.kmap", "de.map" or "de.map.gz"; NULL: it is no layout. The caller frees. */
static char *layout_of(const char *file)
{
	const char *end = strstr(file, ".kmap") ?: strstr(file, ".map");

	if (!end || end == file ||
	    (strcmp(end, ".kmap") && strcmp(end, ".map") && strcmp(end, ".kmap.gz") &&
	     strcmp(end, ".map.gz")))
		return NULL;
	return text_copy_length(file, (size_t)(end - file));
}

/* Parts of layouts, and the layouts of computers that are no PC. */
static bool is_other(const char *directory)
{
	static const char *const others[] = { "include", "amiga", "atari", "mac", "ppc", "sun" };

	for (size_t i = 0; i < COUNT(others); i++)
		if (!strcmp(directory, others[i]))
			return true;
	return false;
}

static void find(const char *path, unsigned depth, char ***names)
{
	DIR *directory = depth ? opendir(path) : NULL;

	if (!directory)
		return;
	for (struct dirent *entry; (entry = readdir(directory));) {
		AUTO_FREE char *below = text_format("%s/%s", path, entry->d_name);
		char *name = layout_of(entry->d_name);

		if (*entry->d_name == '.' || is_other(entry->d_name))
			free(name);
		else if (name)
			list_append(names, name);
		else
			find(below, depth - 1, names);
	}
	closedir(directory);
}

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

char **keyboard_layouts(const char *root)
{
	/* Of Debian, SUSE and Fedora. */
	static const char *const directories[] = { "/usr/share/keymaps", "/usr/share/kbd/keymaps",
						   "/usr/lib/kbd/keymaps" };
	AUTO_LIST char **all = NULL;
	char **layouts = NULL;

	for (size_t i = 0; i < COUNT(directories); i++) {
		AUTO_FREE char *path = text_format("%s%s", root, directories[i]);

		find(path, DEPTH, &all);
	}
	if (all)
		qsort(all, list_length(all), sizeof(*all), compare);
	for (size_t i = 0; all && all[i]; i++)
		if (!i || strcmp(all[i], all[i - 1]) != 0)
			list_append(&layouts, text_copy(all[i]));
	return layouts;
}

/* ---- which one is used --------------------------------------------------------------- */

static void tell(struct keyboard *keyboard, char *trouble)
{
	free(keyboard->trouble);
	keyboard->trouble = trouble;
	keyboard->mirror->revision++; /* the screens look at us whenever the mirror has changed */
}

static void on_line(void *user, const char *line)
{
	struct keyboard *keyboard = user;

	list_append(&keyboard->said, text_copy(line));
}

static void on_ended(void *user, int status)
{
	struct keyboard *keyboard = user;
	AUTO_FREE char *ending = child_status_text(status);
	AUTO_FREE char *said = keyboard->said ? list_join(keyboard->said, "; ") : NULL;

	keyboard->over = true;
	tell(keyboard, status ? text_format("loadkeys cannot load '%s' (%s): %s", keyboard->loaded,
					    ending, said ?: "it does not say why") :
				NULL);
}

static void load(struct keyboard *keyboard, const char *layout)
{
	const char *const argv[] = {
		"loadkeys", "--quiet", "--console", keyboard->terminal, layout, NULL,
	};
	struct child_options options = {
		.argv = argv,
		.line = on_line,
		.ended = on_ended,
		.user = keyboard,
	};
	AUTO_LIST char **layouts = keyboard_layouts("");
	AUTO_FREE char *reason = NULL;

	free(keyboard->loaded);
	keyboard->loaded = text_copy(layout);
	list_free(steal(keyboard->said));
	if (!list_contains(layouts, layout))
		tell(keyboard,
		     text_format("there is no keyboard layout '%s' here: choose one of the list",
				 layout));
	else if (child_start(keyboard->event, &options, &keyboard->child, &reason) < 0)
		tell(keyboard,
		     text_format("the keyboard layout '%s' cannot be loaded: %s", layout, reason));
}

/* Called when anything has happened. */
static int on_event(sd_event_source *source, void *user)
{
	struct keyboard *keyboard = user;
	const struct mirror *mirror = keyboard->mirror;
	const char *layout = mirror_value(mirror, PARAMETER);

	(void)source;
	if (keyboard->over) {
		child_free(steal(keyboard->child));
		keyboard->over = false;
	} else if (keyboard->child || keyboard->seen == mirror->revision) {
		return 0;
	}
	keyboard->seen = mirror->revision;
	/* Nobody has chosen one yet: it stays as it is. */
	if (!mirror->parameters || (!layout && !keyboard->loaded))
		return 0;
	if (!keyboard->loaded || strcmp(keyboard->loaded, layout ?: NONE) != 0)
		load(keyboard, layout ?: NONE);
	return 0;
}

struct keyboard *keyboard_new(sd_event *event, struct mirror *mirror, const char *tty)
{
	struct keyboard *keyboard;

	if (!tty || !tty_is_screen(tty))
		return NULL;
	keyboard = memory_zero(1, sizeof(*keyboard));
	keyboard->event = sd_event_ref(event);
	keyboard->mirror = mirror;
	keyboard->terminal = text_copy(tty);
	if (sd_event_add_post(event, &keyboard->source, on_event, keyboard) < 0)
		abort(); /* no memory */
	return keyboard;
}

void keyboard_free(struct keyboard *keyboard)
{
	if (!keyboard)
		return;
	child_free(keyboard->child);
	sd_event_source_disable_unref(keyboard->source);
	sd_event_unref(keyboard->event);
	list_free(keyboard->said);
	free(keyboard->terminal);
	free(keyboard->loaded);
	free(keyboard->trouble);
	free(keyboard);
}

const char *keyboard_trouble(const struct keyboard *keyboard)
{
	return keyboard->trouble;
}
