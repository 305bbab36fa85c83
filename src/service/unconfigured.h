/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said where nobody has named a server. */
#ifndef P2VD_UNCONFIGURED_H
#define P2VD_UNCONFIGURED_H

#include "config/config.h"

void unconfigured_say(const struct config *config);

#endif
