/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of p2vd: what its interface calls Message. */
#ifndef P2VD_MESSAGE_H
#define P2VD_MESSAGE_H

#include <stdbool.h>
#include <systemd/sd-json.h>

/* Each of the array @reply.messages as a line: "error: ...", "warning: ...", or the sentence
 * alone. The caller frees with list_free(); NULL: there is none. */
char **message_lines(sd_json_variant *reply);

/* Whether such a line is a warning or an error. */
bool message_is_trouble(const char *line);

#endif
