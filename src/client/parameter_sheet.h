/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The p2v.* parameters for people: what the interface calls Parameter. @parameters is an
 * array of them.
 */
#ifndef P2VD_PARAMETER_SHEET_H
#define P2VD_PARAMETER_SHEET_H

#include <stdbool.h>
#include <systemd/sd-json.h>

/* The one with this long or short name, which belongs to @reply.parameters; NULL: none. A dash
 * counts as an underscore, as in p2vd. */
sd_json_variant *parameter_sheet_find(sd_json_variant *reply, const char *name);

/* A line for each of @reply.parameters: short name, who has given the value, the value. The
 * caller frees with list_free(). */
char **parameter_sheet_list(sd_json_variant *reply);

/* Everything about one of them, with an empty line at the end. The caller frees with
 * list_free(). */
char **parameter_sheet(sd_json_variant *parameter);

#endif
