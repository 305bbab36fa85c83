/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is there a way to the server, and if not, what is missing?
 *
 * Nothing is set up here: that is the work of the image's NetworkManager. This
 * only looks, so that somebody at the machine knows which cable to plug in.
 */
#ifndef P2VD_NETWORK_H
#define P2VD_NETWORK_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>

/* A network interface that is not the loopback. */
struct network_link {
	char *name;
	bool card;    /* has hardware behind it: no bridge, bond or VLAN */
	bool up;      /* switched on */
	bool carrier; /* the other end of the cable is there */
	bool named;   /* the kernel command line sets this card up, or names none */
	bool ipv4, ipv6; /* has an address that is not link-local */
};

/*
 * NULL when the kernel knows a route to @address, else a sentence that tells
 * what is missing (the caller frees). Sends nothing.
 * @root: where sys/class/net is looked for, "" for the running system.
 */
char *network_missing(const char *root, const struct addrinfo *address);

/* The same for the first of all @addresses, NULL when one of them has a route. */
char *network_missing_all(const char *root, const struct addrinfo *addresses);

/*
 * The MAC address, in lower case, of the interface that the first route to one
 * of @addresses goes out by; of the first card where there is none, as with
 * @addresses NULL. NULL when no card has one. The caller frees. Sends nothing.
 */
char *network_mac(const char *root, const struct addrinfo *addresses);

/* @reason, why a name was not found, and behind it what is missing where no
 * interface has an address. The caller frees. */
char *network_missing_name(const char *root, const char *reason);

/* The interfaces that a machine has, and what its kernel command line says of them. */
struct network_links {
	struct network_link *link;
	size_t count;
	char *controllers; /* where there is no card: what is known of controllers; or NULL */
	char **absent; /* cards that the command line names and that are not there */
};

/* Those under @root; addresses are the running system's. network_links_clear()
 * in the end. */
void network_links_read(struct network_links *links, const char *root);
void network_links_clear(struct network_links *links);

/* What is missing between these interfaces and @host, an address of @family
 * (AF_UNSPEC: of any) to which there is no route. The caller frees. */
char *network_judge(const struct network_links *links, int family, const char *host);

#endif
