/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to wait before a new try to reach what a broken link has cut off. */
#ifndef P2VD_PAUSE_H
#define P2VD_PAUSE_H

#include <stdint.h>

/*
 * @outage: for how long the link has been broken. Both are in microseconds. In the first ten
 * minutes 1 to 3 s, later up to 30 s. By chance up to a quarter less, so that many machines do
 * not come at the same moment.
 */
uint64_t pause_of_outage(uint64_t outage);

#endif
