/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that listen: for ADDRESS:PORT, and one in the file system for those who may write. */
#ifndef P2VD_FLEET_ADDRESS_H
#define P2VD_FLEET_ADDRESS_H

#include <stdbool.h>

/* Both return a descriptor, or -errno and a sentence in @reason. */
int address_listen(const char *text, char **reason);

/* At @path, of mode 0660. What a dead process has left there is replaced. */
int address_listen_control(const char *path, char **reason);

/* Whether @fd listens on an address that only this host can reach. */
bool address_is_local(int fd);

#endif
