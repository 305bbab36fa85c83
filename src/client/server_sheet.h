/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a conversion server has answered, as a sheet for people. */
#ifndef P2VD_SERVER_SHEET_H
#define P2VD_SERVER_SHEET_H

#include <systemd/sd-json.h>

/* @server is what the interface calls Server, or NULL. What is not known is left out. The caller
 * frees with list_free(); NULL: nothing is known. */
char **server_sheet(sd_json_variant *server);

#endif
