/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2v-fleetd says of a machine, in words for people. The caller frees each text. */
#ifndef P2VD_WORDS_H
#define P2VD_WORDS_H

#include <stdbool.h>
#include <systemd/sd-json.h>
#include <time.h>

/* The moment that an RFC 3339 text in UTC names; 0: none. */
time_t words_moment(const char *text);

/* For how long something has been so, "5 min", "3 h", "2 days"; "" for no moment. */
char *words_since(const char *since, time_t now);

/* "working: converting", "queued, place 3", "failed". */
char *words_state(sd_json_variant *machine);

/* "46 %", or "" if it is not known. */
char *words_done(sd_json_variant *machine);

/* "3.5", the hours that it will take about, or "". */
char *words_hours(sd_json_variant *machine);
double words_hours_number(sd_json_variant *machine); /* 0: not known */

/* "98.0 MiB/s", or "". */
char *words_rate(sd_json_variant *machine);

/* "1:04:49", or "". */
char *words_left(sd_json_variant *machine);

/* What to know and to do: why it has failed, whether it is known to be off. */
char *words_note(sd_json_variant *machine);

/* The name, or the MAC address if it has none; belongs to @machine. */
const char *words_name(sd_json_variant *machine);

/* Where its group stands: what goes wrong comes first. */
unsigned words_rank(const char *group);

/* Whether a machine of that group needs nothing more than somebody's decision. */
bool words_is_over(const char *group);

/* Whether what it does would be lost if it were switched off. */
bool words_is_at_work(sd_json_variant *machine);

/* "40 machines: 1 failed, 3 working, 36 converted". */
char *words_counts(sd_json_variant *document);

#endif
