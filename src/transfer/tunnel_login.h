/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How ssh(1) logs in for the tunnels: to the very address that the control
 * connection reached, accepting only the host key seen there, with the same
 * key or password. Neither lies in a file, an argument or the environment.
 */
#ifndef P2VD_TUNNEL_LOGIN_H
#define P2VD_TUNNEL_LOGIN_H

#include "ssh/ssh.h"

#include <stdbool.h>

struct tunnel_login;

/*
 * From the control connection @ssh, which logged in as @login says (kept by
 * the caller, as @directory is, where sockets go). @aes: the CPU encrypts AES
 * itself. Returns NULL with @reason when it cannot be made.
 */
struct tunnel_login *tunnel_login_new(sd_event *event, struct ssh *ssh,
				      const struct ssh_login *login, uint16_t port, bool aes,
				      const char *directory, char **reason);
void tunnel_login_free(struct tunnel_login *login);

/* Appends ssh's options to the list @argv. */
void tunnel_login_options(const struct tunnel_login *login, char ***argv);

/* What ssh's environment needs, "NAME=value"; or NULL. */
char *const *tunnel_login_environment(const struct tunnel_login *login);

const char *tunnel_login_address(const struct tunnel_login *login);

#endif
