// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose turn it is to be switched on. */
#include "roster/turns.h"

#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/words.h"

#include <stdlib.h>
#include <string.h>

static void free_turn(struct turn *turn)
{
	free(turn->mac);
	free(turn->name);
	free(turn->run);
	free(turn->seen);
}

void turns_add(struct turns *turns, sd_json_variant *machine)
{
	struct turn turn = {
		.mac = text_copy(field_text(machine, "mac") ?: ""),
		.name = text_copy(words_name(machine)),
		.run = text_copy(field_text(machine, "run") ?: ""),
		.seen = text_copy(field_text(machine, "seen") ?: ""),
	};

	for (size_t i = 0; i < turns->count; i++)
		if (!strcmp(turns->turn[i].mac, turn.mac)) {
			free_turn(&turn);
			return; /* it was named twice */
		}
	APPEND(turns->turn, turns->count, turn);
}

void turns_clear(struct turns *turns)
{
	for (size_t i = 0; i < turns->count; i++)
		free_turn(&turns->turn[i]);
	free(turns->turn);
	*turns = (struct turns){ 0 };
}

size_t turns_in(const struct turns *turns, enum turn_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < turns->count; i++)
		count += turns->turn[i].state == state;
	return count;
}

struct turn *turns_next(const struct turns *turns)
{
	const size_t on = turns_in(turns, TURN_SWITCHES) + turns_in(turns, TURN_ON);

	if (turns->most && on >= turns->most)
		return NULL;
	for (size_t i = 0; i < turns->count; i++)
		if (turns->turn[i].state == TURN_WAITS)
			return &turns->turn[i];
	return NULL;
}

void turn_begin(struct turn *turn, uint64_t now)
{
	turn->state = TURN_ON;
	turn->quiet = now;
}

/* Whether @text is another than *@kept, which it becomes. */
static bool renew(char **kept, const char *text)
{
	if (!text || !strcmp(*kept, text))
		return false;
	free(*kept);
	*kept = text_copy(text);
	return true;
}

void turn_renew(struct turn *turn, sd_json_variant *machine)
{
	renew(&turn->run, field_text(machine, "run"));
	renew(&turn->seen, field_text(machine, "seen"));
}

enum turn_news turn_look(const struct turns *turns, struct turn *turn, sd_json_variant *machine,
			 uint64_t now)
{
	const bool had_heard = turn->heard;
	bool run, seen;

	if (turn->state != TURN_ON && turn->state != TURN_SILENT)
		return NEWS_NONE;
	/* Not by times: the clocks of a fleet may jump. */
	run = renew(&turn->run, field_text(machine, "run"));
	seen = renew(&turn->seen, field_text(machine, "seen"));
	if (run || seen) {
		turn->heard = true;
		turn->quiet = now;
		turn->state = TURN_ON; /* even where this makes one too many: it works */
	}
	if (turn->heard && words_is_over(field_text(machine, "group") ?: "")) {
		turn->state = TURN_ENDED;
		return NEWS_ENDED;
	}
	if (turn->state == TURN_ON && now - turn->quiet >= turns->patience) {
		turn->state = TURN_SILENT;
		return NEWS_SILENT;
	}
	return turn->heard && !had_heard ? NEWS_HEARD : NEWS_NONE;
}
