/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a conversion may take. */
#ifndef P2VD_ESTIMATE_H
#define P2VD_ESTIMATE_H

#include "dialog/mirror.h"

/* A range with what it assumes, as sentences. NULL: nothing is known that it could be made of. The
 * caller frees. */
char *estimate_text(const struct mirror *mirror);

#endif
