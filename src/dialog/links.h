/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's network links, as lines for people. */
#ifndef P2VD_LINKS_H
#define P2VD_LINKS_H

#include "dialog/mirror.h"

/*
 * A line for each link but the loopback: name, whether it has a link, speed, driver, addresses.
 * Speed and driver are those of the inventory, else of @root/sys; the rest is the running
 * system's. A list that the caller frees with list_free(); NULL: there is none.
 */
char **links_lines(const struct mirror *mirror, const char *root);

/* The line of the link @name, with its IFF_* @flags and @addresses. The caller frees. */
char *links_line(const struct mirror *mirror, const char *root, const char *name, unsigned flags,
		 const char *addresses);

#endif
