/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2v-fleetd tells other programs, as JSON: API in p2v-fleetd(8). The caller frees texts. */
#ifndef P2VD_API_H
#define P2VD_API_H

#include "fleet/fleet.h"
#include "fleet/summary.h"

char *api_machines(const struct fleet_view *views, size_t count, const struct summary *summary);

/* With its runs and events. */
char *api_machine(struct database *database, const struct fleet_view *view,
		  const struct summary *summary);

/* Of all machines, at most @most after the event @after. */
char *api_events(struct database *database, int64_t after, unsigned most);

/* Reads what another program tells of a machine. What is in @word points into @json, which the
 * caller unrefs. Returns false for nonsense. */
bool api_read_word(const char *text, size_t length, struct fleet_word *word,
		   sd_json_variant **json);

#endif
