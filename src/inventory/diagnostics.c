// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of files that describe the machine, and of the commands that write them. */
#include "inventory/diagnostics.h"

#include <stddef.h>

#define COMMAND(...) ((const char *const[]){ __VA_ARGS__, NULL })

// clang-format off: one row per line
static const struct diagnostic table[] = {
	{ "dmesg", COMMAND("dmesg") },
	{ "lscpu", COMMAND("lscpu") },
	{ "lspci", COMMAND("lspci", "-vvv") },
	{ "lsscsi", COMMAND("lsscsi", "-v") },
	{ "lsusb", COMMAND("lsusb", "-v") },
	{ NULL, NULL },
};
// clang-format on

const struct diagnostic *diagnostics_table(void)
{
	return table;
}
