// SPDX-License-Identifier: GPL-2.0-or-later
/* Machines switched off by their BMCs, or asked, many beside each other. */
#include "roster/switching.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"
#include "roster/words.h"

#include <string.h>

/* What a process of the crew returns beside -errno. */
enum { IS_OFF, WAS_CUT, IS_ON, IS_UNKNOWN };

void switching_tell(const struct desk *desk, const char *mac, const char *name, const char *power,
		    const char *error, bool begun)
{
	static bool told; /* once is enough */
	AUTO_FREE char *reason = NULL;
	sd_json_variant *body = NULL, *line = NULL;
	char moment[32];
	time_t now = time(NULL);

	if (power)
		json_put_text(&body, "power", power);
	json_put_text(&body, "power_error", error ?: ""); /* none: an earlier one is over */
	strftime(moment, sizeof(moment), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	if (begun)
		json_put_text(&body, "powered", moment);
	if (roster_tell(desk->control, mac, body, &reason) < 0 && !told) {
		desk_say("warning: p2v-fleetd and its page do not know: %s", reason);
		told = true;
	}
	json_put_text(&line, "mac", mac);
	json_put_text(&line, "name", name);
	if (power)
		json_put_text(&line, "power", power);
	if (error)
		json_put_text(&line, "error", error);
	screen_json(desk->screen, line, true);
	sd_json_variant_unref(line);
}

static void clear(struct switching *switching)
{
	for (size_t i = 0; i < switching->count; i++) {
		free(switching->machine[i].mac);
		free(switching->machine[i].name);
	}
	free(switching->machine);
	keys_free(switching->keys);
}

/* ---- which machines ------------------------------------------------------------ */

static int add(struct switching *switching, const char *mac, const char *name)
{
	struct switched machine = { 0 };
	AUTO_FREE char *reason = NULL;

	for (size_t i = 0; i < switching->count; i++)
		if (!strcmp(switching->machine[i].mac, mac))
			return DESK_DONE; /* it was named twice */
	if (keys_login(switching->keys, mac, &machine.login, &reason) < 0) {
		desk_say("%s: %s", name, reason);
		return DESK_WRONG;
	}
	machine.mac = text_copy(mac);
	machine.name = text_copy(name);
	APPEND(switching->machine, switching->count, machine);
	return DESK_DONE;
}

/* By p2v-fleetd, if it is there (@document), else by the lists. */
static int add_word(struct switching *switching, sd_json_variant *document, const char *word)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *machine = roster_find(document, word, &reason);
	const struct bmc *bmc = keys_find(switching->keys, word);

	if (machine)
		return add(switching, field_text(machine, "mac"), words_name(machine));
	if (bmc && !document)
		return add(switching, bmc->mac, bmc->name ?: bmc->mac);
	if (document)
		desk_say("%s", reason);
	else
		desk_say("there is no machine '%s' with a BMC in the lists", word);
	return DESK_WRONG;
}

static int refuse_at_work(const struct switching *switching, sd_json_variant *document)
{
	int code = DESK_DONE;

	for (size_t i = 0; i < switching->count; i++) {
		AUTO_FREE char *reason = NULL, *state = NULL, *done = NULL;
		sd_json_variant *machine = roster_find(document, switching->machine[i].mac,
						       &reason);

		if (!machine || !words_is_at_work(machine))
			continue;
		state = words_state(machine);
		done = words_done(machine);
		desk_say("%s is at work (%s%s%s): nothing was switched off; with --force it is all the same, and its conversion fails",
			 switching->machine[i].name, state, *done ? ", " : "", done);
		code = DESK_FAILED;
	}
	return code;
}

/* Reads the lists and finds the machines of the command line. @needs: p2v-fleetd must answer. */
static int begin(struct switching *switching, bool needs, sd_json_variant **document)
{
	const struct desk *desk = switching->desk;
	AUTO_FREE char *reason = NULL, *wrong = NULL;
	int code = DESK_DONE;

	if (roster_get(desk->control, ROSTER_MACHINES, document, &reason) < 0 && needs) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	if (keys_read(desk, &switching->keys, &wrong) < 0) {
		desk_say("%s", wrong);
		return DESK_WRONG;
	}
	for (char *const *word = desk->words; *word; word++)
		code = add_word(switching, *document, *word) ?: code;
	return code;
}

/* ---- what is done ------------------------------------------------------------------ */

static int do_off(void *user, size_t index, char **sentence)
{
	const struct switching *switching = user;
	bool forced = false;
	int r = bmc_switch_off(&switching->machine[index].login, switching->desk->grace, &forced,
			       sentence);

	return r < 0 ? r : forced ? WAS_CUT : IS_OFF;
}

static int do_ask(void *user, size_t index, char **sentence)
{
	const struct switching *switching = user;
	enum bmc_power power = BMC_UNKNOWN;
	int r = bmc_ask(&switching->machine[index].login, &power, sentence);

	return r < 0 ? r : power == BMC_ON ? IS_ON : power == BMC_OFF ? IS_OFF : IS_UNKNOWN;
}

static void show(const struct switching *switching, const struct crew_result *result)
{
	static const char *const texts[] = { "off", "off: its power was cut", "on", "unknown" };
	static const char *const powers[] = { "off", "off", "on", "unknown" };
	const struct switched *machine = &switching->machine[result->index];
	AUTO_FREE char *line = NULL;

	if (result->code < 0) {
		desk_say("%s: its BMC '%s': %s", machine->name, machine->login.bmc->address,
			 result->sentence);
		switching_tell(switching->desk, machine->mac, machine->name, NULL, result->sentence,
			       false);
		return;
	}
	line = text_format("%s: %s", machine->name, texts[result->code]);
	screen_line(switching->desk->screen, line);
	switching_tell(switching->desk, machine->mac, machine->name, powers[result->code], NULL,
		       false);
}

static void warn_unchecked(const struct switching *switching)
{
	size_t count = 0;

	for (size_t i = 0; i < switching->count; i++)
		count += switching->machine[i].login.bmc->unchecked;
	if (count)
		desk_say("warning: the certificates of %zu BMCs are not checked (redfish-insecure): whoever answers there learns the password",
			 count);
}

/* Has each machine's work done, some of them at the same time. Returns an exit code. */
static int work(struct switching *switching, crew_work_t function)
{
	struct crew *crew = crew_new();
	struct crew_result result;
	int code = DESK_DONE;
	size_t next = 0;

	warn_unchecked(switching);
	while (next < switching->count || crew_size(crew)) {
		while (next < switching->count && crew_size(crew) < SWITCHING_MOST &&
		       crew_begin(crew, function, switching, next) == 0)
			next++;
		if (!crew_wait(crew, crew_size(crew) ? -1 : 1000, &result))
			continue;
		show(switching, &result);
		if (result.code < 0)
			code = DESK_FAILED;
		free(result.sentence);
	}
	crew_free(crew);
	return code;
}

int switching_off(const struct desk *desk)
{
	struct switching switching = { .desk = desk };
	sd_json_variant *document = NULL;
	int code = begin(&switching, !desk->force, &document);

	if (code == DESK_DONE && !desk->force)
		code = refuse_at_work(&switching, document);
	if (code == DESK_DONE)
		code = work(&switching, do_off);
	sd_json_variant_unref(document);
	clear(&switching);
	return code;
}

int switching_ask(const struct desk *desk)
{
	struct switching switching = { .desk = desk };
	sd_json_variant *document = NULL;
	const struct bmc *bmc;
	int code = begin(&switching, false, &document);

	/* None is named: all that have a BMC. */
	for (size_t i = 0; code == DESK_DONE && !*desk->words; i++) {
		bmc = keys_bmc(switching.keys, i);
		if (!bmc)
			break;
		code = add(&switching, bmc->mac, bmc->name ?: bmc->mac);
	}
	if (code == DESK_DONE)
		code = work(&switching, do_ask);
	sd_json_variant_unref(document);
	clear(&switching);
	return code;
}
