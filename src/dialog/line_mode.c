// SPDX-License-Identifier: GPL-2.0-or-later
/* Line mode: the questions of the forms, line by line. */
#include "dialog/line_mode.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/secret.h"
#include "base/text.h"
#include "client/field.h"
#include "client/inventory_sheet.h"
#include "client/server_sheet.h"
#include "client/status.h"
#include "dialog/answer.h"
#include "dialog/here.h"
#include "dialog/links.h"
#include "dialog/reach.h"
#include "dialog/review.h"
#include "dialog/step.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define HOSTKEY "p2v.hostkey"
#define PROGRESS_SECONDS 30

enum after { NEXT_FIELD, SAME_FIELD, NO_FIELD };

static void print(const char *text)
{
	AUTO_FREE char *plain = text_copy(text);

	text_make_plain(plain);
	puts(plain);
}

static void print_lines(char *const *lines)
{
	for (; lines && *lines; lines++)
		print(*lines);
}

/* Prints the messages that have come since @*told, and counts them there. */
static void print_news(const struct mirror *mirror, uint64_t *told)
{
	size_t count = list_length(mirror->messages);
	uint64_t news = mirror->told < *told ? mirror->told : mirror->told - *told;

	print_lines(news && count ? mirror->messages + (news < count ? count - news : 0) : NULL);
	*told = mirror->told;
	fflush(stdout);
}

/* ---- a part ------------------------------------------------------------------------ */

static void wait_for_errands(struct dialog *dialog)
{
	while (!dialog->over && mirror_sends(dialog->mirror))
		sd_event_run(dialog->event, 1000000);
}

static void explain(sd_json_variant *parameter)
{
	print(field_text(parameter, "description") ?: "");
	printf("Default: %s. Write - for the default, < to go back.\n",
	       field_text(parameter, "default") ?: "none");
}

/* Sets the field and prints what p2vd says. */
static enum after set(struct dialog *dialog, const char *name, const char *text)
{
	const struct draft *draft;

	mirror_set(dialog->mirror, name, strcmp(text, "-") != 0 ? text : NULL);
	wait_for_errands(dialog);
	draft = mirror_draft(dialog->mirror, name);
	if (draft && draft->sentence)
		printf("%s: %s\n", draft->wrong ? "wrong" : "warning", draft->sentence);
	return draft && draft->wrong ? SAME_FIELD : NEXT_FIELD;
}

/* The rest of a private key that is pasted, with a blank in place of each line break. */
static char *answer_rest(struct dialog *dialog, char *line)
{
	while (text_begins(line, "-----BEGIN ") && !strstr(line, "-----END ")) {
		char *more = answer_get(dialog, "the next line of the key", "", true), *both;

		if (!more)
			break;
		both = text_format("%s %s", line, more);
		secret_free(more);
		secret_free(line);
		line = both;
	}
	return line;
}

static enum after ask_field(struct dialog *dialog, const char *name)
{
	sd_json_variant *parameter = mirror_parameter(dialog->mirror, name);
	AUTO_FREE char *value = text_copy(field_text(parameter, "value") ?: "");
	AUTO_LIST char **words = part_words(dialog->mirror, name);
	AUTO_FREE char *joined = words ? list_join(words, "|") : NULL;
	AUTO_FREE char *prompt = text_format("%s (%s)", field_text(parameter, "label") ?: name,
					     joined                                ?:
						     field_text(parameter, "form") ?:
										     "");
	char *line = answer_get(dialog, prompt, value, field_truth(parameter, "secret"));
	enum after after = NEXT_FIELD;

	if (line)
		line = answer_rest(dialog, line);
	if (!line || !strcmp(line, "<")) {
		after = NO_FIELD;
	} else if (!strcmp(line, "?")) {
		explain(mirror_parameter(dialog->mirror, name));
		after = SAME_FIELD;
	} else if (strcmp(line, value) != 0) {
		after = set(dialog, name, line);
	}
	secret_free(line);
	return after;
}

/* Returns whether all fields were gone through. */
static bool ask_fields(struct dialog *dialog, enum part part)
{
	const char *const *name = part_fields(part);

	while (*name && !dialog->over) {
		enum after after = part_shows(dialog->mirror, *name) ? ask_field(dialog, *name) :
								       NEXT_FIELD;

		if (after == NO_FIELD)
			return false;
		name += after == NEXT_FIELD;
	}
	return true;
}

/* ---- the test ------------------------------------------------------------------------ */

static void show_test(struct dialog *dialog)
{
	struct mirror *mirror = dialog->mirror;
	AUTO_LIST char **sheet = server_sheet(mirror->server);
	const char *key = field_text(mirror->server, "hostkey");
	const char *known = mirror_value(mirror, HOSTKEY);

	if (mirror->test != MIRROR_PASSED) {
		printf("The test has failed: ");
		print(mirror->reason ?: "p2vd tells no reason");
		return;
	}
	puts("The test has passed.");
	print_lines(sheet);
	if (key && (!known || !strstr(known, key)) &&
	    answer_yes(dialog, "Is this the server's host key? Accept it", false))
		set(dialog, HOSTKEY, key);
}

static void test(struct dialog *dialog)
{
	struct mirror *mirror = dialog->mirror;
	uint64_t told = mirror->told;

	mirror_test(mirror);
	while (!dialog->over && mirror->test == MIRROR_TESTING) {
		sd_event_run(dialog->event, 1000000);
		print_news(mirror, &told);
	}
	show_test(dialog);
}

/* ---- the parts ------------------------------------------------------------------------ */

/* Tells the links, and whether the server can be reached. */
static void try_server(struct dialog *dialog)
{
	AUTO_LIST char **links = links_lines(dialog->mirror, "");
	struct reach *reach;

	print_lines(links);
	if (!mirror_value(dialog->mirror, "p2v.remote.server") ||
	    !answer_yes(dialog, "Try whether the server can be reached", true))
		return;
	reach = reach_new(dialog->event, dialog->mirror);
	while (!dialog->over && !reach_lines(reach))
		sd_event_run(dialog->event, 1000000);
	print_lines(reach_lines(reach));
	reach_free(reach);
}

static void show_layouts(void)
{
	AUTO_LIST char **layouts = keyboard_layouts("");
	AUTO_FREE char *joined = layouts ? list_join(layouts, " ") : NULL;

	print(joined ?: "There are no keyboard layouts here: it stays as it is.");
}

static void open_part(struct dialog *dialog, enum part part)
{
	AUTO_LIST char **sheet = inventory_sheet(dialog->mirror->everything);

	printf("%s: ? explains, - is the default, < goes back\n", part_name(part));
	fflush(stdout);
	if (part == PART_DISKS || part == PART_CARDS || part == PART_MACHINE)
		print_lines(sheet);
	else if (part == PART_NETWORK)
		try_server(dialog);
	else if (part == PART_KEYBOARD)
		show_layouts();
	if (ask_fields(dialog, part) && part == PART_SERVER &&
	    mirror_value(dialog->mirror, "p2v.remote.server") &&
	    answer_yes(dialog, "Test the server now", true))
		test(dialog);
}

static void review(struct dialog *dialog)
{
	AUTO_LIST char **lines = NULL;

	if (dialog->mirror->test != MIRROR_PASSED)
		test(dialog);
	if (dialog->mirror->test != MIRROR_PASSED)
		return;
	lines = review_lines(dialog->mirror);
	print_lines(lines);
	if (!answer_yes(dialog, "Start", false))
		return;
	mirror_start(dialog->mirror);
	wait_for_errands(dialog);
	if (dialog->mirror->trouble)
		print(dialog->mirror->trouble);
}

/* Prints the parts, and returns the number of the first that is not ready. */
static unsigned show_parts(const struct dialog *dialog)
{
	const struct mirror *mirror = dialog->mirror;
	unsigned start = here_parts(dialog) + 1, first = start;

	printf("\np2vd %s\n", mirror->status.version ?: "is not there");
	if (mirror->trouble)
		print(mirror->trouble);
	for (enum part part = 0; part + 1 < start; part++) {
		struct part_state state = here_state(dialog, part);
		AUTO_FREE char *text = state.text;
		AUTO_FREE char *line = text_format("%u %-10s%-7s%s", part + 1, part_name(part),
						   part_mood_name(state.mood), text);

		print(line);
		if (state.mood != PART_READY && first == start && part != PART_NETWORK)
			first = part + 1;
	}
	printf("%u Start\n%u Leave\n", start, start + 1);
	return first;
}

/* Returns false if the person leaves. */
static bool menu(struct dialog *dialog)
{
	unsigned start = here_parts(dialog) + 1;
	AUTO_FREE char *otherwise = text_format("%u", show_parts(dialog));
	AUTO_FREE char *line = answer_get(dialog, "Which part", otherwise, false);
	unsigned number = line ? (unsigned)strtoul(line, NULL, 10) : 0;

	if (!line)
		return true;
	if (number == start)
		review(dialog);
	else if (number >= 1 && number < start)
		open_part(dialog, (enum part)(number - 1));
	else if (number != start + 1)
		printf("Write a number from 1 to %u.\n", start + 1);
	return number != start + 1;
}

/* ---- a conversion ----------------------------------------------------------------------- */

static void show_progress(const struct mirror *mirror)
{
	AUTO_LIST char **disks = status_disks(&mirror->status);
	AUTO_FREE char *step = step_text(&mirror->status);

	print(step);
	print_lines(disks);
}

static void follow(struct dialog *dialog)
{
	struct mirror *mirror = dialog->mirror;
	time_t due = time(NULL) + PROGRESS_SECONDS;
	uint64_t told = 0;

	puts("p2vd works. Write c to cancel it.");
	while (!dialog->over && dialog_runs(dialog) && !answer_has_room(dialog)) {
		AUTO_FREE char *line = NULL;

		print_news(mirror, &told);
		if (time(NULL) >= due) {
			show_progress(mirror);
			due = time(NULL) + PROGRESS_SECONDS;
		}
		line = answer_poll(dialog, 1);
		if (line && !strcmp(line, "c") && answer_yes(dialog, "Cancel it", false))
			mirror_cancel(mirror);
	}
	print_news(mirror, &told);
}

static void end(struct dialog *dialog)
{
	const struct status *status = &dialog->mirror->status;
	AUTO_FREE char *result = status_result(status, false), *line = NULL;
	AUTO_LIST char **advice = step_advice(status);

	print(result ?: "It has ended.");
	print_lines(advice);
	line = answer_get(dialog, "Try again, or edit (again|edit)",
			  status_has_failed(status) ? "again" : "edit", false);
	if (line && (!strcmp(line, "again") || !strcmp(line, "a"))) {
		mirror_start(dialog->mirror);
		wait_for_errands(dialog);
		if (dialog->mirror->trouble)
			print(dialog->mirror->trouble);
	} else if (line && (!strcmp(line, "edit") || !strcmp(line, "e"))) {
		dialog->read = true;
	}
}

bool line_mode_run(struct dialog *dialog)
{
	struct mirror *mirror = dialog->mirror;

	answer_begin();
	while (!dialog->over && !answer_has_room(dialog)) {
		/* At first, p2vd is asked. */
		while (!dialog->over && mirror->connected &&
		       (!mirror->parameters || !mirror->inventory || !mirror->status.json))
			sd_event_run(dialog->event, 1000000);
		if (dialog_runs(dialog))
			follow(dialog);
		else if (dialog_ended(dialog))
			end(dialog);
		else if (!menu(dialog))
			return false;
	}
	return !dialog->over;
}
