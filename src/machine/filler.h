/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fillers: what vendors leave in DMI in place of a value ("To be filled by O.E.M.",
 * SYS-1234567890). Many machines have the same, so they identify nothing. They are known by
 * their shape, because nobody has a list of all of them. No I/O.
 */
#ifndef P2VD_FILLER_H
#define P2VD_FILLER_H

#include <stdbool.h>

/* @text: a vendor, a model or a serial number. */
bool filler_is_text(const char *text);

/* @uuid: as sysfs shows it, in upper or lower case. What is no UUID is a filler, too. */
bool filler_is_uuid(const char *uuid);

#endif
