/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine is, as a sheet for people. */
#ifndef P2VD_INVENTORY_SHEET_H
#define P2VD_INVENTORY_SHEET_H

#include <systemd/sd-json.h>

/* @inventory is an object in the form of p2vd --inventory=json. Of it the sheet has what a person
 * compares with the machine, and all warnings. The caller frees with list_free(). */
char **inventory_sheet(sd_json_variant *inventory);

#endif
