// SPDX-License-Identifier: GPL-2.0-or-later
/* Which network cards the guest gets, and to which networks they go. */
#include "machine/nics.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "machine/place.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_NETWORK "default"

/* The network for the interface @name: from the entry with its name, else from the
 * entry without an interface, else the default. */
static char *network_of(char *const *map, const char *name)
{
	const char *fallback = DEFAULT_NETWORK;
	const size_t length = strlen(name);

	for (; map && *map; map++) {
		if (!strchr(*map, ':'))
			fallback = *map;
		else if (!strncmp(*map, name, length) && (*map)[length] == ':')
			return text_copy(*map + length + 1);
	}
	return text_copy(fallback);
}

static int check_wanted(char *const *wanted, char *const *known, char **reason)
{
	AUTO_FREE char *names = list_join(known, ", ");

	for (size_t i = 0; wanted && wanted[i]; i++) {
		if (!list_contains(known, wanted[i]))
			return REFUSE(reason, ENODEV,
				      "network interface '%s' in p2v.interfaces does not exist: this machine has %s",
				      wanted[i], *names ? names : "none");
		for (size_t j = 0; j < i; j++)
			if (!strcmp(wanted[j], wanted[i]))
				return REFUSE(reason, EINVAL,
					      "network interface '%s' is given twice in p2v.interfaces",
					      wanted[i]);
	}
	return 0;
}

/* ---- what has no effect on this machine -------------------------------------
 *
 * A warning, and no error: one command line may serve many models.
 */

/* "eno1 (52:54:00:00:00:01), eno2", or "none". */
static char *describe(const struct nics *nics)
{
	AUTO_LIST char **cards = NULL;

	for (size_t i = 0; i < nics->count; i++) {
		const struct nic *nic = &nics->nic[i];

		list_append(&cards, nic->mac ? text_format("%s (%s)", nic->name, nic->mac) :
					       text_copy(nic->name));
	}
	return cards ? list_join(cards, ", ") : text_copy("none");
}

static void judge_map(struct nics *nics, char *const *map)
{
	AUTO_FREE char *cards = describe(nics);

	for (; map && *map; map++) {
		size_t length = strcspn(*map, ":");
		bool found = !(*map)[length];

		for (size_t i = 0; i < nics->count && !found; i++)
			found = strlen(nics->nic[i].name) == length &&
				!strncmp(nics->nic[i].name, *map, length);
		if (!found)
			list_append(&nics->warnings,
				    text_format("'%s' in p2v.network_map has no effect: the guest gets no network card '%.*s', only %s",
						*map, (int)length, *map, cards));
	}
}

void nics_judge_macs(struct nics *nics, char *const *macs)
{
	AUTO_FREE char *cards = describe(nics);

	for (; macs && *macs; macs++) {
		bool found = false;

		for (size_t i = 0; i < nics->count && !found; i++) {
			const char *mac = nics->nic[i].mac;

			found = mac && !strncasecmp(*macs, mac, strlen(mac));
		}
		if (!found)
			list_append(&nics->warnings,
				    text_format("'%s' in p2v.mac has no effect: no network card of the guest has this MAC address; it gets %s",
						*macs, cards));
	}
}

/* The place in the machine, then the port of a card that has several, then the index. */
static char **place_of(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/class/net/%s", name);
	char **place = place_read(root, link);

	list_append(&place, text_format("%" PRIu64,
					sysfs_number(root, 0, "sys/class/net/%s/dev_port", name)));
	list_append(&place,
		    text_format("%" PRIu64,
				sysfs_number(root, UINT64_MAX, "sys/class/net/%s/ifindex", name)));
	return place;
}

/* All interfaces, sorted. The file bonding_masters, in the same directory, is left out. */
static char **interface_names(const char *root)
{
	AUTO_LIST char **all = sysfs_list(root, "sys/class/net");
	char **names = NULL;

	for (size_t i = 0; all && all[i]; i++)
		if (sysfs_exists(root, "sys/class/net/%s/type", all[i]))
			list_append(&names, text_copy(all[i]));
	place_sort(root, names, place_of, strverscmp);
	return names;
}

/* Whether a guest gets it unasked. */
static bool is_for_guest(const char *root, const char *name)
{
	return nic_is_card(root, name) && !nic_is_wireless(root, name) &&
	       !nic_is_management(root, name);
}

/* For each card, the first one before it that has the same address. */
static void warn_of_twins(struct nics *nics)
{
	for (size_t i = 0; i < nics->count; i++)
		for (size_t j = 0; j < i && nics->nic[i].mac; j++) {
			const struct nic *one = &nics->nic[j], *two = &nics->nic[i];

			if (!one->mac || strcmp(one->mac, two->mac) != 0)
				continue;
			list_append(&nics->warnings,
				    text_format("network cards '%s' and '%s' have the same MAC address %s, and will have it in the guest: name those that the guest needs in p2v.interfaces",
						one->name, two->name, two->mac));
			break;
		}
}

static void find_left_out(const char *root, char *const *known, char *const *wanted,
			  struct pci_names *names, struct nics *nics)
{
	for (char *const *name = known; name && *name; name++) {
		if (!nic_is_card(root, *name) || list_contains(wanted, *name))
			continue;
		if (nic_is_wireless(root, *name))
			APPEND(nics->wireless, nics->wireless_count, nic_read(root, *name, names));
		else if (nic_is_management(root, *name))
			APPEND(nics->management, nics->management_count,
			       nic_read(root, *name, names));
	}
}

int nics_find(const char *root, char *const *wanted, char *const *network_map, struct nics *nics,
	      char **reason)
{
	AUTO_LIST char **known = interface_names(root);
	struct pci_names *names;
	int r = check_wanted(wanted, known, reason);

	*nics = (struct nics){ 0 };
	if (r < 0)
		return r;
	names = pci_names_new(root);
	for (char *const *name = wanted ? wanted : known; name && *name; name++)
		if (wanted || is_for_guest(root, *name)) {
			APPEND(nics->nic, nics->count, nic_read(root, *name, names));
			nics->nic[nics->count - 1].network = network_of(network_map, *name);
		}
	find_left_out(root, known, wanted, names, nics);
	pci_names_free(names);
	judge_map(nics, network_map);
	warn_of_twins(nics);
	return 0;
}

char *nics_first_mac(const char *root)
{
	AUTO_LIST char **known = interface_names(root);
	char *mac = NULL;

	for (char *const *name = known; name && *name && !mac; name++)
		if (is_for_guest(root, *name))
			mac = nic_mac(root, *name);
	return mac;
}

static void clear_all(struct nic *nic, size_t count)
{
	for (size_t i = 0; i < count; i++)
		nic_clear(&nic[i]);
	free(nic);
}

void nics_clear(struct nics *nics)
{
	clear_all(nics->nic, nics->count);
	clear_all(nics->wireless, nics->wireless_count);
	clear_all(nics->management, nics->management_count);
	list_free(nics->warnings);
	*nics = (struct nics){ 0 };
}
