// SPDX-License-Identifier: GPL-2.0-or-later
/* Is there a way to the server, and if not, what is missing? */
#include "network.h"

#include "cleanup.h"
#include "sysfs.h"
#include "text.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* "'eno1', 'eno2'": the cards that @fits. NULL when there is none. */
static char *cards(const struct network_link *links, size_t count,
		   bool (*fits)(const struct network_link *link))
{
	AUTO_LIST char **names = NULL;

	for (size_t i = 0; i < count; i++)
		if (links[i].card && fits(&links[i]))
			list_append(&names, text_format("'%s'", links[i].name));
	return names ? list_join(names, ", ") : NULL;
}

static bool any(const struct network_link *link)
{
	return link->name != NULL;
}

static bool is_up(const struct network_link *link)
{
	return link->up;
}

static bool has_carrier(const struct network_link *link)
{
	return link->carrier;
}

char *network_judge(const struct network_link *links, size_t count, int family, const char *host)
{
	AUTO_FREE char *all = cards(links, count, any);
	AUTO_FREE char *up = cards(links, count, is_up);
	AUTO_FREE char *linked = cards(links, count, has_carrier);
	bool address = false;

	for (size_t i = 0; i < count; i++)
		address = address || (family == AF_INET6 ? links[i].ipv6 : links[i].ipv4);
	if (address)
		return text_format("no route to '%s': is there a gateway, and is its network right", host);
	if (!all)
		return text_format("no network card found: this image may have no driver for it");
	if (!up)
		return text_format("%s not switched on yet", all);
	if (!linked)
		return text_format("no link on %s: check the cable", up);
	return family == AF_INET6 ?
	       text_format("no IPv6 address on %s: no router or DHCP server has given one", linked) :
	       text_format("no address on %s: no DHCP server has answered", linked);
}

static bool is_link_local(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)address)->sin6_addr);
	return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 16 == 0xa9fe;
}

static void note_address(struct network_link *links, size_t count, const struct ifaddrs *one)
{
	int family = one->ifa_addr ? one->ifa_addr->sa_family : AF_UNSPEC;

	if ((family != AF_INET && family != AF_INET6) || is_link_local(one->ifa_addr))
		return;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(links[i].name, one->ifa_name)) {
			links[i].ipv4 = links[i].ipv4 || family == AF_INET;
			links[i].ipv6 = links[i].ipv6 || family == AF_INET6;
		}
}

static struct network_link read_link(const char *root, const char *name)
{
	AUTO_FREE char *flags = sysfs_line(root, "sys/class/net/%s/flags", name);

	return (struct network_link){
		.name = text_copy(name),
		.card = sysfs_exists(root, "sys/class/net/%s/device", name),
		.up = flags && strtoul(flags, NULL, 0) & 1, /* IFF_UP */
		/* Cannot be read at all while the interface is down. */
		.carrier = sysfs_number(root, 0, "sys/class/net/%s/carrier", name) == 1,
	};
}

struct network_link *network_links(const char *root, size_t *count)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/class/net");
	struct network_link *links = text_zero(list_length(names), sizeof *links);
	struct ifaddrs *addresses = NULL;

	*count = 0;
	for (char **name = names; name && *name; name++)
		if (strcmp(*name, "lo") && sysfs_exists(root, "sys/class/net/%s/flags", *name))
			links[(*count)++] = read_link(root, *name);
	if (getifaddrs(&addresses) == 0)
		for (struct ifaddrs *one = addresses; one; one = one->ifa_next)
			note_address(links, *count, one);
	freeifaddrs(addresses);
	return links;
}

void network_links_free(struct network_link *links, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(links[i].name);
	free(links);
}

/* A socket to @address, or -1: of a datagram socket, connecting is a look into
 * the routing table. */
static int look_up(const struct addrinfo *address)
{
	AUTO_CLOSE int probe = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int found = probe;

	if (probe < 0 || connect(probe, address->ai_addr, address->ai_addrlen) < 0)
		return -1;
	probe = -1;
	return found;
}

char *network_missing(const char *root, const struct addrinfo *address)
{
	AUTO_CLOSE int probe = look_up(address);
	char host[NI_MAXHOST] = "the server";
	struct network_link *links;
	size_t count;
	char *missing;

	if (probe >= 0)
		return NULL;
	getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof host, NULL, 0, NI_NUMERICHOST);
	links = network_links(root, &count);
	missing = network_judge(links, count, address->ai_family, host);
	network_links_free(links, count);
	return missing;
}

char *network_missing_all(const char *root, const struct addrinfo *addresses)
{
	AUTO_FREE char *missing = NULL;

	for (const struct addrinfo *address = addresses; address; address = address->ai_next) {
		AUTO_FREE char *here = network_missing(root, address);

		if (!here)
			return NULL;
		if (!missing)
			missing = steal(here);
	}
	return steal(missing);
}

static bool same_host(const struct sockaddr *one, const struct sockaddr *other)
{
	if (!one || one->sa_family != other->sa_family)
		return false;
	if (one->sa_family == AF_INET)
		return ((const struct sockaddr_in *)one)->sin_addr.s_addr ==
		       ((const struct sockaddr_in *)other)->sin_addr.s_addr;
	return one->sa_family == AF_INET6 &&
	       IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)one)->sin6_addr,
				  &((const struct sockaddr_in6 *)other)->sin6_addr);
}

/* The interface whose address we would have towards @address. The caller frees. */
static char *interface_towards(const struct addrinfo *address)
{
	AUTO_CLOSE int probe = look_up(address);
	struct sockaddr_storage own = { 0 };
	struct ifaddrs *all = NULL;
	char *name = NULL;

	if (probe < 0 || getsockname(probe, (struct sockaddr *)&own, &(socklen_t){ sizeof own }) < 0 ||
	    getifaddrs(&all) < 0)
		return NULL;
	for (struct ifaddrs *one = all; one && !name; one = one->ifa_next)
		if (same_host(one->ifa_addr, (struct sockaddr *)&own))
			name = text_copy(one->ifa_name);
	freeifaddrs(all);
	return name;
}

static char *read_mac(const char *root, const char *name)
{
	AUTO_FREE char *mac = sysfs_line(root, "sys/class/net/%s/address", name);

	return mac && mac[strspn(mac, "0:")] ? steal(mac) : NULL;
}

char *network_mac(const char *root, const struct addrinfo *addresses)
{
	char *mac = NULL;
	struct network_link *links;
	size_t count;

	for (; addresses && !mac; addresses = addresses->ai_next) {
		AUTO_FREE char *name = interface_towards(addresses);

		mac = name ? read_mac(root, name) : NULL;
	}
	links = network_links(root, &count);
	for (size_t i = 0; i < count && !mac; i++)
		if (links[i].card)
			mac = read_mac(root, links[i].name);
	network_links_free(links, count);
	return mac;
}
