/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The method GetInventory: looks at the hardware once for all clients that wait for it. */
#ifndef P2VD_INVENTORY_CALL_H
#define P2VD_INVENTORY_CALL_H

#include "service/session.h"

#include <systemd/sd-varlink.h>

struct inventory_call;

/* @session must live as long. @live: see disks.h. @all: look for all disks and cards that could
 * be chosen, not for those that are. */
struct inventory_call *inventory_call_new(sd_event *event, const struct session *session, bool live,
					  bool all);
void inventory_call_free(struct inventory_call *call);

/* @link gets its answer from the event loop. */
void inventory_call_add(struct inventory_call *call, sd_varlink *link);

/* To be called when the parameters have changed: who waits gets what they choose now. */
void inventory_call_again(struct inventory_call *call);

/* To be called when a client has gone, which may be none of them. */
void inventory_call_remove(struct inventory_call *call, sd_varlink *link);

#endif
