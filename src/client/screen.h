/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person at a shell sees: lines, and on a terminal below them an area that is drawn
 * again and again in place. Elsewhere the area's lines are printed every 30 s at most.
 *
 * What comes from p2vd may quote a server or a disk: a character that a terminal would obey
 * becomes ?. A program that is asked for JSON prints nothing but that: screen_json() then
 * prints, and all others do not.
 */
#ifndef P2VD_SCREEN_H
#define P2VD_SCREEN_H

#include <stdbool.h>
#include <stdio.h>
#include <systemd/sd-json.h>

struct screen;

/* On @file, which stays open. @json: only JSON is asked for. */
struct screen *screen_new(FILE *file, bool json);

/* What was drawn stays. NULL is fine. */
void screen_free(struct screen *screen);

/* Prints a line above the area; a terminal gets it broken at blanks. */
void screen_line(struct screen *screen, const char *text);

/* Prints each of @lines, which fit as they are, above the area. */
void screen_lines(struct screen *screen, char *const *lines);

/* Prints @value, if JSON is asked for. @line: on one line, even on a terminal. */
void screen_json(struct screen *screen, sd_json_variant *value, bool line);

/* Draws @lines, a list or NULL, in place of the area before. On a terminal that is narrower
 * they are cut, so that each takes one row. */
void screen_area(struct screen *screen, char *const *lines);

#endif
