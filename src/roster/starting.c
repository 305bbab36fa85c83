// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Machines switched on, to boot from the network once; with a limit, as many at a time, the next
 * one when one has ended. What runs until then is only this program: when it ends, those that
 * are on go on.
 */
#include "roster/starting.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"
#include "roster/later.h"
#include "roster/switching.h"
#include "roster/turns.h"
#include "roster/words.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define LOOK_MILLISECONDS 500
/* After its conversion, a machine switches itself off within so many seconds. */
#define OFF_SECONDS 300
#define OFF_LOOK_SECONDS 5

struct starting {
	const struct desk *desk;
	struct keys *keys;
	struct turns turns;
	const char **chosen; /* the BMCs of "all", which belong to the keys */
	size_t chosen_count;
	struct crew *crew;
	size_t failed; /* that could not be switched on, have failed or are silent */
	bool lost;     /* p2v-fleetd has not answered, and that is told */
};

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
	told_to_end = number;
}

static uint64_t now(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &time);
	return (uint64_t)time.tv_sec;
}

/* ---- which machines -------------------------------------------------------------- */

const char *starting_refusal(sd_json_variant *machine)
{
	const char *entry = field_text(machine, "entry") ?: "none";

	if (words_is_at_work(machine))
		return "it is at work already";
	if (!strcmp(entry, "convert"))
		return NULL;
	/* It would start its own disk, perhaps beside its guest. */
	return !strcmp(entry, "done") ?
		       "it is done, and would start its own disk: run 'p2v-fleet again' first" :
	       !strcmp(entry, "given up") ?
		       "it was given up, and would start its own disk: run 'p2v-fleet again' first" :
		       "it has no entry to boot from the network: run 'p2v-pxe apply'";
}

static void name_by_hand(char *const *names)
{
	AUTO_FREE char *joined = NULL;

	if (!names)
		return;
	joined = list_join(names, ", ");
	desk_say("warning: to be switched on by hand, because they have no BMC in the lists, or no password: %s",
		 joined);
}

/* Whether this BMC is not yet chosen, which it is from then on: one of two cards of a machine is
 * enough. */
static bool is_another(struct starting *starting, const char *address)
{
	for (size_t i = 0; i < starting->chosen_count; i++)
		if (!strcmp(starting->chosen[i], address))
			return false;
	APPEND(starting->chosen, starting->chosen_count, address);
	return true;
}

/* All that can be. */
static int add_all(struct starting *starting, sd_json_variant *document)
{
	AUTO_LIST char **by_hand = NULL;

	for (size_t i = 0; i < field_count(document, "machines"); i++) {
		sd_json_variant *machine = field_element(document, "machines", i);
		AUTO_FREE char *reason = NULL;
		struct bmc_login login;

		if (starting_refusal(machine))
			continue;
		if (keys_login(starting->keys, field_text(machine, "mac") ?: "", &login, &reason) <
		    0)
			list_append(&by_hand, text_copy(words_name(machine)));
		else if (is_another(starting, login.bmc->address))
			turns_add(&starting->turns, machine);
	}
	name_by_hand(by_hand);
	return DESK_DONE;
}

static int add_word(struct starting *starting, sd_json_variant *document, const char *word)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *machine = roster_find(document, word, &reason);
	struct bmc_login login;
	const char *refusal;

	if (!machine) {
		desk_say("%s", reason);
		return DESK_WRONG;
	}
	refusal = starting_refusal(machine);
	if (!refusal && keys_login(starting->keys, field_text(machine, "mac"), &login, &reason) < 0)
		refusal = reason;
	if (refusal) {
		desk_say("%s: %s", words_name(machine), refusal);
		return DESK_WRONG;
	}
	turns_add(&starting->turns, machine);
	return DESK_DONE;
}

static int choose(struct starting *starting, sd_json_variant *document)
{
	int code = DESK_DONE;

	for (char *const *word = starting->desk->words; *word; word++)
		code = (!strcmp(*word, "all") ? add_all(starting, document) : add_word(starting, document, *word)) ?:
			       code;
	return code;
}

/* ---- what is done ------------------------------------------------------------------- */

static int login_of(struct starting *starting, size_t index, struct bmc_login *login, char **reason)
{
	return keys_login(starting->keys, starting->turns.turn[index].mac, login, reason);
}

static int switch_on(void *user, size_t index, char **sentence)
{
	struct bmc_login login;
	int r = login_of(user, index, &login, sentence);

	return r < 0 ? r : bmc_switch_on(&login, sentence);
}

static int ask_off(void *user, size_t index, char **sentence)
{
	struct bmc_login login;
	enum bmc_power power = BMC_UNKNOWN;
	int r = login_of(user, index, &login, sentence);

	r = r < 0 ? r : bmc_ask(&login, &power, sentence);
	return r < 0 ? r : (int)power;
}

/* For who asks for JSON; what a BMC has done, switching_tell() tells. */
static void tell(const struct starting *starting, const struct turn *turn, const char *event,
		 const char *reason)
{
	sd_json_variant *line = NULL;

	json_put_text(&line, "mac", turn->mac);
	json_put_text(&line, "name", turn->name);
	json_put_text(&line, "event", event);
	json_put_text(&line, "reason", reason);
	screen_json(starting->desk->screen, line, true);
	sd_json_variant_unref(line);
}

static void say(const struct starting *starting, const struct turn *turn, const char *what)
{
	AUTO_FREE char *line = text_format("%s: %s", turn->name, what);

	screen_line(starting->desk->screen, line);
}

static void take_on(struct starting *starting, struct turn *turn, const struct crew_result *result)
{
	const char *wrong = result->sentence ?: "its BMC did not do it";

	if (result->code < 0) {
		turn->state = TURN_REFUSED;
		starting->failed++;
		desk_say("%s is not switched on: %s", turn->name, wrong);
		switching_tell(starting->desk, turn->mac, turn->name,
			       result->code == -EALREADY ? "on" : NULL, wrong, false);
		return;
	}
	turn_begin(turn, now());
	say(starting, turn, "switched on, boots from the network");
	switching_tell(starting->desk, turn->mac, turn->name, "on", NULL, true);
}

static void warn_on(const struct starting *starting, struct turn *turn, const char *why)
{
	turn->off_end = 0;
	desk_say("warning: %s is converted and %s: turn it off before its guest starts", turn->name,
		 why ?: "still on");
	switching_tell(starting->desk, turn->mac, turn->name, why ? "unknown" : "on", why, false);
}

/* Whether a machine that is converted is off. */
static void take_off(struct starting *starting, struct turn *turn, const struct crew_result *result)
{
	AUTO_FREE char *why = result->code < 0 ?
				      text_format("not known to be off (%s)", result->sentence) :
				      NULL;

	if (result->code == BMC_OFF) {
		turn->off_end = 0;
		say(starting, turn, "off");
		switching_tell(starting->desk, turn->mac, turn->name, "off", NULL, false);
	} else if (now() >= turn->off_end || told_to_end) {
		warn_on(starting, turn, why);
	} else {
		turn->off_look = now() + OFF_LOOK_SECONDS;
	}
}

/* Asks the BMCs of those that are converted and not yet off. */
static void look_for_off(struct starting *starting)
{
	for (size_t i = 0; i < starting->turns.count; i++) {
		struct turn *turn = &starting->turns.turn[i];

		if (!turn->off_end || !turn->off_look || turn->off_look > now() ||
		    crew_size(starting->crew) >= SWITCHING_MOST)
			continue;
		if (crew_begin(starting->crew, ask_off, starting, i) == 0)
			turn->off_look = 0;
	}
}

static bool waits_for_off(const struct starting *starting)
{
	for (size_t i = 0; i < starting->turns.count; i++)
		if (starting->turns.turn[i].off_end)
			return true;
	return false;
}

static void take(struct starting *starting, struct crew_result *result)
{
	struct turn *turn = &starting->turns.turn[result->index];

	if (result->work == switch_on)
		take_on(starting, turn, result);
	else
		take_off(starting, turn, result);
	free(result->sentence);
}

static void end_turn(struct starting *starting, struct turn *turn, sd_json_variant *machine)
{
	const char *group = field_text(machine, "group") ?: "",
		   *reason = field_text(machine, "reason");
	AUTO_FREE char *line = text_format("%s%s%s", group, reason ? ": " : "", reason ?: "");

	say(starting, turn, line);
	tell(starting, turn, group, reason);
	starting->failed += !strcmp(group, "failed") || !strcmp(group, "given up");
	if (strcmp(group, "converted") != 0)
		return;
	turn->off_look = now();
	turn->off_end = turn->off_look + OFF_SECONDS;
}

static void look_at(struct starting *starting, struct turn *turn, sd_json_variant *machine)
{
	const unsigned patience = starting->turns.patience;
	AUTO_FREE char *line = NULL;

	switch (turn_look(&starting->turns, turn, machine, now())) {
	case NEWS_NONE:
		break;
	case NEWS_HEARD:
		starting->failed -= turn->state == TURN_SILENT;
		say(starting, turn, "reports");
		tell(starting, turn, "reports", NULL);
		break;
	case NEWS_SILENT:
		starting->failed++;
		line = text_format("nothing was heard from it for %u %s: look at its console, and whether it boots from the network%s",
				   patience < 120 ? patience : patience / 60,
				   patience < 120 ? "seconds" : "minutes",
				   starting->turns.most ? "; the next machine gets its place" : "");
		desk_say("%s: %s", turn->name, line);
		tell(starting, turn, "silent", line);
		break;
	case NEWS_ENDED:
		end_turn(starting, turn, machine);
		break;
	}
}

/* How all machines stand, or NULL: p2v-fleetd does not tell. The caller unrefs. */
static sd_json_variant *ask_fleetd(struct starting *starting)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *document = NULL;
	int r = roster_get(starting->desk->control, ROSTER_MACHINES, &document, &reason);

	if (r < 0 && !starting->lost)
		desk_say("%s; trying again", reason);
	starting->lost = r < 0;
	return document;
}

static void look(struct starting *starting)
{
	sd_json_variant *document = ask_fleetd(starting);

	for (size_t i = 0; document && i < starting->turns.count; i++) {
		struct turn *turn = &starting->turns.turn[i];
		AUTO_FREE char *none = NULL;

		/* Of 500 machines, only a few are on. */
		if (turn->state != TURN_ON && turn->state != TURN_SILENT)
			continue;
		look_at(starting, turn, roster_find(document, turn->mac, &none));
	}
	sd_json_variant_unref(document);
}

/* Returns false if it cannot just now. */
static bool begin_turn(struct starting *starting, struct turn *turn, sd_json_variant *document)
{
	AUTO_FREE char *unknown = NULL;
	sd_json_variant *machine = roster_find(document, turn->mac, &unknown);
	const char *refusal = machine ? starting_refusal(machine) : unknown;

	if (refusal) { /* it has waited for hours, perhaps, and somebody has come before */
		turn->state = TURN_REFUSED;
		desk_say("%s is left alone: %s", turn->name, refusal);
		tell(starting, turn, "left alone", refusal);
		return true;
	}
	turn_renew(turn, machine);
	if (crew_begin(starting->crew, switch_on, starting, (size_t)(turn - starting->turns.turn)) <
	    0)
		return false; /* no process can be made */
	turn->state = TURN_SWITCHES;
	return true;
}

static void begin_some(struct starting *starting)
{
	sd_json_variant *document = NULL;
	struct turn *turn;

	while (crew_size(starting->crew) < SWITCHING_MOST &&
	       (turn = turns_next(&starting->turns))) {
		if (!document)
			document = ask_fleetd(starting);
		if (!document || !begin_turn(starting, turn, document))
			break;
	}
	sd_json_variant_unref(document);
}

/* Without a limit, all is done when they are on: the page, and "p2v-fleet watch", show the rest. */
static bool goes_on(const struct starting *starting)
{
	const struct turns *turns = &starting->turns;

	if (crew_size(starting->crew) || told_to_end)
		return crew_size(starting->crew);
	return turns_in(turns, TURN_WAITS) || waits_for_off(starting) ||
	       (turns->most && turns_in(turns, TURN_ON));
}

static void work(struct starting *starting)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	starting->crew = crew_new();
	do {
		struct crew_result result;

		if (!told_to_end)
			begin_some(starting);
		while (crew_wait(starting->crew, crew_size(starting->crew) ? LOOK_MILLISECONDS : 0,
				 &result)) {
			take(starting, &result);
			if (!told_to_end)
				begin_some(starting);
		}
		if (goes_on(starting) && !crew_size(starting->crew))
			nanosleep(&(struct timespec){ .tv_nsec = LOOK_MILLISECONDS * 1000000L },
				  NULL);
		if (starting->turns.most && !told_to_end)
			look(starting);
		if (!told_to_end)
			look_for_off(starting);
	} while (goes_on(starting));
	crew_free(starting->crew);
}

static int end(struct starting *starting)
{
	const size_t waiting = turns_in(&starting->turns, TURN_WAITS);
	const size_t ended = turns_in(&starting->turns, TURN_ENDED);

	for (size_t i = 0; i < starting->turns.count; i++)
		if (starting->turns.turn[i].off_end)
			warn_on(starting, &starting->turns.turn[i], NULL);
	if (told_to_end) {
		desk_say("%zu machines were not switched on: give the same command again for them; those that are on go on",
			 waiting);
		return 128 + told_to_end;
	}
	if (starting->turns.most)
		desk_say("%zu machines: %zu have ended, %zu need you: see p2v-fleet list",
			 starting->turns.count, ended, starting->failed);
	else
		desk_say("%zu machines are switched on, %zu are not: p2v-fleet watch shows how they stand",
			 turns_in(&starting->turns, TURN_ON), starting->failed);
	return starting->failed ? DESK_FAILED : DESK_DONE;
}

static void warn_unchecked(const struct starting *starting)
{
	size_t count = 0;

	for (size_t i = 0; i < starting->turns.count; i++) {
		AUTO_FREE char *reason = NULL;
		struct bmc_login login;

		count += keys_login(starting->keys, starting->turns.turn[i].mac, &login, &reason) ==
				 0 &&
			 login.bmc->unchecked;
	}
	if (count)
		desk_say("warning: the certificates of %zu BMCs are not checked (redfish-insecure): whoever answers there learns the password",
			 count);
}

/* Reads all, and says what is wrong with it, also of what is to begin later. */
static int prepare(struct starting *starting)
{
	const struct desk *desk = starting->desk;
	AUTO_FREE char *reason = NULL, *wrong = NULL;
	sd_json_variant *document = NULL;
	int code;

	if (roster_get(desk->control, ROSTER_MACHINES, &document, &reason) < 0) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	if (keys_read(desk, &starting->keys, &wrong) < 0) {
		desk_say("%s", wrong);
		code = DESK_WRONG;
	} else {
		code = choose(starting, document);
	}
	sd_json_variant_unref(document);
	return code;
}

int starting_run(const struct desk *desk)
{
	struct starting starting = { .desk = desk };
	int code;

	starting.turns.most = desk->most;
	starting.turns.patience = desk->patience;
	code = prepare(&starting);
	if (code == DESK_DONE && !starting.turns.count) {
		desk_say("there is no machine to be switched on: see p2v-fleet list");
	} else if (code == DESK_DONE && desk->at) {
		code = later_begin(desk, starting.turns.count);
	} else if (code == DESK_DONE) {
		warn_unchecked(&starting);
		work(&starting);
		code = end(&starting);
	}
	turns_clear(&starting.turns);
	free(starting.chosen);
	keys_free(starting.keys);
	return code;
}
