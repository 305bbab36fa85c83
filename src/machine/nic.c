// SPDX-License-Identifier: GPL-2.0-or-later
/* One network card, read from sysfs. */
#include "machine/nic.h"

#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <ctype.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define MAC_LENGTH 6
#define ASSIGNED_AT_RANDOM 1 /* NET_ADDR_RANDOM of linux/netdevice.h */

bool nic_is_wireless(const char *root, const char *name)
{
	AUTO_FREE char *uevent = sysfs_text(root, "sys/class/net/%s/uevent", name);

	return sysfs_exists(root, "sys/class/net/%s/wireless", name) ||
	       sysfs_exists(root, "sys/class/net/%s/phy80211", name) ||
	       (uevent && (strstr(uevent, "DEVTYPE=wlan") || strstr(uevent, "DEVTYPE=wwan")));
}

/* A VLAN or bridge has no "device". "physfn" marks a virtual function, whose card
 * is in the list itself. */
bool nic_is_card(const char *root, const char *name)
{
	uint64_t type = sysfs_number(root, 0, "sys/class/net/%s/type", name);

	return sysfs_exists(root, "sys/class/net/%s/device", name) &&
	       !sysfs_exists(root, "sys/class/net/%s/device/physfn", name) &&
	       (type == ARPHRD_ETHER || type == ARPHRD_INFINIBAND);
}

/* "device" is an interface of the USB device; the device above it has IDs and names. */
static char *usb_text(const char *root, const char *name, const char *attribute)
{
	return sysfs_exists(root, "sys/class/net/%s/device/bInterfaceNumber", name) ?
		       sysfs_line(root, "sys/class/net/%s/device/../%s", name, attribute) :
		       NULL;
}

static bool has_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

bool nic_is_management(const char *root, const char *name)
{
	static const char *const ids[] = {
		"413c:a102",         /* iDRAC */
		"046b:ffb0",         /* AMI's MegaRAC */
		"04b3:4010", "04b3:0325",       /* IBM's IMM, XClarity */
		"0b1f:03ee",         /* Insyde's */
		"0430:a4a2",         /* ILOM */
		"0525:a4a1", "0525:a4a2", "1d6b:0102",      /* a Linux that plays a USB card */
		"1d6b:0103", "1d6b:0104",
	};
	static const char *const words[] = {
		"iDRAC",
		"iLO",
		"ILOM",
		"MegaRAC",
		"Redfish",
		"aspeed", /* the BMC's chip, as a Linux on it tells */
		"ASPEED",
		"iRMC",
		"CIMC",
		"XClarity",
		"XCC",
		"BMC",
		"IPMI",
		"Gadget",
		"gadget",
		"Insyde",
		"American Megatrends",
		"Virtual NIC",
		"PiKVM",
		"Virtual Ethernet",
		"RNDIS/CDC ETHER",
	};
	AUTO_FREE char *vendor = usb_text(root, name, "idVendor");
	AUTO_FREE char *product = usb_text(root, name, "idProduct");
	AUTO_FREE char *maker = usb_text(root, name, "manufacturer");
	AUTO_FREE char *model = usb_text(root, name, "product");
	AUTO_FREE char *id = text_format("%s:%s", vendor ?: "", product ?: "");

	return has_any(id, ids, COUNT(ids)) || has_any(maker, words, COUNT(words)) ||
	       has_any(model, words, COUNT(words));
}

/* ---- address --------------------------------------------------------------- */

/* Whether a guest can have that address: not multicast, and not all zero. */
static bool is_mac(const char *text)
{
	if (!hardware_address_is_valid(text, ':') || !strcmp(text, "00:00:00:00:00:00"))
		return false;
	return !(strtoul((char[]){ text[1], 0 }, NULL, 16) & 1);
}

/* Asks the driver for the address burnt into the card; a bond or a user may have set
 * another one. */
static char *ask_permanent_mac(const char *name)
{
	union {
		struct ethtool_perm_addr header;
		char room[sizeof(struct ethtool_perm_addr) + MAX_ADDR_LEN];
	} answer = { .header = { .cmd = ETHTOOL_GPERMADDR, .size = MAX_ADDR_LEN } };
	struct ifreq request = { .ifr_data = (char *)&answer };
	AUTO_CLOSE int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const unsigned char *bytes = answer.header.data;

	if (descriptor < 0 || strlen(name) >= sizeof(request.ifr_name))
		return NULL;
	strcpy(request.ifr_name, name);
	if (ioctl(descriptor, SIOCETHTOOL, &request) < 0 || answer.header.size != MAC_LENGTH)
		return NULL;
	return text_format("%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3],
			   bytes[4], bytes[5]);
}

/* Returns @mac in lower case, or frees it and returns NULL if it is not an address. */
static char *checked(char *mac)
{
	if (mac && !is_mac(mac)) {
		free(mac);
		return NULL;
	}
	for (char *c = mac; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return mac;
}

/* A card without an address of its own gets another one at each start. That of a bridge counts
 * as random, too, but it is a card's. */
static bool is_random(const char *root, const char *name)
{
	return nic_is_card(root, name) && sysfs_number(root, 0, "sys/class/net/%s/addr_assign_type",
						       name) == ASSIGNED_AT_RANDOM;
}

char *nic_mac(const char *root, const char *name)
{
	char *mac = checked(sysfs_line(root, "sys/class/net/%s/bonding_slave/perm_hwaddr", name));

	if (!mac && !*root)
		mac = checked(ask_permanent_mac(name));
	if (!mac && !is_random(root, name))
		mac = checked(sysfs_line(root, "sys/class/net/%s/address", name));
	return mac;
}

/* ---- what it is ------------------------------------------------------------- */

static char *driver_of(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/class/net/%s/device/driver", name);

	return text_copy(link ? basename(link) : NULL);
}

/* The number in an attribute such as "0x8086"; 0 if there is none. */
static unsigned number_of(const char *root, const char *name, const char *attribute)
{
	AUTO_FREE char *text = sysfs_line(root, "sys/class/net/%s/device/%s", name, attribute);
	unsigned long number = text && text_begins(text, "0x") ? strtoul(text, NULL, 16) : 0;

	return number <= 0xffff ? (unsigned)number : 0;
}

/* A virtio card's own numbers are not PCI's: its parent is the PCI card. */
static void name_pci_card(const char *root, struct nic *nic, struct pci_names *names)
{
	bool virtio = nic->driver && !strcmp(nic->driver, "virtio_net");
	unsigned vendor = number_of(root, nic->name, virtio ? "../vendor" : "vendor");
	unsigned device = number_of(root, nic->name, virtio ? "../device" : "device");

	if (!vendor)
		return;
	nic->vendor = pci_names_vendor(names, vendor);
	if (device)
		nic->model = pci_names_device(names, vendor, device);
}

static void name_usb_card(const char *root, struct nic *nic)
{
	nic->vendor = usb_text(root, nic->name, "manufacturer");
	nic->model = usb_text(root, nic->name, "product");
}

void nic_read_link(const char *root, struct nic *nic)
{
	uint64_t carrier = sysfs_number(root, UINT64_MAX, "sys/class/net/%s/carrier", nic->name);
	uint64_t speed = sysfs_number(root, 0, "sys/class/net/%s/speed", nic->name);

	/* It cannot be read while the interface is down. */
	nic->link = carrier == 1 ? NIC_LINK_UP : carrier == 0 ? NIC_LINK_DOWN : NIC_LINK_UNKNOWN;
	/* Some drivers write -1 (unknown) as an unsigned number. */
	nic->speed = speed < INT32_MAX && speed != UINT16_MAX ? (unsigned)speed : 0;
}

struct nic nic_read(const char *root, const char *name, struct pci_names *names)
{
	struct nic nic = {
		.name = text_copy(name),
		.mac = nic_mac(root, name),
		.driver = driver_of(root, name),
	};

	nic_read_link(root, &nic);
	if (sysfs_exists(root, "sys/class/net/%s/device/bInterfaceNumber", name))
		name_usb_card(root, &nic);
	else
		name_pci_card(root, &nic, names);
	return nic;
}

void nic_clear(struct nic *nic)
{
	free(nic->name);
	free(nic->mac);
	free(nic->vendor);
	free(nic->model);
	free(nic->driver);
	free(nic->network);
	*nic = (struct nic){ 0 };
}
