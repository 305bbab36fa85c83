/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What virt-v2v has to do: its arguments, which every version since 1.28 accepts, and
 * the values for the scripts that deal with its output.
 */
#ifndef P2VD_V2V_H
#define P2VD_V2V_H

#include "config/config.h"
#include "server/script.h"
#include "server/server.h"

/*
 * Arguments for virt-v2v in the work directory, without its own name.
 * @disks: how many there are. A NULL-terminated list; the caller frees.
 */
char **v2v_arguments(const struct config *config, const struct server *server, size_t disks);

/*
 * What the arguments leave out because it is secret, for SCRIPT_LAUNCH; "" for nothing. The
 * caller frees by secret_free(). First the keys whose files the arguments name key-1, key-2 …,
 * one per line. Then, if there is more, an empty line and a NAME=VALUE per line: "connection"
 * (-oc), if it has a password; of the secret options (-oo) those of OpenStack as variables of
 * its environment (OS_PASSWORD), others as they are.
 */
char *v2v_secrets(const struct config *config);

/* Takes the value "connection" out of @values if it is secret, for scripts that stay on the
 * server in files. The wrapper gets it with v2v_secrets(). */
void v2v_hide(struct script_value *values, size_t count);

/*
 * Where the guest @name is after a success, and the command to go on with, for people:
 * "in '/var/tmp' on the server; next, there: virsh define '/var/tmp/web.xml'". The caller frees.
 */
char *v2v_result(const struct config *config, const char *name);

#define V2V_VALUES 6

/*
 * Fills in the values that script.h calls CONVERSION. @name: the guest's. @workdir:
 * NULL for the scripts that need none. The strings stay the caller's. Returns V2V_VALUES.
 */
size_t v2v_values(const struct config *config, const char *name, const char *workdir,
		  struct script_value values[static V2V_VALUES]);

#endif
