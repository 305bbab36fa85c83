/* SPDX-License-Identifier: GPL-2.0-or-later */
/* p2v-fleetd's interface, asked through its UNIX socket; p2v-fleetd(8) describes it. */
#ifndef P2VD_ASK_H
#define P2VD_ASK_H

#include <stddef.h>
#include <systemd/sd-json.h>

#define ROSTER_MACHINES "/api/v1/machines"

/* Returns 0 and the answer, which the caller frees, or -errno and a reason that says what to do.
 * -ENODEV: there is no such thing. */
int roster_text(const char *control, const char *path, char **text, char **reason);

/* The same for JSON; the caller unrefs. */
int roster_get(const char *control, const char *path, sd_json_variant **document, char **reason);

/* Tells p2v-fleetd what was found out of a machine; unrefs @body. */
int roster_tell(const char *control, const char *mac, sd_json_variant *body, char **reason);

/*
 * The machine with that MAC address, in any spelling, or that name, of the answer to
 * ROSTER_MACHINES. It belongs to @document. NULL and a reason: there is none, or more than one.
 */
sd_json_variant *roster_find(sd_json_variant *document, const char *word, char **reason);

#endif
