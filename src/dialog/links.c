// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's network links, as lines for people. */
#include "dialog/links.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "client/field.h"

#include <ifaddrs.h>
#include <inttypes.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

/* What p2vd knows of the card; NULL: it is none, or p2vd has not told. */
static sd_json_variant *card(const struct mirror *mirror, const char *name)
{
	static const char *const kinds[] = { "interfaces", "wireless", "management" };

	for (size_t kind = 0; kind < COUNT(kinds); kind++)
		for (size_t i = 0; i < field_count(mirror->everything, kinds[kind]); i++) {
			sd_json_variant *one = field_element(mirror->everything, kinds[kind], i);
			const char *known = field_text(one, "name");

			if (known && !strcmp(known, name))
				return one;
		}
	return NULL;
}

/* "10 Gbit/s"; "" where it is not known. The caller frees. */
static char *speed_of(sd_json_variant *facts, const char *root, const char *name)
{
	/* Without a link, the kernel says -1. */
	uint64_t speed = field_number(facts, "speed", 0) ?:
				 sysfs_number(root, 0, "/sys/class/net/%s/speed", name);

	if (!speed)
		return text_copy("");
	if (speed % 1000 == 0)
		return text_format("%" PRIu64 " Gbit/s", speed / 1000);
	return text_format("%" PRIu64 " Mbit/s", speed);
}

/* Its driver, or what it is instead of hardware. The caller frees. */
static char *driver_of(sd_json_variant *facts, const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "/sys/class/net/%s/device/driver", name);
	AUTO_FREE char *events = sysfs_text(root, "/sys/class/net/%s/uevent", name);
	const char *told = field_text(facts, "driver");
	const char *kind = events ? strstr(events, "DEVTYPE=") : NULL;

	if (told)
		return text_copy(told);
	if (link)
		return text_copy(strrchr(link, '/') ? strrchr(link, '/') + 1 : link);
	if (!kind)
		return text_copy("-");
	kind += strlen("DEVTYPE=");
	return text_copy_length(kind, strcspn(kind, "\n"));
}

static unsigned prefix_of(const struct sockaddr *mask)
{
	const struct sockaddr_in *ipv4 = (const void *)mask;
	const struct sockaddr_in6 *ipv6 = (const void *)mask;
	unsigned bits = 0;

	if (!mask)
		return 0;
	if (mask->sa_family == AF_INET)
		return (unsigned)__builtin_popcount(ipv4->sin_addr.s_addr);
	for (size_t i = 0; i < sizeof(ipv6->sin6_addr); i++)
		bits += (unsigned)__builtin_popcount(ipv6->sin6_addr.s6_addr[i]);
	return bits;
}

/* "192.0.2.7/24 fe80::1/64". The caller frees. */
static char *addresses_of(const struct ifaddrs *all, const char *name)
{
	AUTO_LIST char **texts = NULL;

	for (; all; all = all->ifa_next) {
		int family = all->ifa_addr ? all->ifa_addr->sa_family : AF_UNSPEC;
		socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) :
						       sizeof(struct sockaddr_in6);
		char host[NI_MAXHOST];

		if (strcmp(all->ifa_name, name) || (family != AF_INET && family != AF_INET6) ||
		    getnameinfo(all->ifa_addr, length, host, sizeof(host), NULL, 0, NI_NUMERICHOST))
			continue;
		host[strcspn(host, "%")] = '\0';
		list_append(&texts, text_format("%s/%u", host, prefix_of(all->ifa_netmask)));
	}
	return texts ? list_join(texts, " ") : text_copy("no address");
}

char *links_line(const struct mirror *mirror, const char *root, const char *name, unsigned flags,
		 const char *addresses)
{
	sd_json_variant *facts = card(mirror, name);
	AUTO_FREE char *speed = speed_of(facts, root, name);
	AUTO_FREE char *driver = driver_of(facts, root, name);
	const char *state = !(flags & IFF_UP) ? "off" : flags & IFF_RUNNING ? "link" : "no link";

	return text_format("%-9s %-8s%-12s%-10s %s", name, state, speed, driver, addresses);
}

/* Appends the line of @one, an element of @all, unless it is the loopback. */
static void add_link(char ***lines, const struct mirror *mirror, const char *root,
		     const struct ifaddrs *all, const struct ifaddrs *one)
{
	AUTO_FREE char *addresses = NULL;

	if (!one->ifa_addr || one->ifa_addr->sa_family != AF_PACKET ||
	    (one->ifa_flags & IFF_LOOPBACK))
		return;
	addresses = addresses_of(all, one->ifa_name);
	list_append(lines, links_line(mirror, root, one->ifa_name, one->ifa_flags, addresses));
}

char **links_lines(const struct mirror *mirror, const char *root)
{
	struct ifaddrs *all = NULL;
	char **lines = NULL;

	if (getifaddrs(&all) < 0) {
		list_append(&lines, text_format("error: the network links cannot be listed: %s",
						strerror(errno)));
		return lines;
	}
	for (const struct ifaddrs *one = all; one; one = one->ifa_next)
		add_link(&lines, mirror, root, all, one);
	freeifaddrs(all);
	return lines;
}
