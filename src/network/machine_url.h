/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A URL that is this machine's own: {mac}, {uuid}, {serial} and {hostname} in
 * p2v.config and p2v.done.
 */
#ifndef P2VD_MACHINE_URL_H
#define P2VD_MACHINE_URL_H

#include <stdint.h>

/*
 * @template, the value of the parameter @name, with the running machine's
 * values put in. @mac: that of the card that carries the route, with colons;
 * NULL for the first card's. The caller frees, by secret_free(). NULL with a
 * sentence in @reason (the caller frees) where the machine lacks one.
 */
char *machine_url(const char *template, const char *name, const char *mac, char **reason);

/* The host and the port that @template names, without brackets; NULL for
 * file:. The caller frees. */
char *machine_url_host(const char *template, uint16_t *port);

#endif
