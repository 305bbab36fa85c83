/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is at the other end of a TCP connection within this host. */
#ifndef P2VD_PEER_H
#define P2VD_PEER_H

#include <stdbool.h>
#include <stdint.h>

/* Both ends of a connection, as the kernel prints them in /proc/net/tcp and tcp6: the address
 * in hexadecimal, and the port. */
struct peer_ends {
	char address[33], server_address[33];
	uint16_t port;
	uint16_t server_port;
};

/*
 * Finds the user of the process that has the connection's other end, in the text of
 * /proc/net/tcp or tcp6 (Documentation/networking/proc_net_tcp.rst): the row whose local
 * address is the peer's and whose remote one is the server's. A row counts only in the state
 * ESTABLISHED and with an inode: what no process has any more is shown as root's.
 */
bool peer_find(const char *table, const struct peer_ends *ends, uint32_t *user);

/* Whether the process that has connected to the socket @fd is of our own user or root's. */
bool peer_is_ours(int fd);

#endif
