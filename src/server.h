/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion server: what the probe script answered, read and judged.
 *
 * The probe prints one fact per line, `key value`; unknown keys are passed
 * over, so that script and reader can grow apart.
 */
#ifndef P2VD_SERVER_H
#define P2VD_SERVER_H

#include "parameters.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server {
	char *user;          /* whom we logged in as */
	char *version;       /* virt-v2v's, "2.6.0"; NULL when there is no virt-v2v */
	unsigned version_major, version_minor;
	char **capabilities; /* of virt-v2v --machine-readable, NULL-terminated */
};

/* Reads the probe's answer. Never fails: what is missing stays empty. */
void server_parse(struct server *server, const char *answer, size_t length);
void server_clear(struct server *server);

/* Whether virt-v2v offers "parallel-option", "output:local" (synonyms known)… */
bool server_can(const struct server *server, const char *capability);

/*
 * Judges the server for this conversion of @bytes (all disks together, 0 when
 * not known): NULL when it will do, else a sentence that tells what is wrong
 * and what to do. The caller frees. What is merely worth knowing is logged.
 */
char *server_judge(const struct server *server, const struct config *config, uint64_t bytes);

/* Why a conversion failed, from the log's text: a sentence that explains
 * virt-v2v's error and says what to do, or NULL where we know none. Static. */
const char *server_explain(const char *log);

#endif
