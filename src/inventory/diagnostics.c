// SPDX-License-Identifier: GPL-2.0-or-later
/* Which command's output describes the machine in which file. */
#include "inventory/diagnostics.h"

#include <stddef.h>

#define COMMAND(...) ((const char *const[]){ __VA_ARGS__, NULL })

// clang-format off: a row a line
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
