// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd is and says. */
#include "dialog/mirror.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "client/client.h"
#include "client/field.h"
#include "client/message.h"
#include "dialog/part.h"
#include "dialog/tested.h"

#include <string.h>

#define AGAIN 1000000ULL /* microseconds until p2vd is looked for again */
#define LATER (5 * AGAIN) /* until the machine is looked at again: a disk may still come */

/* A call. Those that wait for one another are made in their order, one at a time. */
struct errand {
	struct errand *next;
	struct mirror *mirror;
	struct client *client; /* NULL: it has not begun */
	const char *method;
	sd_json_variant *parameters;
	bool aside; /* it waits for no other, and no other for it */
	char *name; /* of the parameter that it sets */
	void (*done)(struct errand *errand, const struct client_reply *reply);
};

static void change(struct mirror *mirror)
{
	mirror->revision++;
}

static void keep(sd_json_variant **where, sd_json_variant *value)
{
	sd_json_variant_unref(*where);
	*where = sd_json_variant_ref(value);
}

static void replace(char **where, char *text)
{
	free(*where);
	*where = text;
}

/* ---- errands ----------------------------------------------------------------------- */

static void free_errand(struct errand *errand)
{
	client_free(errand->client);
	sd_json_variant_unref(errand->parameters);
	free(errand->name);
	free(errand);
}

static void drop_errands(struct mirror *mirror)
{
	struct errand *errand;

	while ((errand = mirror->errands)) {
		mirror->errands = errand->next;
		free_errand(errand);
	}
	mirror->looks = mirror->stale = false;
}

static void arm(sd_event_source *timer, uint64_t delay)
{
	sd_event_source_set_time_relative(timer, delay);
	sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

/* p2vd has gone, or cannot be reached. What was entered stays. */
static void lose(struct mirror *mirror, const char *why)
{
	mirror->connected = false;
	replace(&mirror->trouble, text_copy(why));
	drafts_fail(&mirror->drafts, why);
	if (mirror->test == MIRROR_TESTING)
		mirror->test = MIRROR_UNTESTED;
	arm(mirror->again, AGAIN);
	change(mirror);
}

static void on_errand(void *user, const struct client_reply *reply);

static int begin(struct errand *errand)
{
	struct mirror *mirror = errand->mirror;
	AUTO_FREE char *reason = NULL;
	int r = client_open(mirror->event, mirror->path, &errand->client, &reason);

	if (r < 0) {
		lose(mirror, reason);
		return r;
	}
	client_call(errand->client, errand->method, errand->parameters,
		    errand->aside ? CLIENT_EVER : CLIENT_SOON, on_errand, errand);
	errand->parameters = sd_json_variant_unref(errand->parameters);
	return 0;
}

/* Begins the first of those that wait for one another, if it has not begun. */
static void begin_next(struct mirror *mirror)
{
	struct errand *errand = mirror->errands;

	while (errand && errand->aside)
		errand = errand->next;
	if (errand && !errand->client && begin(errand) < 0)
		drop_errands(mirror);
}

static void on_errand(void *user, const struct client_reply *reply)
{
	struct errand *errand = user, **link = &errand->mirror->errands;
	struct mirror *mirror = errand->mirror;

	while (*link != errand)
		link = &(*link)->next;
	*link = errand->next;
	errand->done(errand, reply);
	free_errand(errand);
	begin_next(mirror);
	change(mirror);
}

/* Makes a call; @parameters are unrefed. Returns the errand, or NULL if p2vd has gone. */
static struct errand *send(struct mirror *mirror, const char *method, sd_json_variant *parameters,
			   bool aside,
			   void (*done)(struct errand *errand, const struct client_reply *reply))
{
	struct errand *errand = memory_zero(1, sizeof(*errand)), **link = &mirror->errands;

	*errand = (struct errand){
		.mirror = mirror,
		.method = method,
		.parameters = parameters,
		.aside = aside,
		.done = done,
	};
	if (aside && begin(errand) < 0) {
		free_errand(errand);
		return NULL;
	}
	while (*link)
		link = &(*link)->next;
	*link = errand;
	return errand;
}

bool mirror_sends(const struct mirror *mirror)
{
	const struct errand *errand = mirror->errands;

	while (errand && errand->aside)
		errand = errand->next;
	return errand;
}

/* The sentences of p2vd's answer, or what went wrong. The caller frees. */
static char *sentence(const struct errand *errand, const struct client_reply *reply)
{
	AUTO_LIST char **texts = NULL;

	for (size_t i = 0; i < field_count(reply->parameters, "messages"); i++)
		list_append(&texts,
			    text_copy(field_text(field_element(reply->parameters, "messages", i),
						 "text")));
	if (texts)
		return list_join(texts, "; ");
	return client_sentence(errand->client, reply);
}

/* ---- parameters -------------------------------------------------------------------- */

/* Some disks take minutes until they are there. */
static void on_everything(struct errand *errand, const struct client_reply *reply)
{
	struct mirror *mirror = errand->mirror;

	if (reply->result != CLIENT_ANSWER)
		return;
	keep(&mirror->everything, field_value(reply->parameters, "inventory"));
	mirror->late = field_text(reply->parameters, "late");
	if (mirror->late || !field_count(mirror->everything, "disks"))
		arm(mirror->again, LATER);
}

static void look_at_chosen(struct mirror *mirror);

static void on_inventory(struct errand *errand, const struct client_reply *reply)
{
	struct mirror *mirror = errand->mirror;

	mirror->looks = false;
	if (reply->result == CLIENT_ANSWER)
		keep(&mirror->inventory, field_value(reply->parameters, "inventory"));
	if (mirror->stale)
		look_at_chosen(mirror);
}

/* p2vd may answer two calls by one look, as the parameters were when it began: so there is one
 * call at a time. */
static void look_at_chosen(struct mirror *mirror)
{
	mirror->stale = mirror->looks;
	if (!mirror->looks)
		mirror->looks = send(mirror, "GetInventory", NULL, true, on_inventory);
}

void mirror_look(struct mirror *mirror)
{
	sd_json_variant *all = NULL;

	mirror->detailed = true;
	json_put_truth(&all, "all", true);
	send(mirror, "GetInventory", all, true, on_everything);
	look_at_chosen(mirror);
}

/* The inventory tells of what these parameters say. */
static bool has_chosen_other(struct mirror *mirror)
{
	static const enum part parts[] = { PART_MACHINE, PART_DISKS, PART_CARDS };
	AUTO_LIST char **values = NULL;
	AUTO_FREE char *chosen = NULL;
	bool other;

	for (size_t i = 0; i < COUNT(parts); i++)
		for (const char *const *field = part_fields(parts[i]); *field; field++)
			list_append(&values, text_copy(mirror_value(mirror, *field) ?: "\n"));
	chosen = list_join(values, "\n");
	other = !mirror->chosen || strcmp(mirror->chosen, chosen) != 0;
	replace(&mirror->chosen, steal(chosen));
	return other;
}

static void on_parameters(struct errand *errand, const struct client_reply *reply)
{
	struct mirror *mirror = errand->mirror;

	if (reply->result != CLIENT_ANSWER)
		return;
	keep(&mirror->parameters, reply->parameters);
	if (has_chosen_other(mirror) && mirror->detailed)
		look_at_chosen(mirror);
}

static void read_parameters(struct mirror *mirror)
{
	send(mirror, "GetParameters", NULL, false, on_parameters);
	begin_next(mirror);
}

/* The test's result is that of other parameters now. */
static void outdate(struct mirror *mirror)
{
	if (mirror->test != MIRROR_PASSED && mirror->test != MIRROR_FAILED)
		return;
	mirror->test = MIRROR_UNTESTED;
	mirror->outdated = true;
}

static void on_set(struct errand *errand, const struct client_reply *reply)
{
	struct mirror *mirror = errand->mirror;
	struct draft *draft = drafts_find(&mirror->drafts, errand->name);

	/* There may be a newer one, which is under way. */
	for (struct errand *other = mirror->errands; other; other = other->next)
		if (other->name && !strcmp(other->name, errand->name))
			return;
	if (reply->result == CLIENT_ANSWER) {
		secret_free(steal(draft->text));
		if (tested_depends(errand->name))
			outdate(mirror);
		read_parameters(mirror);
	}
	draft->wrong = reply->result != CLIENT_ANSWER;
	draft->open = reply->result == CLIENT_BUSY || reply->result == CLIENT_LOST;
	replace(&draft->sentence, sentence(errand, reply));
}

/* Other bytes than UTF-8 cannot be sent: this is what p2vd would say of them. */
void mirror_refuse(struct mirror *mirror, const char *name, const char *text)
{
	drafts_reject(drafts_new(&mirror->drafts, name), text,
		      "'%s' is wrong: it is not UTF-8: set this terminal to UTF-8, or write it in ASCII");
	change(mirror);
}

void mirror_keep(struct mirror *mirror, const char *name, const char *text)
{
	struct draft *draft = drafts_new(&mirror->drafts, name);

	drafts_reject(draft, text,
		      "'%s' was still being written when another screen opened: complete it, and leave the field");
	draft->half = true;
	change(mirror);
}

void mirror_set(struct mirror *mirror, const char *name, const char *text)
{
	sd_json_variant *value = NULL, *word = NULL, *array = NULL, *parameters = NULL;
	struct errand *errand;

	if (text && sd_json_variant_new_string(&value, text) < 0) {
		mirror_refuse(mirror, name, text);
		return;
	}
	drafts_new(&mirror->drafts, name)->text = text_copy(text);
	json_put_text(&word, "name", name);
	/* Each of them is wiped when it is freed. */
	sd_json_variant_sensitive(value);
	json_put(&word, "value", value);
	sd_json_variant_sensitive(word);
	array = json_array();
	json_append(&array, word);
	sd_json_variant_sensitive(array);
	json_put(&parameters, "parameters", array);
	sd_json_variant_sensitive(parameters);
	errand = send(mirror, "SetParameters", parameters, false, on_set);
	errand->name = text_copy(name);
	change(mirror);
	begin_next(mirror);
}

/* ---- tests and conversions ---------------------------------------------------------- */

static void on_test(struct errand *errand, const struct client_reply *reply)
{
	struct mirror *mirror = errand->mirror;
	sd_json_variant *result = field_value(reply->parameters, "result");
	bool passed = reply->result == CLIENT_ANSWER && field_number(result, "code", 1) == 0;

	mirror->test = passed ? MIRROR_PASSED : MIRROR_FAILED;
	list_free(mirror->test_messages);
	mirror->test_messages = NULL;
	if (reply->result == CLIENT_ANSWER) {
		keep(&mirror->server, field_value(reply->parameters, "server"));
		mirror->test_messages = message_lines(reply->parameters);
		replace(&mirror->reason, text_copy(field_text(result, "reason")));
	} else {
		replace(&mirror->reason, sentence(errand, reply));
	}
}

void mirror_test(struct mirror *mirror)
{
	if (mirror->test == MIRROR_TESTING)
		return;
	mirror->test = MIRROR_TESTING;
	mirror->outdated = false;
	send(mirror, "Test", NULL, true, on_test);
	change(mirror);
}

static void on_begun(struct errand *errand, const struct client_reply *reply)
{
	struct mirror *mirror = errand->mirror;

	replace(&mirror->trouble, reply->result == CLIENT_ANSWER ? NULL : sentence(errand, reply));
}

void mirror_start(struct mirror *mirror)
{
	send(mirror, "Start", NULL, false, on_begun);
	begin_next(mirror);
}

void mirror_cancel(struct mirror *mirror)
{
	/* Not behind others: a person wants an end now. */
	send(mirror, "Cancel", NULL, true, on_begun);
}

void mirror_hold(struct mirror *mirror)
{
	send(mirror, "Hold", NULL, true, on_begun);
}

/* ---- watching ------------------------------------------------------------------------- */

static void take_messages(struct mirror *mirror, sd_json_variant *reply)
{
	char **lines = message_lines(reply);
	size_t surplus, count;

	for (char **line = lines; line && *line; line++, mirror->told++)
		list_append(&mirror->messages, *line);
	free(lines); /* its strings have moved */
	count = list_length(mirror->messages);
	if (count <= MIRROR_MESSAGES)
		return;
	surplus = count - MIRROR_MESSAGES;
	for (size_t i = 0; i < surplus; i++)
		free(mirror->messages[i]);
	memmove(mirror->messages, mirror->messages + surplus,
		(MIRROR_MESSAGES + 1) * sizeof(*mirror->messages));
}

/* A test on another console says as much as ours, but what the server has answered. */
static void take_test(struct mirror *mirror, bool ran)
{
	if (!ran || mirror->test == MIRROR_TESTING || !status_is_over(&mirror->status) ||
	    !mirror->status.has_result || !mirror->status.test)
		return;
	mirror->test = mirror->status.code ? MIRROR_FAILED : MIRROR_PASSED;
	mirror->outdated = false;
	replace(&mirror->reason, text_copy(mirror->status.reason));
}

/* What was entered while p2vd was busy or away. */
static void send_drafts(struct mirror *mirror)
{
	for (size_t i = 0; i < mirror->drafts.count; i++) {
		const struct draft *draft = &mirror->drafts.draft[i];
		AUTO_FREE char *name = text_copy(draft->name);
		char *text = text_copy(draft->text);

		if (draft->open && draft->wrong)
			mirror_set(mirror, name, text);
		secret_free(text);
	}
}

static void take_status(struct mirror *mirror, sd_json_variant *json)
{
	bool first = !mirror->status.json, was_busy = status_is_busy(&mirror->status);

	status_clear(&mirror->status);
	status_read(&mirror->status, json);
	take_test(mirror, first || was_busy);
	if (tested_is_outdated(&mirror->status))
		outdate(mirror);
	/* While p2vd is busy, nobody can set a parameter. */
	if (first || !status_is_busy(&mirror->status))
		read_parameters(mirror);
	if (was_busy && !status_is_busy(&mirror->status))
		send_drafts(mirror);
}

static void on_watch(void *user, const struct client_reply *reply)
{
	struct mirror *mirror = user;
	sd_json_variant *status = field_value(reply->parameters, "status");
	uint64_t told;
	bool was_busy;

	if (reply->result == CLIENT_ANSWER && reply->more) {
		was_busy = status_is_busy(&mirror->status);
		told = mirror->told;
		take_messages(mirror, reply->parameters);
		if (status)
			take_status(mirror, status);
		if (!was_busy && status_is_busy(&mirror->status))
			mirror->begun = told;
		change(mirror);
		return;
	}
	drop_errands(mirror);
	client_free(steal(mirror->watch));
	lose(mirror, "p2vd has gone: it is looked for every second");
}

static void connect_again(struct mirror *mirror)
{
	AUTO_FREE char *reason = NULL;

	list_free(steal(mirror->messages));
	mirror->told = mirror->begun = 0;
	status_clear(&mirror->status);
	if (client_open(mirror->event, mirror->path, &mirror->watch, &reason) < 0) {
		lose(mirror, reason);
		return;
	}
	mirror->connected = true;
	replace(&mirror->trouble, NULL);
	client_watch(mirror->watch, on_watch, mirror);
	if (mirror->detailed)
		mirror_look(mirror);
	send_drafts(mirror);
	change(mirror);
}

static int on_again(sd_event_source *source, uint64_t now, void *user)
{
	struct mirror *mirror = user;

	(void)source, (void)now;
	/* A conversion has its own look, and nothing is read beside it. */
	if (!mirror->watch)
		connect_again(mirror);
	else if (status_is_busy(&mirror->status))
		arm(mirror->again, LATER);
	else
		mirror_look(mirror);
	return 0;
}

struct mirror *mirror_new(sd_event *event, const char *path)
{
	struct mirror *mirror = memory_zero(1, sizeof(*mirror));

	mirror->event = sd_event_ref(event);
	mirror->path = text_copy(path);
	if (sd_event_add_time_relative(event, &mirror->again, CLOCK_MONOTONIC, AGAIN, 0, on_again,
				       mirror) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(mirror->again, SD_EVENT_OFF);
	connect_again(mirror);
	return mirror;
}

void mirror_free(struct mirror *mirror)
{
	if (!mirror)
		return;
	drop_errands(mirror);
	client_free(mirror->watch);
	sd_event_source_disable_unref(mirror->again);
	drafts_clear(&mirror->drafts);
	status_clear(&mirror->status);
	list_free(mirror->messages);
	list_free(mirror->test_messages);
	sd_json_variant_unref(mirror->parameters);
	sd_json_variant_unref(mirror->inventory);
	sd_json_variant_unref(mirror->everything);
	sd_json_variant_unref(mirror->server);
	free(mirror->trouble);
	free(mirror->reason);
	free(mirror->chosen);
	free(mirror->path);
	sd_event_unref(mirror->event);
	free(mirror);
}
