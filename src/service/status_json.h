/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the interface tells (interface.h), as JSON values. The caller unrefs them. */
#ifndef P2VD_STATUS_JSON_H
#define P2VD_STATUS_JSON_H

#include "service/session.h"

#include <systemd/sd-json.h>

const char *activity_name(enum activity activity);

/* A Status, a Result, a Server, a Message. */
sd_json_variant *status_json(const struct session *session);
sd_json_variant *result_json(const struct session *session, const struct session_result *result);
sd_json_variant *server_json(const struct server *server, const char *address, const char *hostkey);
sd_json_variant *message_json(int priority, const char *line);

/* All parameters as an array of Parameter. (parameters_json.c) */
sd_json_variant *parameters_json(const struct config *config);

#endif
