/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host's addresses, looked up in a thread: getaddrinfo(3) can wait for a
 * name server as long as that likes, and the event loop must not.
 */
#ifndef P2VD_RESOLVE_H
#define P2VD_RESOLVE_H

#include <netdb.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct resolve;

/*
 * The one call at the end. Either @addresses are TCP addresses in the order to
 * be tried, and are the receiver's, to be given to freeaddrinfo(); or they are
 * NULL and @reason tells why, until the call returns. The look-up may be freed
 * in the call.
 */
typedef void (*resolve_done_t)(void *user, struct addrinfo *addresses, const char *reason);

/* Begins to look @host up, a name or an address. @done comes from the event
 * loop, never from within this function. */
struct resolve *resolve_start(sd_event *event, const char *host, uint16_t port, resolve_done_t done,
			      void *user);

/* Ends the look-up, if it has not ended, without a call (an answer that comes
 * late is thrown away); frees. NULL is fine. */
void resolve_free(struct resolve *resolve);

#endif
