/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of each machine, as a table for a spreadsheet: report.csv. No I/O. */
#ifndef P2VD_FLEET_CSV_H
#define P2VD_FLEET_CSV_H

#include "fleet/database.h"

#include <stdio.h>

/* The line with the names of the columns. */
void fleet_csv_head(FILE *out);

/* A line of one run; @name: the machine's, or NULL. @failures: runs of it that have failed. */
void fleet_csv_run(FILE *out, const struct database_run *run, const char *name, unsigned failures);

/* A line of a machine without a run. @state: how it stands. */
void fleet_csv_machine(FILE *out, const char *mac, const char *name, const char *state);

#endif
