/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes after a conversion: p2v.done and p2v.post, or p2v.fail. Then, in the image,
 * the machine is powered off after success without a p2v.post. Else, or if that fails, it
 * stays on, and the console offers keys: for a shell (if p2v.shell allows it), to reboot
 * and to power off. The keys are offered as soon as the command starts.
 */
#ifndef P2VD_ENDING_H
#define P2VD_ENDING_H

#include "config/config.h"
#include "console/console.h"

struct ending;

/* @config and @console must live as long as the result. @appliance: p2vd runs as the
 * image's daemon. @stay: a client of p2vd decides what comes next, so neither does the event
 * loop end nor is the machine powered off. */
struct ending *ending_new(sd_event *event, const struct config *config, struct console *console,
			  bool appliance, bool stay);
void ending_free(struct ending *ending);

/* To be called before a client's test or conversion, when ending_busy() says no: it begins
 * anew, and stays. */
void ending_again(struct ending *ending);

/* To be called after a test: in the image, offers the keys again. */
void ending_tested(struct ending *ending);

/* To be called after success. Outside the image, the event loop ends after p2v.post, with
 * EXIT_DONE, or with EXIT_INTERNAL if p2v.post failed. */
void ending_done(struct ending *ending);

/* To be called after a failure for @reason, with exit code @code. */
void ending_failed(struct ending *ending, int code, const char *reason);

/* Whether p2v.done or a user's command runs. */
bool ending_busy(const struct ending *ending);

/* The exit code if p2vd must end now, before p2v.done and the user's command have ended. */
int ending_code(const struct ending *ending);

/* To be called while p2vd waits for something that a person may help with: in the image,
 * offers a shell, if p2v.shell allows it. Later calls do nothing. */
void ending_offer_shell(struct ending *ending);

/* Makes p2vd end when there is nothing left to do, also in the image. */
void ending_leave(struct ending *ending);

/* To be called before a conversion begins by itself: in the image, offers the forms, or shows
 * them where p2v.console wants that; if p2v.interactive allows them. @opened is called when a
 * person asks for them. */
void ending_offer_forms(struct ending *ending, void (*opened)(void *user), void *user);

/* To be called if there is no p2v.server: waits for a person, whom forms ask for it. */
void ending_wait(struct ending *ending);

#endif
