/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of several operating systems virt-v2v converts. */
#ifndef P2VD_V2V_ROOT_H
#define P2VD_V2V_ROOT_H

/* A warning when @line of virt-v2v's log tells that it chose by itself between several
 * operating systems, with the p2v.root to give for another one; NULL for any other line.
 * The caller frees. */
char *v2v_root_warning(const char *line);

#endif
