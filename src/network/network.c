// SPDX-License-Identifier: GPL-2.0-or-later
/* Is there a route to the server, and if not, what is missing? */
#include "network/network.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "cmdline/cmdline.h"
#include "cmdline/network_words.h"
#include "machine/controllers.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum wanted { NO, YES, ANY };

static bool fits(enum wanted wanted, bool is)
{
	return wanted == ANY || (wanted == YES) == is;
}

/* "'eno1', 'eno2'": the cards that are as wanted. NULL if there are none. */
static char *cards(const struct network_links *links, enum wanted named, enum wanted up,
		   enum wanted carrier)
{
	AUTO_LIST char **names = NULL;

	for (const struct network_link *link = links->link; link < links->link + links->count;
	     link++)
		if (link->card && fits(named, link->named) && fits(up, link->up) &&
		    fits(carrier, link->carrier))
			list_append(&names, text_format("'%s'", link->name));
	return names ? list_join(names, ", ") : NULL;
}

static bool has_address(const struct network_link *link, int family)
{
	return (family != AF_INET6 && link->ipv4) || (family != AF_INET && link->ipv6);
}

static char *judge_absent(char *const *absent, const char *all)
{
	AUTO_FREE char *names = list_join(absent, "', '");

	return text_format("no network card '%s', which the kernel command line names: this machine has %s",
			   names, all);
}

static char *judge_carrier(const struct network_links *links, const char *up)
{
	AUTO_FREE char *others = cards(links, NO, ANY, YES);

	if (others)
		return text_format("no link on %s, which the kernel command line names: check the cable, or name %s, which has a link",
				   up, others);
	return text_format("no link on %s: check the cable and the switch's port", up);
}

static char *judge_address(const char *linked, int family)
{
	if (family == AF_INET6)
		return text_format("no IPv6 address on %s: no router or DHCP server has answered; without one, set ip=[ADDRESS]::[GATEWAY]:LENGTH::CARD:none",
				   linked);
	return text_format("no address on %s: no DHCP server has answered; without one, set ip=ADDRESS::GATEWAY:MASK::CARD:none",
			   linked);
}

/* What is missing while no card has an address: the card, the cable, DHCP. */
static char *judge_cards(const struct network_links *links, int family)
{
	AUTO_FREE char *all = cards(links, ANY, ANY, ANY);
	AUTO_FREE char *named = cards(links, YES, ANY, ANY);
	AUTO_FREE char *up = cards(links, YES, YES, ANY);
	AUTO_FREE char *linked = cards(links, YES, ANY, YES);

	if (!all)
		return text_format("no network card found%s%s", links->controllers ? ": " : "",
				   links->controllers ? links->controllers : "");
	if (links->absent)
		return judge_absent(links->absent, all);
	if (!up)
		return text_format("network card %s not switched on yet", named ? named : all);
	return linked ? judge_address(linked, family) : judge_carrier(links, up);
}

char *network_judge(const struct network_links *links, int family, const char *host)
{
	for (size_t i = 0; i < links->count; i++)
		if (has_address(&links->link[i], family))
			return text_format("no route to '%s' from '%s': check the gateway and the address",
					   host, links->link[i].name);
	return judge_cards(links, family);
}

static bool is_link_local(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)address)->sin6_addr);
	return address->sa_family == AF_INET &&
	       ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 16 == 0xa9fe;
}

static void note_address(struct network_links *links, const struct ifaddrs *one)
{
	int family = one->ifa_addr ? one->ifa_addr->sa_family : AF_UNSPEC;

	if ((family != AF_INET && family != AF_INET6) || is_link_local(one->ifa_addr))
		return;
	for (size_t i = 0; i < links->count; i++)
		if (!strcmp(links->link[i].name, one->ifa_name)) {
			links->link[i].ipv4 = links->link[i].ipv4 || family == AF_INET;
			links->link[i].ipv6 = links->link[i].ipv6 || family == AF_INET6;
		}
}

static struct network_link read_link(const char *root, const char *name)
{
	AUTO_FREE char *flags = sysfs_line(root, "sys/class/net/%s/flags", name);

	return (struct network_link){
		.name = text_copy(name),
		.card = sysfs_exists(root, "sys/class/net/%s/device", name),
		.up = flags && strtoul(flags, NULL, 0) & 1, /* IFF_UP */
		/* The file cannot be read while the interface is down. */
		.carrier = sysfs_number(root, 0, "sys/class/net/%s/carrier", name) == 1,
	};
}

/* The cards that the kernel command line names: not p2vd's own command line, because
 * the network is set up from the kernel's. */
static char **read_named(const char *root)
{
	char *text = sysfs_text(root, "proc/cmdline");
	struct cmdline cmdline;
	char **named;

	if (!text)
		return NULL;
	cmdline_split(&cmdline, text, strlen(text));
	named = network_words_cards(&cmdline);
	cmdline_clear(&cmdline);
	secret_free(text);
	return named;
}

void network_links_read(struct network_links *links, const char *root)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/class/net");
	AUTO_LIST char **named = read_named(root);
	struct ifaddrs *addresses = NULL;
	bool card = false;

	*links = (struct network_links){ .link = memory_zero(list_length(names),
							     sizeof(*links->link)) };
	for (char **name = names; name && *name; name++)
		if (strcmp(*name, "lo") && sysfs_exists(root, "sys/class/net/%s/flags", *name)) {
			struct network_link link = read_link(root, *name);

			link.named = !named || list_contains(named, *name);
			links->link[links->count++] = link;
			card = card || link.card;
		}
	if (!card)
		links->controllers = controllers_judge(root, CONTROLLERS_NETWORK);
	for (char **name = named; name && *name; name++)
		if (!sysfs_exists(root, "sys/class/net/%s", *name))
			list_append(&links->absent, text_copy(*name));
	if (getifaddrs(&addresses) == 0)
		for (struct ifaddrs *one = addresses; one; one = one->ifa_next)
			note_address(links, one);
	freeifaddrs(addresses);
}

void network_links_clear(struct network_links *links)
{
	for (size_t i = 0; i < links->count; i++)
		free(links->link[i].name);
	free(links->link);
	free(links->controllers);
	list_free(links->absent);
	*links = (struct network_links){ 0 };
}

/* Whether there is a route to @address, and our address on it. To connect a datagram
 * socket only looks into the routing table. */
static bool look_up(const struct addrinfo *address, struct sockaddr_storage *own)
{
	AUTO_CLOSE int probe = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*own = (struct sockaddr_storage){ 0 };
	return probe >= 0 && connect(probe, address->ai_addr, address->ai_addrlen) == 0 &&
	       getsockname(probe, (struct sockaddr *)own, &(socklen_t){ sizeof(*own) }) == 0;
}

static char *missing_to(const char *root, const struct addrinfo *address)
{
	char host[NI_MAXHOST] = "the server";
	struct sockaddr_storage own;
	bool routed = look_up(address, &own);
	struct network_links links;
	char *missing;

	if (routed &&
	    (is_link_local(address->ai_addr) || !is_link_local((const struct sockaddr *)&own)))
		return NULL;
	getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof(host), NULL, 0,
		    NI_NUMERICHOST);
	/* There is a router, but we have no address from it yet. */
	if (routed)
		return text_format("no address that can reach '%s' yet, only a link-local one: no router or DHCP server has answered",
				   host);
	network_links_read(&links, root);
	missing = network_judge(&links, address->ai_family, host);
	network_links_clear(&links);
	return missing;
}

char *network_missing_name(const char *root, const char *reason)
{
	AUTO_FREE char *missing = NULL;
	struct network_links links;
	bool address = false;

	network_links_read(&links, root);
	for (size_t i = 0; i < links.count; i++)
		address = address || has_address(&links.link[i], AF_UNSPEC);
	if (!address)
		missing = judge_cards(&links, AF_UNSPEC);
	network_links_clear(&links);
	return missing ? text_format("%s (%s)", reason, missing) : text_copy(reason);
}

char *network_missing(const char *root, const struct addrinfo *addresses)
{
	AUTO_FREE char *missing = NULL;

	for (const struct addrinfo *address = addresses; address; address = address->ai_next) {
		AUTO_FREE char *here = missing_to(root, address);

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

/* The interface that has our address on the route to @address. The caller frees. */
static char *interface_towards(const struct addrinfo *address)
{
	struct sockaddr_storage own;
	struct ifaddrs *all = NULL;
	char *name = NULL;

	if (!look_up(address, &own) || getifaddrs(&all) < 0)
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
	struct network_links links;

	for (; addresses && !mac; addresses = addresses->ai_next) {
		AUTO_FREE char *name = interface_towards(addresses);

		mac = name ? read_mac(root, name) : NULL;
	}
	network_links_read(&links, root);
	for (size_t i = 0; i < links.count && !mac; i++)
		if (links.link[i].card)
			mac = read_mac(root, links.link[i].name);
	network_links_clear(&links);
	return mac;
}
