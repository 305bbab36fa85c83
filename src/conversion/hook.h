/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's own commands: p2v.pre, p2v.post and p2v.fail, run by sh. Their output
 * becomes messages of p2vd.
 */
#ifndef P2VD_HOOK_H
#define P2VD_HOOK_H

#include <systemd/sd-event.h>

struct hook;

/* @name: "p2v.pre". @done gets NULL, or a reason if the command cannot be started or does
 * not exit with 0. It may free the hook. */
struct hook *hook_start(sd_event *event, const char *name, const char *command,
			char *const *environment, void (*done)(void *user, const char *reason),
			void *user);
void hook_free(struct hook *hook);

#endif
