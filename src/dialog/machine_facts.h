/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What no field of the part Machine says: firmware and clock, here and of the guest. */
#ifndef P2VD_MACHINE_FACTS_H
#define P2VD_MACHINE_FACTS_H

#include "dialog/mirror.h"

/* Lines, a list that the caller frees with list_free(). The clock's time is read under @root, ""
 * for the running system. */
char **machine_facts(const struct mirror *mirror, const char *root);

#endif
