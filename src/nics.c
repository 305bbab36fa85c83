// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's network cards, read from sysfs. */
#include "nics.h"

#include "cleanup.h"
#include "sysfs.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <net/if_arp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define REST_NETWORK "default"

/* Says why not, and returns -@error. */
#define REFUSE(reason, error, ...) (*(reason) = text_format(__VA_ARGS__), -(error))

static bool is_radio(const char *root, const char *name)
{
	AUTO_FREE char *uevent = sysfs_text(root, "sys/class/net/%s/uevent", name);

	return sysfs_exists(root, "sys/class/net/%s/wireless", name) ||
	       sysfs_exists(root, "sys/class/net/%s/phy80211", name) ||
	       (uevent && (strstr(uevent, "DEVTYPE=wlan") || strstr(uevent, "DEVTYPE=wwan")));
}

static bool is_card(const char *root, const char *name)
{
	uint64_t type = sysfs_number(root, 0, "sys/class/net/%s/type", name);

	return sysfs_exists(root, "sys/class/net/%s/device", name) &&
	       (type == ARPHRD_ETHER || type == ARPHRD_INFINIBAND) && !is_radio(root, name);
}

/* Six bytes in hexadecimal, of one station, not all zero: what a guest can have. */
static bool is_mac(const char *text)
{
	if (strlen(text) != 17 || !strcmp(text, "00:00:00:00:00:00"))
		return false;
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	return !(strtoul((char[]){text[1], 0}, NULL, 16) & 1);
}

static char *mac_of(const char *root, const char *name)
{
	char *mac = sysfs_line(root, "sys/class/net/%s/address", name);

	if (mac && !is_mac(mac)) {
		free(mac);
		return NULL;
	}
	for (char *c = mac; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return mac;
}

static char *driver_of(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/class/net/%s/device/driver", name);
	const char *slash = link ? strrchr(link, '/') : NULL;

	return text_copy(slash ? slash + 1 : link);
}

/* The network for @name: its own entry, else the bare one, else the default. */
static char *network_of(char *const *map, const char *name)
{
	const char *rest = REST_NETWORK;
	const size_t length = strlen(name);

	for (; map && *map; map++) {
		if (!strchr(*map, ':'))
			rest = *map;
		else if (!strncmp(*map, name, length) && (*map)[length] == ':')
			return text_copy(*map + length + 1);
	}
	return text_copy(rest);
}

static void add(const char *root, const char *name, char *const *map, struct nics *nics)
{
	struct nic *grown = reallocarray(nics->nic, nics->count + 1, sizeof(*grown));

	if (!grown)
		abort();
	nics->nic = grown;
	nics->nic[nics->count++] = (struct nic){
		.name = text_copy(name),
		.mac = mac_of(root, name),
		.driver = driver_of(root, name),
		.network = network_of(map, name),
	};
}

static int refuse_missing(const char *name, const char *parameter, char *const *known, char **reason)
{
	AUTO_FREE char *names = list_join(known, ", ");

	return REFUSE(reason, ENODEV, "network interface '%s' in %s does not exist: this machine has %s",
		      name, parameter, *names ? names : "none");
}

static int check_map(char *const *map, char *const *known, char **reason)
{
	for (; map && *map; map++) {
		const char *colon = strchr(*map, ':');
		AUTO_FREE char *name = text_copy_length(*map, colon ? (size_t)(colon - *map) : 0);

		if (colon && !list_contains(known, name))
			return refuse_missing(name, "p2v.network_map", known, reason);
	}
	return 0;
}

static int check_wanted(char *const *wanted, char *const *known, char **reason)
{
	for (size_t i = 0; wanted && wanted[i]; i++) {
		if (!list_contains(known, wanted[i]))
			return refuse_missing(wanted[i], "p2v.interfaces", known, reason);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(wanted[j], wanted[i]))
				return REFUSE(reason, EINVAL, "network interface '%s' is given twice in p2v.interfaces",
					      wanted[i]);
	}
	return 0;
}

static void sort_by_index(const char *root, char **names)
{
	for (size_t i = 1; names && i < list_length(names); i++)
		for (size_t j = i; j > 0; j--) {
			char *left = names[j - 1], *right = names[j];

			if (sysfs_number(root, UINT64_MAX, "sys/class/net/%s/ifindex", left) <=
			    sysfs_number(root, UINT64_MAX, "sys/class/net/%s/ifindex", right))
				break;
			names[j - 1] = right;
			names[j] = left;
		}
}

/* All interfaces by index; bonding_masters, a file beside them, is none. */
static char **interface_names(const char *root)
{
	AUTO_LIST char **all = sysfs_list(root, "sys/class/net");
	char **names = NULL;

	for (size_t i = 0; all && all[i]; i++)
		if (sysfs_exists(root, "sys/class/net/%s/type", all[i]))
			list_append(&names, text_copy(all[i]));
	sort_by_index(root, names);
	return names;
}

int nics_find(const char *root, char *const *wanted, char *const *network_map,
	      struct nics *nics, char **reason)
{
	AUTO_LIST char **known = interface_names(root);
	int r = check_map(network_map, known, reason);

	*nics = (struct nics){0};
	if (r == 0)
		r = check_wanted(wanted, known, reason);
	if (r < 0)
		return r;
	for (char *const *name = wanted ? wanted : known; name && *name; name++)
		if (wanted || is_card(root, *name))
			add(root, *name, network_map, nics);
	return 0;
}

void nics_clear(struct nics *nics)
{
	for (size_t i = 0; i < nics->count; i++) {
		free(nics->nic[i].name);
		free(nics->nic[i].mac);
		free(nics->nic[i].driver);
		free(nics->nic[i].network);
	}
	free(nics->nic);
	*nics = (struct nics){0};
}
