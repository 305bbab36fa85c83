/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where virt-v2v finds a disk: a TCP port on the loopback addresses of both families. virt-v2v
 * connects to "localhost", and nobody else may sit at its other address.
 */
#ifndef P2VD_RELAY_LISTENER_H
#define P2VD_RELAY_LISTENER_H

#include "relay/loop.h"

#include <stdbool.h>

struct listener;

/* Listens on a port that is free on 127.0.0.1 and, where there is IPv6, on ::1. @connected gets
 * each connection, of our own user's or root's processes only; others are closed. Returns NULL
 * with errno. */
struct listener *listener_new(struct loop *loop, void (*connected)(void *user, int fd), void *user);
void listener_free(struct listener *listener);

uint16_t listener_port(const struct listener *listener);

#endif
