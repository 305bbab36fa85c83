/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes after a conversion: p2v.post or p2v.fail; then, in the image, the
 * machine is powered off after success, and stays on after a failure, with a
 * shell for who has the right.
 */
#ifndef P2VD_ENDING_H
#define P2VD_ENDING_H

#include "console.h"
#include "parameters.h"

struct ending;

/* @config and @console are kept by the caller. @appliance: running as the
 * image's daemon. */
struct ending *ending_new(sd_event *event, const struct config *config, struct console *console,
			  bool appliance);
void ending_free(struct ending *ending);

/* Success. Outside the image, the loop ends with @code when all is done. */
void ending_done(struct ending *ending);

/* Failure for @reason, with the exit code @code. */
void ending_failed(struct ending *ending, int code, const char *reason);

/* Nothing was asked for (no p2v.server): waits for a person. */
void ending_wait(struct ending *ending);

#endif
