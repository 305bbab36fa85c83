/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do packets of the full size arrive at a host? Where they are lost without a word, a login works
 * and the copy hangs. */
#ifndef P2VD_PACKETS_H
#define P2VD_PACKETS_H

#include <sys/socket.h>

/* Tries it, for some seconds, and returns a line that the caller frees. */
char *packets_line(const struct sockaddr *address, socklen_t length);

#endif
