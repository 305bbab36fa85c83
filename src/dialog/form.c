// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of a part. */
#include "dialog/form.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "client/field.h"
#include "dialog/found.h"
#include "dialog/part_state.h"

#include <string.h>

#define LABEL 21 /* columns */
#define NOTE 22
#define HINT 5       /* lines */
#define LONGEST 16384 /* of what can be entered, in bytes, so that no copy is left behind */
#define HIDDEN "***"

struct field {
	struct form *form;
	const char *name;
	newtComponent label, entry;
	struct pane note;
	char *shown; /* what p2vd or the draft has, as it stands in the entry; a secret perhaps */
	char **words; /* NULL: any text */
	bool secret;
	size_t least; /* bytes that the entry has if newt has taken the last key; 0: any number */
	bool dropped; /* newt has dropped a key: it was no UTF-8 */
};

struct form {
	struct window *window;
	const struct mirror *mirror;
	enum part part;
	int top;
	struct field field[PART_FIELDS];
	size_t count;
	struct pane hint;
	bool show; /* secrets as they are */
};

/* ---- one field --------------------------------------------------------------------- */

static void hide(struct field *field, bool hidden)
{
	newtEntrySetFlags(field->entry, NEWT_FLAG_PASSWORD,
			  hidden ? NEWT_FLAGS_SET : NEWT_FLAGS_RESET);
}

static void put(struct field *field, const char *text)
{
	newtEntrySet(field->entry, text, 1);
	secret_free(field->shown);
	field->shown = text_copy(text);
}

/* Which of the words follows @text, or begins with @letter and follows it. */
static const char *next_word(char *const *words, const char *text, char letter, bool back)
{
	size_t count = list_length(words), at = count - 1;

	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], text))
			at = i;
	for (size_t i = 1; i <= count; i++) {
		const char *word = words[(at + (back ? count - i : i)) % count];

		if (!letter || *word == letter)
			return word;
	}
	return text;
}

/* newt drops what is no UTF-8 without a word. What it takes stands in the entry before the next
 * key. */
static void look_for_dropped(struct field *field)
{
	if (strlen(newtEntryGetValue(field->entry)) < field->least)
		field->dropped = true;
	field->least = 0;
}

/* A field of few words takes no letters: a key shows the next word. What is hidden cannot be
 * changed, only replaced. Returns 0: the key is ours. */
static int on_key(newtComponent entry, void *user, int key, int cursor)
{
	struct field *field = user;
	const char *text = newtEntryGetValue(entry);
	bool letter = key >= ' ' && key <= 0xff && key != 0x7f;

	(void)cursor;
	look_for_dropped(field);
	if (field->words) {
		const char *word = text;

		if (letter || key == NEWT_KEY_RIGHT || key == NEWT_KEY_LEFT)
			word = next_word(field->words, text, letter && key != ' ' ? (char)key : 0,
					 key == NEWT_KEY_LEFT);
		/* newt empties the entry before it copies: its own text would be lost. */
		if (word != text)
			newtEntrySet(entry, word, 1);
		return 0;
	}
	if (field->secret && (letter || key == NEWT_KEY_BKSPC || key == NEWT_KEY_DELETE)) {
		if (strstr(text, HIDDEN))
			newtEntrySet(entry, "", 0);
		hide(field, !field->form->show);
	}
	text = newtEntryGetValue(entry);
	/* newt would move the text to other memory and not wipe this. */
	if (letter && strlen(text) >= LONGEST - 8)
		return 0;
	if (letter && key >= 0x80)
		field->least = strlen(text) + 1;
	return key;
}

static void refresh(struct field *field)
{
	const struct mirror *mirror = field->form->mirror;
	const struct draft *draft = mirror_draft(mirror, field->name);
	sd_json_variant *parameter = mirror_parameter(mirror, field->name);
	const char *text = mirror_entered(mirror, field->name) ?: "",
		   *label = field_text(parameter, "label") ?: field->name;
	AUTO_FREE char *plain = window_plain(label, LABEL - 3);
	AUTO_FREE char *marked = text_format("%c %-*s", draft && draft->wrong ? '!' : ' ',
					     LABEL - 3, plain);
	AUTO_FREE char *found = found_note(mirror, field->name);

	field->secret = field_truth(parameter, "secret");
	newtLabelSetText(field->label, marked);
	pane_text(&field->note, found);
	if (strcmp(newtEntryGetValue(field->entry), field->shown) != 0 ||
	    !strcmp(text, field->shown))
		return;
	put(field, text);
	hide(field, field->secret && !field->form->show &&
			    ((draft && draft->text) || strstr(text, HIDDEN)));
}

static void add_field(struct form *form, const char *name)
{
	struct field *field = &form->field[form->count];
	int top = form->top + (int)form->count++, width = form->window->width - LABEL - NOTE - 2;
	AUTO_FREE char *blanks = memory_zero(LONGEST + 1, 1);

	*field = (struct field){ .form = form, .name = name, .shown = text_copy("") };
	field->words = part_words(form->mirror, name);
	field->label = newtLabel(0, top, "                    ");
	window_add(form->window, field->label);
	/* newt makes room for the first text, and wipes it before another. */
	memset(blanks, ' ', LONGEST);
	field->entry = newtEntry(LABEL, top, blanks, width, NULL, NEWT_FLAG_SCROLL);
	newtEntrySet(field->entry, "", 0);
	newtEntrySetFilter(field->entry, on_key, field);
	window_stop(form->window, field->entry);
	field->note = pane_new(form->window, LABEL + width + 1, top, NOTE, 1);
	refresh(field);
}

/* ---- all of them -------------------------------------------------------------------- */

static struct field *current(const struct form *form)
{
	newtComponent component = newtFormGetCurrent(form->window->form);

	for (size_t i = 0; i < form->count; i++)
		if (form->field[i].entry == component)
			return (struct field *)&form->field[i];
	return NULL;
}

const char *form_current(const struct form *form)
{
	const struct field *field = current(form);

	return field ? field->name : NULL;
}

static void show_hint(struct form *form)
{
	const char *name = form_current(form);
	const struct draft *draft = name ? mirror_draft(form->mirror, name) : NULL;
	AUTO_FREE char *hint = name ? part_hint(form->mirror, name) : NULL;
	AUTO_LIST char **lines = NULL;
	AUTO_LIST char **said = NULL;

	if (draft && draft->sentence)
		list_append(&said, text_format("%s: %s", draft->wrong ? "WRONG" : "warning",
					       draft->sentence));
	if (hint) {
		list_append(&said, text_copy(hint));
		list_append(&said, part_purpose(form->mirror, name));
	}
	lines = window_wrap(said, form->hint.width);
	pane_show(&form->hint, lines, 0);
}

/* A private key that is pasted has many lines: a blank stands for their breaks, and the last line
 * ends it. */
static bool on_enter(void *user)
{
	const struct form *form = user;
	const struct field *field = current(form);
	const char *text;
	char *longer;

	if (!field)
		return false;
	text = newtEntryGetValue(field->entry);
	if (!text_begins(text, "-----BEGIN ") || strstr(text, "-----END ") ||
	    strlen(text) >= LONGEST - 8)
		return false;
	longer = text_format("%s ", text);
	newtEntrySet(field->entry, longer, 1);
	secret_free(longer);
	return true;
}

struct form *form_new(struct window *window, enum part part, int top)
{
	struct form *form = memory_zero(1, sizeof(*form));

	form->window = window;
	form->mirror = window->dialog->mirror;
	form->part = part;
	form->top = top;
	for (const char *const *name = part_fields(part); *name; name++)
		if (part_shows(form->mirror, *name))
			add_field(form, *name);
	form->hint = pane_new(window, 1, form_height(form) - HINT, window->width - 2, HINT);
	window->takes_enter = on_enter;
	window->user = form;
	window_key(window, NEWT_KEY_F2);
	window_key(window, NEWT_KEY_F4);
	show_hint(form);
	return form;
}

/* What a person was writing when another screen opened by itself. */
static void keep(const struct field *field)
{
	const char *entered = newtEntryGetValue(field->entry);

	if (strcmp(entered, field->shown) != 0 && !strstr(entered, HIDDEN))
		mirror_keep(field->form->window->dialog->mirror, field->name, entered);
}

void form_free(struct form *form)
{
	for (size_t i = 0; i < form->count; i++) {
		struct field *field = &form->field[i];

		keep(field);
		newtEntrySet(field->entry, "", 0);
		secret_free(field->shown);
		list_free(field->words);
		pane_free(&field->note);
	}
	pane_free(&form->hint);
	free(form);
}

int form_height(const struct form *form)
{
	return form->top + (int)form->count + 1 + HINT;
}

void form_focus(struct form *form, const char *name)
{
	for (size_t i = 0; name && i < form->count; i++)
		if (!strcmp(form->field[i].name, name))
			newtFormSetCurrent(form->window->form, form->field[i].entry);
	show_hint(form);
}

bool form_is_stale(const struct form *form)
{
	size_t shown = 0;

	for (const char *const *name = part_fields(form->part); *name; name++)
		shown += part_shows(form->mirror, *name);
	return shown != form->count;
}

/* An empty text means none where that is a value, else p2vd's default. */
static void send_field(struct form *form, struct field *field)
{
	struct mirror *mirror = form->window->dialog->mirror;
	AUTO_FREE char *text = NULL;
	const char *entered = newtEntryGetValue(field->entry);
	const struct draft *draft = mirror_draft(mirror, field->name);

	look_for_dropped(field);
	if ((!strcmp(entered, field->shown) && !field->dropped && !(draft && draft->half)) ||
	    strstr(entered, HIDDEN))
		return;
	secret_free(field->shown);
	field->shown = text_copy(entered);
	if (field->dropped) {
		field->dropped = false;
		mirror_refuse(mirror, field->name, entered);
		return;
	}
	if (!*entered && !field_truth(mirror_parameter(mirror, field->name), "empty"))
		entered = NULL;
	mirror_set(mirror, field->name, entered);
}

/* Sends what was entered. */
static void send_all(struct form *form)
{
	for (size_t i = 0; i < form->count; i++)
		send_field(form, &form->field[i]);
}

static void show_secrets(struct form *form)
{
	form->show = !form->show;
	for (size_t i = 0; i < form->count; i++)
		if (form->field[i].secret)
			hide(&form->field[i], !form->show);
}

bool form_key(struct form *form, int key)
{
	struct field *field = current(form);

	switch (key) {
	case WINDOW_CHANGED:
		for (size_t i = 0; i < form->count; i++)
			refresh(&form->field[i]);
		show_hint(form);
		return true;
	case NEWT_KEY_F2:
		show_secrets(form);
		return true;
	case NEWT_KEY_F4:
		if (field) {
			put(field, "");
			mirror_set(form->window->dialog->mirror, field->name, NULL);
		}
		return true;
	case WINDOW_TICK:
		return true;
	default:
		send_all(form);
		show_hint(form);
		return key == WINDOW_MOVED;
	}
}
