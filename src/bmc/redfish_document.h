/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Redfish's JSON documents say. A BMC may say anything: what does not fit counts as absent. */
#ifndef P2VD_REDFISH_DOCUMENT_H
#define P2VD_REDFISH_DOCUMENT_H

#include "bmc/power.h"

#include <systemd/sd-json.h>

/* @text as a path on the BMC itself, of a link or of a whole URL; NULL: it is none. The caller
 * frees. */
char *redfish_path(const char *text);

/* The path in @document.@member's "@odata.id", or NULL. The caller frees. */
char *redfish_link(sd_json_variant *document, const char *member);

/* The member @name within the member @of, or NULL. It belongs to @document. */
sd_json_variant *redfish_within(sd_json_variant *document, const char *of, const char *name);

enum bmc_power redfish_power(sd_json_variant *system);

/* The first of @wanted, up to a NULL, that is in the array @allowed; if there is no array,
 * the first; NULL: none of them is. */
const char *redfish_choice(const char *const *wanted, sd_json_variant *allowed);

/* The array of the values that are allowed for the reset type by @info, an ActionInfo, or NULL.
 * It belongs to @info. */
sd_json_variant *redfish_reset_types(sd_json_variant *info);

/* What an error document says, in a sentence, or NULL. The caller frees. */
char *redfish_complaint(sd_json_variant *document);

enum redfish_task { TASK_RUNS, TASK_DONE, TASK_FAILED };

enum redfish_task redfish_task(sd_json_variant *task);

#endif
