/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An address on which the server listens, as its kernel writes it in /proc/net/tcp and tcp6:
 * words of 32 bits in hexadecimal, each in the processor's byte order. That is little-endian
 * wherever virt-v2v runs. No I/O.
 */
#ifndef P2VD_LISTENER_H
#define P2VD_LISTENER_H

#include <stdbool.h>

/* Whether only programs on the server itself can connect to it. */
bool listener_is_local(const char *address);

/* For people: "127.0.0.1", "::"; another text if it is no such address. The caller frees. */
char *listener_text(const char *address);

#endif
