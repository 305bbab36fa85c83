/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2vd does, in words for somebody who has not read p2vd(8). */
#ifndef P2VD_STEP_H
#define P2VD_STEP_H

#include "client/status.h"

/* "step 3 of 9: log in to the server". The caller frees. */
char *step_text(const struct status *status);

/* Which machine, server and guest: "192.0.2.7, guest 'web'". The caller frees. */
char *step_subject(const struct status *status);

/* What to do after the result, as a list of sentences. */
char **step_advice(const struct status *status);

#endif
