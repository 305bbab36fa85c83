// SPDX-License-Identifier: GPL-2.0-or-later
/* network.c: what a message says is missing for a route to the server. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "network/network.h"
#include "tree.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <cmocka.h>

#define CARD .card = true, .named = true
#define UP CARD, .up = true
#define LINKED UP, .carrier = true

static void assert_judges(struct network_link *links, size_t count, int family,
			  const char *expected)
{
	AUTO_FREE char *judgement = network_judge(&(struct network_links){ .link = links,
									   .count = count },
						  family, "192.0.2.1");

	assert_string_equal(judgement, expected);
}

#define NO_CARD "no network card found"
#define NO_CONTROLLER \
	NO_CARD ": the machine shows no network controller on PCI: it may be switched off in the firmware's setup"
#define NO_DHCP \
	"no address on 'eno2': no DHCP server has answered; without one, set ip=ADDRESS::GATEWAY:MASK::CARD:none"
#define NO_IPV6 \
	"no IPv6 address on 'eno2': no router or DHCP server has answered; without one, set ip=[ADDRESS]::[GATEWAY]:LENGTH::CARD:none"

static void tells_what_is_missing(void **state)
{
	struct network_link links[] = {
		{ .name = "eno1" },
		{ .name = "eno2" },
		{ .name = "virbr0", .up = true },
	};

	(void)state;
	assert_judges(links, 0, AF_INET, NO_CARD);
	assert_judges(links + 2, 1, AF_INET, NO_CARD);

	links[0] = (struct network_link){ .name = "eno1", CARD };
	links[1] = (struct network_link){ .name = "eno2", CARD };
	assert_judges(links, 3, AF_INET, "network card 'eno1', 'eno2' not switched on yet");
	links[0].up = links[1].up = true;
	assert_judges(links, 3, AF_INET,
		      "no link on 'eno1', 'eno2': check the cable and the switch's port");
	links[1].carrier = true;
	assert_judges(links, 3, AF_INET, NO_DHCP);
	assert_judges(links, 3, AF_INET6, NO_IPV6);
	links[1].ipv4 = true;
	assert_judges(links, 3, AF_INET,
		      "no route to '192.0.2.1' from 'eno2': check the gateway and the address");
	assert_judges(links, 3, AF_INET6, NO_IPV6);
}

/* The words are for one card, but the cable is in the other. */
static void tells_of_the_named_card(void **state)
{
	struct network_link links[] = {
		{ .name = "eno1", UP },
		{ .name = "eno2", .card = true, .up = true, .carrier = true },
	};
	char *absent[] = { (char[]){ "eth7" }, NULL };
	AUTO_FREE char *judgement = NULL;

	(void)state;
	assert_judges(links, 2, AF_INET,
		      "no link on 'eno1', which the kernel command line names: check the cable, or name 'eno2', which has a link");
	judgement = network_judge(&(struct network_links){ .link = links,
							   .count = 2,
							   .absent = absent },
				  AF_INET, "");
	assert_string_equal(judgement,
			    "no network card 'eth7', which the kernel command line names: this machine has 'eno1', 'eno2'");
}

/* The bond has the address, not its cards. */
static void takes_addresses_of_any_interface(void **state)
{
	struct network_link links[] = {
		{ .name = "eno1", LINKED },
		{ .name = "bond0", .up = true, .carrier = true, .ipv4 = true },
	};

	(void)state;
	assert_judges(links, 2, AF_INET,
		      "no route to '192.0.2.1' from 'bond0': check the gateway and the address");
}

static void reads_sysfs(void **state)
{
	char *root = tree_new();
	struct network_links links;

	(void)state;
	tree_put(root, "proc/cmdline",
		 "quiet bond=bond0:p2vd-test1,p2vd-test4:mode=1 ip=bond0:dhcp\n");
	tree_put(root, "sys/class/net/lo/flags", "0x9\n");
	tree_put(root, "sys/class/net/bonding_masters", "\n");
	tree_nic(root, "p2vd-test1", "2\n", "52:54:00:ab:cd:01\n");
	tree_put(root, "sys/class/net/p2vd-test1/flags", "0x1003\n");
	tree_put(root, "sys/class/net/p2vd-test1/carrier", "1\n");
	tree_nic(root, "p2vd-test2", "3\n", "52:54:00:ab:cd:02\n");
	tree_put(root, "sys/class/net/p2vd-test2/flags", "0x1002\n");
	tree_put(root, "sys/class/net/p2vd-test3/flags", "0x1003\n");
	tree_put(root, "sys/class/net/p2vd-test3/carrier", "0\n");

	network_links_read(&links, root);
	assert_int_equal(links.count, 3);
	assert_string_equal(links.link[0].name, "p2vd-test1");
	assert_true(links.link[0].card && links.link[0].up && links.link[0].carrier &&
		    links.link[0].named);
	assert_true(links.link[1].card && !links.link[1].up && !links.link[1].carrier);
	assert_false(links.link[1].named);
	assert_true(!links.link[2].card && links.link[2].up && !links.link[2].carrier);
	assert_false(links.link[0].ipv4 || links.link[0].ipv6);
	assert_int_equal(list_length(links.absent), 1);
	assert_string_equal(links.absent[0], "p2vd-test4");
	network_links_clear(&links);
	tree_remove(root);

	network_links_read(&links, "/nowhere");
	assert_int_equal(links.count, 0);
	network_links_clear(&links);
}

static void explains_a_missing_name(void **state)
{
	AUTO_FREE char *sentence = network_missing_name("/nowhere", "'x' is not found");

	(void)state;
	assert_string_equal(sentence, "'x' is not found (" NO_CONTROLLER ")");
}

static void finds_the_loopback(void **state)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons(22),
				    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct addrinfo address = { .ai_family = AF_INET,
				    .ai_addr = (struct sockaddr *)&here,
				    .ai_addrlen = sizeof(here) };

	(void)state;
	assert_null(network_missing("", &address));
}

static void misses_a_route(void **state)
{
	struct sockaddr_in there = { .sin_family = AF_INET,
				     .sin_port = htons(22),
				     .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct addrinfo address = { .ai_family = AF_UNSPEC,
				    .ai_addr = (struct sockaddr *)&there,
				    .ai_addrlen = sizeof(there) };
	char *root = tree_new();
	AUTO_FREE char *missing = NULL;

	(void)state;
	/* A family that no socket has is used for a route that does not exist, so
	 * that the test does not depend on this machine's routes. */
	missing = network_missing(root, &address);
	assert_string_equal(missing, NO_CONTROLLER);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_missing),
		cmocka_unit_test(tells_of_the_named_card),
		cmocka_unit_test(takes_addresses_of_any_interface),
		cmocka_unit_test(reads_sysfs),
		cmocka_unit_test(explains_a_missing_name),
		cmocka_unit_test(finds_the_loopback),
		cmocka_unit_test(misses_a_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
