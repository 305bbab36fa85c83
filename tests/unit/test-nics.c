// SPDX-License-Identifier: GPL-2.0-or-later
/* nics.c: which network cards a machine has, and which networks they join. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "machine/nics.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })

static int build(void **state)
{
	char *root = tree_new();

	tree_nic(root, "eno2", "3\n", "52:54:00:AB:cd:02\n");
	tree_nic(root, "eno1", "2\n", "52:54:00:ab:cd:01\n");
	tree_nic(root, "eth10", "10\n", "00:00:00:00:00:00\n");
	tree_link(root, "sys/class/net/eno1/device/driver", "../../../bus/pci/drivers/e1000e");
	tree_nic(root, "wlp1", "4\n", "52:54:00:ab:cd:03\n");
	tree_put(root, "sys/class/net/wlp1/wireless/link", "0\n");
	tree_nic(root, "wwan0", "5\n", "52:54:00:ab:cd:04\n");
	tree_put(root, "sys/class/net/wwan0/uevent", "DEVTYPE=wwan\nINTERFACE=wwan0\n");
	tree_nic(root, "ib0", "11\n",
		 "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1\n");
	tree_put(root, "sys/class/net/ib0/type", "32\n");
	tree_nic(root, "can0", "12\n", "\n");
	tree_put(root, "sys/class/net/can0/type", "280\n");
	tree_put(root, "sys/class/net/lo/type", "772\n");
	tree_put(root, "sys/class/net/bond0/type", "1\n");
	tree_put(root, "sys/class/net/bond0/address", "52:54:00:ab:cd:01\n");
	tree_put(root, "sys/class/net/bonding_masters", "bond0\n");
	*state = root;
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

static void assert_finds(const char *root, char *const *wanted, char *const *map,
			 const char *expected)
{
	struct nics nics;
	AUTO_LIST char **found = NULL;
	AUTO_FREE char *reason = NULL, *text = NULL;

	if (nics_find(root, wanted, map, &nics, &reason) < 0)
		fail_msg("%s", reason);
	for (size_t i = 0; i < nics.count; i++)
		list_append(&found, text_format("%s=%s", nics.nic[i].name, nics.nic[i].network));
	text = list_join(found, " ");
	assert_string_equal(text, expected);
	nics_clear(&nics);
}

static void assert_refuses(const char *root, char *const *wanted, char *const *map,
			   const char *word)
{
	struct nics nics;
	AUTO_FREE char *reason = NULL;

	assert_true(nics_find(root, wanted, map, &nics, &reason) < 0);
	if (!strstr(reason, word))
		fail_msg("\"%s\" lacks \"%s\"", reason, word);
	assert_int_equal(nics.count, 0);
}

static void finds_cards(void **state)
{
	assert_finds(*state, NULL, NULL, "eno1=default eno2=default eth10=default ib0=default");
}

/* A card as the kernel shows it: a link in sys/class/net to its place. */
static void hang(const char *root, const char *name, const char *device, const char *index,
		 const char *port)
{
	char *link = text_format("sys/class/net/%s", name),
	     *target = text_format("../../devices/%s/net/%s", device, name);

	tree_set(root, "1\n", "sys/devices/%s/net/%s/type", device, name);
	tree_set(root, "0x8086\n", "sys/devices/%s/net/%s/device/vendor", device, name);
	tree_set(root, index, "sys/devices/%s/net/%s/ifindex", device, name);
	tree_set(root, port, "sys/devices/%s/net/%s/dev_port", device, name);
	tree_link(root, link, target);
	free(target);
	free(link);
}

/* The index counts in the order in which the kernel finds cards, which changes. */
static void orders_by_place(void **state)
{
	char *root = tree_new();

	(void)state;
	hang(root, "eth0", "pci0000:00/0000:00:1c.0/0000:0a:00.0", "2\n", "1\n");
	hang(root, "eth1", "pci0000:00/0000:00:1c.0/0000:0a:00.0", "4\n", "0\n");
	hang(root, "eth2", "pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0", "3\n", "0\n");
	hang(root, "eth3", "pci0000:00/0000:00:19.0", "5\n", "0\n");
	assert_finds(root, NULL, NULL, "eth3=default eth1=default eth0=default eth2=default");
	tree_remove(root);
}

static void reads_attributes(void **state)
{
	struct nics nics;
	AUTO_FREE char *reason = NULL;

	assert_int_equal(nics_find(*state, NULL, NULL, &nics, &reason), 0);
	assert_string_equal(nics.nic[0].mac, "52:54:00:ab:cd:01");
	assert_string_equal(nics.nic[0].driver, "e1000e");
	assert_string_equal(nics.nic[1].mac, "52:54:00:ab:cd:02");
	assert_null(nics.nic[1].driver);
	assert_null(nics.nic[2].mac);
	assert_null(nics.nic[3].mac);
	nics_clear(&nics);
}

static void keeps_the_users_choice(void **state)
{
	assert_finds(*state, LIST("eno2", "eno1"), NULL, "eno2=default eno1=default");
	assert_finds(*state, LIST("bond0"), NULL, "bond0=default");
	assert_finds(*state, (char *[]){ NULL }, NULL, "");
}

static void maps_networks(void **state)
{
	char *const *two = LIST("eno1", "eno2");

	assert_finds(*state, two, LIST("eno1:front"), "eno1=front eno2=default");
	assert_finds(*state, two, LIST("rest", "eno2:back net"), "eno1=rest eno2=back net");
	assert_finds(*state, two, LIST("only"), "eno1=only eno2=only");
	assert_finds(*state, two, LIST("eth10:x"), "eno1=default eno2=default");
	assert_finds(*state, two, LIST("eno1:a:b"), "eno1=a:b eno2=default");
}

static void refuses_in_words(void **state)
{
	assert_refuses(*state, LIST("em9"), NULL,
		       "'em9' in p2v.interfaces does not exist: this machine has");
	assert_refuses(*state, LIST("bonding_masters"), NULL, "does not exist");
	assert_refuses(*state, LIST("../net/eno1"), NULL, "does not exist");
	assert_refuses(*state, LIST("eno1", "eno1"), NULL, "given twice");
}

/* The warnings, joined. */
static void assert_warns(const char *root, char *const *wanted, char *const *map, char *const *macs,
			 const char *expected)
{
	struct nics nics;
	AUTO_FREE char *reason = NULL, *text = NULL;

	if (nics_find(root, wanted, map, &nics, &reason) < 0)
		fail_msg("%s", reason);
	nics_judge_macs(&nics, macs);
	text = list_join(nics.warnings, "; ");
	assert_string_equal(text, expected);
	nics_clear(&nics);
}

/* One command line may serve many models. */
static void warns_of_cards_that_are_not_there(void **state)
{
	char *const *two = LIST("eno1", "eno2");

	assert_finds(*state, two, LIST("em1:lan", "rest"), "eno1=rest eno2=rest");
	assert_warns(*state, two, LIST("eno1:a", "eno2:b", "rest"), NULL, "");
	assert_warns(*state, LIST("eno1"), LIST("em1:lan"), NULL,
		     "'em1:lan' in p2v.network_map has no effect: the guest gets no network card 'em1', only eno1 (52:54:00:ab:cd:01)");
	assert_warns(*state, (char *[]){ NULL }, LIST("eno1:lan"), NULL,
		     "'eno1:lan' in p2v.network_map has no effect: the guest gets no network card 'eno1', only none");
	assert_warns(*state, two, NULL, LIST("52:54:00:AB:CD:01:network:a"), "");
	assert_warns(*state, LIST("eno1"), NULL, LIST("52:54:00:ab:cd:02:network:a"),
		     "'52:54:00:ab:cd:02:network:a' in p2v.mac has no effect: no network card of the guest has this MAC address; it gets eno1 (52:54:00:ab:cd:01)");
}

static void bears_a_machine_without_network(void **state)
{
	(void)state;
	char *root = tree_new();

	assert_finds(root, NULL, LIST("lan"), "");
	assert_refuses(root, LIST("eth0"), NULL, "this machine has none");
	tree_remove(root);
}

static void refuses_strange_addresses(void **state)
{
	static const char *const strange[] = {
		"",
		"52:54:00",
		"52:54:00:ab:cd:0g",
		"52-54-00-ab-cd-01",
		"01:00:5e:00:00:01",
		"52:54:00:ab:cd:01:02",
		"<b>54:00:ab:cd:01",
	};

	for (size_t i = 0; i < COUNT(strange); i++) {
		struct nics nics;
		AUTO_FREE char *reason = NULL;

		tree_put(*state, "sys/class/net/eno1/address", strange[i]);
		assert_int_equal(nics_find(*state, LIST("eno1"), NULL, &nics, &reason), 0);
		assert_null(nics.nic[0].mac);
		nics_clear(&nics);
	}
}

static void put_usb(const char *root, const char *name, const char *const values[static 4])
{
	static const char *const attributes[] = { "idVendor", "idProduct", "manufacturer",
						  "product" };

	tree_nic(root, name, "20\n", "02:e0:00:00:00:01\n");
	tree_set(root, "00\n", "sys/class/net/%s/device/bInterfaceNumber", name);
	for (size_t i = 0; i < 4; i++)
		if (values[i])
			tree_set(root, values[i], "sys/class/net/%s/%s", name, attributes[i]);
}

/* Cards over USB: those of management controllers, and real ones. */
static void leaves_out_what_leads_to_a_controller(void **state)
{
	static const char *const controllers[][4] = {
		{ "413c\n", "a102\n", "Dell(TM)\n", "iDRAC Virtual NIC USB Device\n" },
		{ "046b\n", "ffb0\n", "American Megatrends Inc.\n", "Virtual Ethernet.\n" },
		{ "046b\n", "ffb0\n", NULL, NULL },
		{ "04b3\n", "4010\n", "IBM\n", "XClarity Controller\n" },
		{ "0b1f\n", "03ee\n", NULL, "RNDIS/Ethernet Gadget\n" },
		{ "1d6b\n", "0103\n", "OpenBMC\n", "OpenBMC usbnet Device\n" },
		{ "03f0\n", "0001\n", "HPE\n", "iLO Virtual NIC\n" },
		{ "12d1\n", "0003\n", "Linux 5.10.50 with aspeed_vhub\n", "CDC NCM\n" },
		{ "15d9\n", "0001\n", "Maker\n", "Redfish Host Interface\n" },
	};
	static const char *const cards[][4] = {
		{ "0bda\n", "8153\n", "Realtek\n", "USB 10/100/1000 LAN\n" },
		{ "0b95\n", "1790\n", "ASIX Elec. Corp.\n", "AX88179\n" },
		{ NULL, NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(controllers) + COUNT(cards); i++) {
		bool is_card = i >= COUNT(controllers);
		char *root = tree_new();
		struct nics nics;
		AUTO_FREE char *reason = NULL, *mac = NULL;

		put_usb(root, "usb0", is_card ? cards[i - COUNT(controllers)] : controllers[i]);
		assert_int_equal(nics_find(root, NULL, NULL, &nics, &reason), 0);
		assert_int_equal(nics.count, is_card);
		assert_int_equal(nics.management_count, !is_card);
		mac = nics_first_mac(root);
		assert_int_equal(mac != NULL, is_card);
		nics_clear(&nics);
		assert_finds(root, LIST("usb0"), NULL, "usb0=default");
		assert_int_equal(nics_find(root, LIST("usb0"), NULL, &nics, &reason), 0);
		assert_int_equal(nics.management_count, 0);
		nics_clear(&nics);
		tree_remove(root);
	}
}

/* The names alone do not make it one: it has to be on USB. */
static void keeps_cards_on_other_buses(void **state)
{
	tree_put(*state, "sys/class/net/eno1/product", "iDRAC\n");
	assert_finds(*state, LIST("eno1"), NULL, "eno1=default");
	assert_finds(*state, NULL, NULL, "eno1=default eno2=default eth10=default ib0=default");
}

static void warns_of_one_address_twice(void **state)
{
	struct nics nics;
	AUTO_FREE char *reason = NULL;

	tree_put(*state, "sys/class/net/eno2/address", "52:54:00:AB:CD:01\n");
	assert_int_equal(nics_find(*state, NULL, NULL, &nics, &reason), 0);
	assert_int_equal(nics.count, 4);
	assert_int_equal(list_length(nics.warnings), 1);
	assert_non_null(strstr(nics.warnings[0],
			       "network cards 'eno1' and 'eno2' have the same MAC address 52:54:00:ab:cd:01"));
	nics_clear(&nics);
	/* The card that is left out has it alone; cards without an address do not share one. */
	assert_int_equal(nics_find(*state, LIST("eno1", "eth10", "ib0"), NULL, &nics, &reason), 0);
	assert_null(nics.warnings);
	nics_clear(&nics);
}

static void takes_no_random_address(void **state)
{
	struct nics nics;
	AUTO_FREE char *reason = NULL;

	tree_put(*state, "sys/class/net/eno1/addr_assign_type", "1\n");
	tree_put(*state, "sys/class/net/eno2/addr_assign_type", "0\n");
	tree_put(*state, "sys/class/net/bond0/addr_assign_type", "1\n");
	assert_int_equal(nics_find(*state, LIST("eno1", "eno2", "bond0"), NULL, &nics, &reason), 0);
	assert_null(nics.nic[0].mac);
	assert_string_equal(nics.nic[1].mac, "52:54:00:ab:cd:02");
	assert_string_equal(nics.nic[2].mac, "52:54:00:ab:cd:01");
	nics_clear(&nics);
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(finds_cards),
		cmocka_unit_test(orders_by_place),
		ON_TREE(reads_attributes),
		ON_TREE(keeps_the_users_choice),
		ON_TREE(maps_networks),
		ON_TREE(refuses_in_words),
		ON_TREE(warns_of_cards_that_are_not_there),
		cmocka_unit_test(bears_a_machine_without_network),
		ON_TREE(refuses_strange_addresses),
		cmocka_unit_test(leaves_out_what_leads_to_a_controller),
		ON_TREE(keeps_cards_on_other_buses),
		ON_TREE(warns_of_one_address_twice),
		ON_TREE(takes_no_random_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
