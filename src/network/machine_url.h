/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * URLs with values of this machine in them: {mac}, {uuid}, {serial} and {hostname}
 * in p2v.config and p2v.done.
 */
#ifndef P2VD_MACHINE_URL_H
#define P2VD_MACHINE_URL_H

#include <stdint.h>

/*
 * Replaces the placeholders in @template, the value of the parameter @name, by the
 * running machine's values. @mac: the address of the card that carries the route,
 * with colons; NULL: the first card's. Returns the URL (the caller calls
 * secret_free()), or NULL if the machine has no such value, with a sentence in
 * @reason (the caller frees).
 */
char *machine_url(const char *template, const char *name, const char *mac, char **reason);

/* Returns the host in @template, without brackets, and the port in *@port; NULL for
 * file:. The caller frees. */
char *machine_url_host(const char *template, uint16_t *port);

#endif
