// SPDX-License-Identifier: GPL-2.0-or-later
/* network.c: what is missing on the way to the server, in words. */
#include "cleanup.h"
#include "network.h"
#include "tree.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <cmocka.h>

#define CARD .card = true, .up = true
#define LINKED CARD, .carrier = true

static void assert_judges(const struct network_link *links, size_t count, int family, const char *expected)
{
	AUTO_FREE char *judgement = network_judge(links, count, family, "192.0.2.1");

	assert_string_equal(judgement, expected);
}

static void tells_what_is_missing(void **state)
{
	struct network_link links[] = {
		{ .name = "eno1" }, { .name = "eno2" }, { .name = "virbr0", .up = true },
	};

	(void)state;
	assert_judges(links, 0, AF_INET, "no network card found: this image may have no driver for it");
	assert_judges(links + 2, 1, AF_INET, "no network card found: this image may have no driver for it");

	links[0].card = links[1].card = true;
	assert_judges(links, 3, AF_INET, "'eno1', 'eno2' not switched on yet");
	links[0].up = links[1].up = true;
	assert_judges(links, 3, AF_INET, "no link on 'eno1', 'eno2': check the cable");
	links[1].carrier = true;
	assert_judges(links, 3, AF_INET, "no address on 'eno2': no DHCP server has answered");
	assert_judges(links, 3, AF_INET6,
		      "no IPv6 address on 'eno2': no router or DHCP server has given one");
	links[1].ipv4 = true;
	assert_judges(links, 3, AF_INET,
		      "no route to '192.0.2.1': is there a gateway, and is its network right");
	assert_judges(links, 3, AF_INET6,
		      "no IPv6 address on 'eno2': no router or DHCP server has given one");
}

/* A bond has the address, not the cards in it. */
static void takes_addresses_of_any_interface(void **state)
{
	const struct network_link links[] = {
		{ .name = "eno1", LINKED }, { .name = "bond0", .up = true, .carrier = true, .ipv4 = true },
	};

	(void)state;
	assert_judges(links, 2, AF_INET,
		      "no route to '192.0.2.1': is there a gateway, and is its network right");
}

static void reads_sysfs(void **state)
{
	char *root = tree_new();
	struct network_link *links;
	size_t count;

	(void)state;
	tree_put(root, "sys/class/net/lo/flags", "0x9\n");
	tree_put(root, "sys/class/net/bonding_masters", "\n");
	tree_nic(root, "p2vd-test1", "2\n", "52:54:00:ab:cd:01\n");
	tree_put(root, "sys/class/net/p2vd-test1/flags", "0x1003\n");
	tree_put(root, "sys/class/net/p2vd-test1/carrier", "1\n");
	tree_nic(root, "p2vd-test2", "3\n", "52:54:00:ab:cd:02\n");
	tree_put(root, "sys/class/net/p2vd-test2/flags", "0x1002\n");
	tree_put(root, "sys/class/net/p2vd-test3/flags", "0x1003\n");
	tree_put(root, "sys/class/net/p2vd-test3/carrier", "0\n");

	links = network_links(root, &count);
	assert_int_equal(count, 3);
	assert_string_equal(links[0].name, "p2vd-test1");
	assert_true(links[0].card && links[0].up && links[0].carrier);
	assert_true(links[1].card && !links[1].up && !links[1].carrier);
	assert_true(!links[2].card && links[2].up && !links[2].carrier);
	assert_false(links[0].ipv4 || links[0].ipv6);
	network_links_free(links, count);
	tree_remove(root);

	links = network_links("/nowhere", &count);
	assert_int_equal(count, 0);
	network_links_free(links, count);
}

static void finds_the_loopback(void **state)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(22),
				    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct addrinfo address = { .ai_family = AF_INET, .ai_addr = (struct sockaddr *)&here,
				    .ai_addrlen = sizeof here };

	(void)state;
	assert_null(network_missing("", &address));
}

static void misses_a_route(void **state)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(22),
				     .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct addrinfo address = { .ai_family = AF_UNSPEC, .ai_addr = (struct sockaddr *)&there,
				    .ai_addrlen = sizeof there };
	char *root = tree_new();
	AUTO_FREE char *missing = NULL;

	(void)state;
	/* A family that no socket has stands for a route that is not there, so
	 * that the test does not depend on this machine's routes. */
	missing = network_missing(root, &address);
	assert_string_equal(missing, "no network card found: this image may have no driver for it");
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_missing),
		cmocka_unit_test(takes_addresses_of_any_interface),
		cmocka_unit_test(reads_sysfs),
		cmocka_unit_test(finds_the_loopback),
		cmocka_unit_test(misses_a_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
