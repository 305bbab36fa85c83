/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is there a route to the server, and if not, what is missing?
 *
 * Nothing is set up here: the image's NetworkManager does that. This only looks, so
 * that somebody at the machine knows, for example, which cable to plug in.
 */
#ifndef P2VD_NETWORK_H
#define P2VD_NETWORK_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>

/* A network interface that is not the loopback. */
struct network_link {
	char *name;
	bool card;    /* hardware, not a bridge, bond or VLAN */
	bool up;      /* switched on */
	bool carrier; /* it has a link: the cable is plugged in at both ends */
	bool named;   /* the kernel command line names this card, or no card at all */
	bool ipv4, ipv6; /* has an address that is not link-local */
};

/*
 * Returns NULL if the kernel knows a route to one of @addresses, else a sentence that
 * tells what is missing for the first (the caller frees). Sends nothing.
 * @root: the directory with sys/class/net, "" for the running system.
 */
char *network_missing(const char *root, const struct addrinfo *addresses);

/*
 * The MAC address, in lower case, of the interface with a route to one of
 * @addresses, or of the first card if there is no route or @addresses is NULL. NULL
 * if no card has a MAC address. The caller frees. Sends nothing.
 */
char *network_mac(const char *root, const struct addrinfo *addresses);

/* Returns @reason, which tells why a name was not found. If no interface has an
 * address, what is missing is appended. The caller frees. */
char *network_missing_name(const char *root, const char *reason);

/* The machine's interfaces, and whether its kernel command line names them. */
struct network_links {
	struct network_link *link;
	size_t count;
	char *controllers; /* without a card: what controllers_judge() says; or NULL */
	char **absent; /* cards that the command line names and the machine does not have */
};

/* Reads the interfaces under @root; the addresses are always the running system's. The
 * caller calls network_links_clear(). */
void network_links_read(struct network_links *links, const char *root);
void network_links_clear(struct network_links *links);

/* What is missing between these interfaces and @host, an address of @family
 * (AF_UNSPEC: of any) to which there is no route. The caller frees. */
char *network_judge(const struct network_links *links, int family, const char *host);

#endif
