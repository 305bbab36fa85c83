/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * p2v-relay (src/relay) for the conversion server. It keeps virt-v2v waiting while the machine
 * cannot be reached, and what has come once. SCRIPT_WORKDIR starts it.
 */
#ifndef P2VD_SERVER_RELAY_H
#define P2VD_SERVER_RELAY_H

#include "config/config.h"
#include "server/server.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The program. Of no bytes where it could not be built. */
const char *relay_program(size_t *length);

/* Why there can be no relay on @server, and what would change that; NULL: there can be one. The
 * caller frees. */
char *relay_obstacle(const struct server *server);

/* Adds its options as @config has them to the list @arguments. */
void relay_add_options(char ***arguments, const struct config *config);

/* Reads just @count lines "port N" of @answer. If it is another text, returns false. */
bool relay_read_ports(const char *answer, uint16_t *ports, size_t count);

/* Why it was not started, after "no-relay " in @answer. */
const char *relay_read_refusal(const char *answer);

#endif
