/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which parameters the result of a test depends on. */
#ifndef P2VD_TESTED_H
#define P2VD_TESTED_H

#include "client/status.h"

/* Whether the result is out of date when this parameter is set, by its long name. */
bool tested_depends(const char *name);

/* Whether it is so by what has been set since, on whichever console. */
bool tested_is_outdated(const struct status *status);

#endif
