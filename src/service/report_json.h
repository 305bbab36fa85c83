/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2v.report tells: the status that clients see, the machine and the server. */
#ifndef P2VD_REPORT_JSON_H
#define P2VD_REPORT_JSON_H

#include "service/session.h"

#include <systemd/sd-json.h>

/* The caller unrefs. */
sd_json_variant *report_json(const struct session *session);

#endif
