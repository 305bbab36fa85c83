/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How ssh(1) gets the password: it runs the program in SSH_ASKPASS, which is
 * p2vd again. That asks the daemon over a UNIX socket. So the password is never in
 * an argument, the environment or a file.
 */
#ifndef P2VD_ASKPASS_H
#define P2VD_ASKPASS_H

#include <systemd/sd-event.h>

/* Names the socket in the environment of ssh and of what it runs. */
#define ASKPASS_VARIABLE "P2VD_ASKPASS"

struct askpass;

/* Gives @password (kept by the caller) to processes of our own user, on a socket in
 * @directory. Returns 0, or -errno with @reason. */
int askpass_start(sd_event *event, const char *directory, const char *password,
		  struct askpass **askpass, char **reason);
void askpass_free(struct askpass *askpass);

/* What to add to ssh's environment, "NAME=value", NULL-terminated. The caller frees. */
char **askpass_environment(const struct askpass *askpass);

/* The other end: prints the password that @socket gives. Returns an exit status, 1 when
 * there is none. */
int askpass_main(const char *socket);

#endif
