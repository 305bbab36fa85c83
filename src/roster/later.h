/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A start that is put off: by a transient timer of systemd's, which outlives us. */
#ifndef P2VD_LATER_H
#define P2VD_LATER_H

#include "roster/desk.h"

#include <stddef.h>

/* Has the same start of @count machines begin at desk->at. Returns an exit code. */
int later_begin(const struct desk *desk, size_t count);

#endif
