/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes after a conversion: p2v.done and p2v.post, or p2v.fail; then, in
 * the image, the machine is powered off after success without a p2v.post. Else,
 * or where that fails, it stays on, and whoever is at the console is offered
 * keys: for a shell, if they have the right, to reboot and to power off; already
 * while the command runs.
 */
#ifndef P2VD_ENDING_H
#define P2VD_ENDING_H

#include "config/config.h"
#include "console/console.h"

struct ending;

/* @config and @console are kept by the caller. @appliance: running as the
 * image's daemon. */
struct ending *ending_new(sd_event *event, const struct config *config, struct console *console,
			  bool appliance);
void ending_free(struct ending *ending);

/* Success. Outside the image, the loop ends with the exit code when all is done:
 * with EXIT_DONE, or with EXIT_INTERNAL when p2v.post failed. */
void ending_done(struct ending *ending);

/* Failure for @reason, with the exit code @code. */
void ending_failed(struct ending *ending, int code, const char *reason);

/* With which exit code to end now, if there is no time for the rest. */
int ending_code(const struct ending *ending);

/* The end is far, but something is being waited for that a person may help with:
 * in the image, offers a shell, if they have the right. Once. */
void ending_offer_shell(struct ending *ending);

/* The process is to end as soon as there is nothing left to do, in the image, too. */
void ending_leave(struct ending *ending);

/* Nothing was asked for (no p2v.server): waits for a person. */
void ending_wait(struct ending *ending);

#endif
