/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What will happen, what there is to warn of, and the same as words for another machine. */
#ifndef P2VD_REVIEW_H
#define P2VD_REVIEW_H

#include "dialog/mirror.h"

/* A list of lines, each as long as it is. The caller frees with list_free(). */
char **review_lines(const struct mirror *mirror);

#endif
