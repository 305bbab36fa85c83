/* SPDX-License-Identifier: GPL-2.0-or-later */
/* p2v-pxe(8), which has what machines boot from the network in its hands: again, skip, adopt. */
#ifndef P2VD_PXE_H
#define P2VD_PXE_H

#include "roster/desk.h"

/* Each returns an exit code. "failed" among the words of again means all that have failed. */
int pxe_again(const struct desk *desk);
int pxe_skip(const struct desk *desk);
int pxe_adopt(const struct desk *desk);

/* The program itself, beside ours, in the source tree, or in PATH. The caller frees. */
char *pxe_program(void);

#endif
