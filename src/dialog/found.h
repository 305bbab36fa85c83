/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine has, or who has given a value, as a short note beside a field. */
#ifndef P2VD_FOUND_H
#define P2VD_FOUND_H

#include "dialog/mirror.h"

/* The caller frees. */
char *found_note(const struct mirror *mirror, const char *name);

#endif
