/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose turn it is to be switched on, when only so many machines may be on at the same time. What
 * p2v-fleetd tells decides when one has ended. No I/O.
 */
#ifndef P2VD_TURNS_H
#define P2VD_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-json.h>

enum turn_state {
	TURN_WAITS,
	TURN_SWITCHES, /* its BMC is at it */
	TURN_ON,       /* and it has not reported yet, or is at work */
	TURN_SILENT,   /* on, but nothing was heard for too long: it keeps no place */
	TURN_ENDED,
	TURN_REFUSED, /* it could not be switched on */
};

struct turn {
	char *mac, *name;
	enum turn_state state;
	char *run, *seen; /* as last told: before it was switched on, those of an earlier run */
	bool heard;       /* since it was switched on */
	/* Seconds of a clock that does not jump. */
	uint64_t quiet; /* since when nothing was heard */
	/* When its BMC is asked whether it is off, and for how long; 0: not at all. */
	uint64_t off_look, off_end;
};

struct turns {
	struct turn *turn;
	size_t count;
	unsigned most; /* 0: any number at the same time */
	unsigned patience; /* seconds without a word */
};

/* Appends a machine as p2v-fleetd tells it, unless it is there already. */
void turns_add(struct turns *turns, sd_json_variant *machine);
void turns_clear(struct turns *turns);

/* The one to be switched on next; NULL: none is waiting, or there is no place. */
struct turn *turns_next(const struct turns *turns);

/* What p2v-fleetd tells of it before it is switched on. */
void turn_renew(struct turn *turn, sd_json_variant *machine);

/* It is on since @now. */
void turn_begin(struct turn *turn, uint64_t now);

enum turn_news { NEWS_NONE, NEWS_HEARD, NEWS_SILENT, NEWS_ENDED };

/* What is new of it, at @now, by what p2v-fleetd tells: @machine, NULL: nothing. */
enum turn_news turn_look(const struct turns *turns, struct turn *turn, sd_json_variant *machine,
			 uint64_t now);

/* How many are in that state. */
size_t turns_in(const struct turns *turns, enum turn_state state);

#endif
