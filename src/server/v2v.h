/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What virt-v2v is asked to do: its arguments, and the values of the scripts
 * that look after its output. Accepted by every version from 1.28 on.
 */
#ifndef P2VD_V2V_H
#define P2VD_V2V_H

#include "config/config.h"
#include "server/script.h"
#include "server/server.h"

/*
 * Arguments for virt-v2v in the work directory, its own name not among them.
 * @disks: how many there are. A NULL-terminated list; the caller frees.
 */
char **v2v_arguments(const struct config *config, const struct server *server, size_t disks);

/* The keys that the arguments name key-1, key-2 …, one a line, for SCRIPT_LAUNCH;
 * "" without any. The caller frees by secret_free(). */
char *v2v_keys(const struct config *config);

/*
 * -os, or NULL: the default, a directory, is left out for those types of
 * output to which -os means something else or nothing.
 */
const char *v2v_storage(const struct config *config);

#define V2V_VALUES 6

/*
 * Fills in what script.h calls CONVERSION. @name: the guest's. @workdir: NULL
 * for SCRIPT_PROBE. Everything stays the caller's. Returns V2V_VALUES.
 */
size_t v2v_values(const struct config *config, const char *name, const char *workdir,
		  struct script_value values[static V2V_VALUES]);

#endif
