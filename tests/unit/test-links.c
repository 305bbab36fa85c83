// SPDX-License-Identifier: GPL-2.0-or-later
/* Network links as lines: by what p2vd knows of them, else by sysfs. */
#include "base/cleanup.h"
#include "dialog/links.h"
#include "tree.h"

#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void line_is(const struct mirror *mirror, const char *root, const char *name, unsigned flags,
		    const char *expected)
{
	AUTO_FREE char *line = links_line(mirror, root, name, flags, "192.0.2.7/24");

	assert_string_equal(line, expected);
}

static void test_links(void **state)
{
	struct mirror mirror = { 0 };
	char *root = tree_new();

	(void)state;
	tree_put(root, "sys/class/net/eno1/speed", "1000\n");
	tree_link(root, "sys/class/net/eno1/device/driver", "../../../bus/pci/drivers/tg3");
	tree_put(root, "sys/class/net/eno2/speed", "-1\n");
	tree_put(root, "sys/class/net/bond0/speed", "2500\n");
	tree_put(root, "sys/class/net/bond0/uevent", "DEVTYPE=bond\nINTERFACE=bond0\n");
	line_is(&mirror, root, "eno1", IFF_UP | IFF_RUNNING,
		"eno1      link    1 Gbit/s    tg3        192.0.2.7/24");
	line_is(&mirror, root, "eno2", IFF_UP,
		"eno2      no link             -          192.0.2.7/24");
	line_is(&mirror, root, "bond0", IFF_UP | IFF_RUNNING,
		"bond0     link    2500 Mbit/s bond       192.0.2.7/24");
	line_is(&mirror, root, "eno1", 0, "eno1      off     1 Gbit/s    tg3        192.0.2.7/24");
	assert_true(sd_json_parse("{\"interfaces\":[{\"name\":\"eno1\",\"speed\":10000,\"driver\":\"ixgbe\"}],"
				  "\"management\":[{\"name\":\"eno2\",\"driver\":\"cdc_ether\"}]}",
				  0, &mirror.everything, NULL, NULL) >= 0);
	line_is(&mirror, root, "eno1", IFF_UP | IFF_RUNNING,
		"eno1      link    10 Gbit/s   ixgbe      192.0.2.7/24");
	line_is(&mirror, root, "eno2", IFF_UP,
		"eno2      no link             cdc_ether  192.0.2.7/24");
	sd_json_variant_unref(mirror.everything);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_links) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
