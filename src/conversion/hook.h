/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's own commands: p2v.pre, p2v.post and p2v.fail, run by sh, their
 * output among our messages.
 */
#ifndef P2VD_HOOK_H
#define P2VD_HOOK_H

#include <systemd/sd-event.h>

struct hook;

/* @name: "p2v.pre". @done gets NULL, or a reason when it did not exit with 0;
 * also when it cannot be started. The hook may be freed in it. */
struct hook *hook_start(sd_event *event, const char *name, const char *command,
			char *const *environment, void (*done)(void *user, const char *reason),
			void *user);
void hook_free(struct hook *hook);

#endif
