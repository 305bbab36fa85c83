/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes after a conversion: p2v.done and p2v.post, or p2v.fail. Then, in the image,
 * the machine is powered off after success without a p2v.post. Else, or if that fails, it
 * stays on, and a person at the console decides (p2v-console(8)).
 */
#ifndef P2VD_ENDING_H
#define P2VD_ENDING_H

#include "config/config.h"

#include <systemd/sd-event.h>

struct ending;

/* @config must live as long as the result. @appliance: p2vd runs as the image's daemon.
 * @stay: a client of p2vd decides what comes next, so neither does the event loop end nor is
 * the machine powered off. @settled: called when ending_busy() or ending_powers_off() has
 * changed. */
struct ending *ending_new(sd_event *event, const struct config *config, bool appliance, bool stay,
			  void (*settled)(void *user), void *user);
void ending_free(struct ending *ending);

/* To be called before a client's test or conversion, when ending_busy() says no: it begins
 * anew, and stays. */
void ending_again(struct ending *ending);

/* To be called after a test. */
void ending_tested(struct ending *ending);

/* To be called after success. Outside the image, the event loop ends after p2v.post, with
 * EXIT_DONE, or with EXIT_INTERNAL if p2v.post failed. */
void ending_done(struct ending *ending);

/* The same after a look at the machine, which p2v.done is not told of. */
void ending_looked(struct ending *ending);

/* To be called after a failure for @reason, with exit code @code. */
void ending_failed(struct ending *ending, int code, const char *reason);

/* Whether p2v.done or a user's command runs. */
bool ending_busy(const struct ending *ending);

/* Whether the machine is powered off. */
bool ending_powers_off(const struct ending *ending);

/* The exit code if p2vd must end now, before p2v.done and the user's command have ended. */
int ending_code(const struct ending *ending);

/* Makes p2vd end when there is nothing left to do, also in the image. */
void ending_leave(struct ending *ending);

#endif
