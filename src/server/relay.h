/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * p2v-relay (src/relay) for the conversion server. It keeps virt-v2v waiting while the machine
 * cannot be reached, and what has come once. SCRIPT_WORKDIR starts it, or where that cannot be, its
 * substitute, by which virt-v2v waits, too.
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

/* What is to stand in the work directory, to be started where there can be no relay. @disks: as
 * for workdir_make(). The caller frees. */
char *relay_substitute(const struct config *config, char *const *disks);

/* Adds its options as @config has them to the list @arguments. */
void relay_add_options(char ***arguments, const struct config *config);

/* Reads just @count lines "port N" of @answer. If it is another text, returns false. */
bool relay_read_ports(const char *answer, uint16_t *ports, size_t count);

/* If @answer begins with a line "substitute REASON", takes that off and returns REASON. Else returns
 * NULL. The caller frees. */
char *relay_read_substitute(const char **answer);

/* A line of its report (relay/report.h). */
struct relay_report {
	bool of_disk; /* of the disk with index @disk, else of all of them */
	size_t disk;
	uint64_t used, fetched; /* of the disk, bytes */
	bool complete; /* all that is used is on the server */
};

/* Reads the line, or returns false. */
bool relay_read_report(const char *line, struct relay_report *report);

/* Why it was not started, after "no-relay " in @answer. */
const char *relay_read_refusal(const char *answer);

#endif
