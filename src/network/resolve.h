/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of a host, looked up in a thread: getaddrinfo(3) may wait long for a
 * name server, and the event loop must not.
 */
#ifndef P2VD_RESOLVE_H
#define P2VD_RESOLVE_H

#include <netdb.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct resolve;

/*
 * Called once, at the end of a look-up, which may be freed in the callback. Either
 * @addresses are TCP addresses in the order in which to try them, and the receiver
 * frees them with freeaddrinfo(); or they are NULL and @reason, which is valid during
 * the call, tells why.
 */
typedef void (*resolve_done_t)(void *user, struct addrinfo *addresses, const char *reason);

/* Begins to look up @host, a name or an address. @done is called from the event loop,
 * never from within this function. */
struct resolve *resolve_start(sd_event *event, const char *host, uint16_t port, resolve_done_t done,
			      void *user);

/* Frees the look-up. If it has not ended, @done is not called, and a late answer is
 * thrown away. NULL is fine. */
void resolve_free(struct resolve *resolve);

#endif
