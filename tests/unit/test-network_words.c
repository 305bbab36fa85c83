// SPDX-License-Identifier: GPL-2.0-or-later
/* network_words.c: dracut's network words, judged, and the cards they name. */
#include "cleanup.h"
#include "network_words.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void assert_right(const char *name, const char *value)
{
	AUTO_FREE char *reason = network_words_judge(name, value);

	if (reason)
		fail_msg("%s=%s: %s", name, value ? value : "(none)", reason);
}

/* @said: what is in the sentence. */
static void assert_wrong(const char *name, const char *value, const char *said)
{
	AUTO_FREE char *reason = network_words_judge(name, value);

	if (!reason)
		fail_msg("%s=%s is taken for right", name, value);
	if (!strstr(reason, said))
		fail_msg("%s=%s: '%s' does not say '%s'", name, value, reason, said);
}

static void takes_what_dracut_takes(void **state)
{
	static const char *const values[] = {
		"dhcp", "on", "auto6", "dhcp,auto6", "off", "ibft", "eno1:dhcp", "eno1:dhcp:9000",
		"eno1:dhcp:1500:52:54:00:00:00:01", "52-54-00-00-00-01:dhcp",
		"192.0.2.5::192.0.2.1:24:host:eno1:none", "192.0.2.5:::255.255.255.0::eno1:none",
		"192.0.2.5/24::192.0.2.1:::eno1:none", "192.0.2.5::192.0.2.1:24:host:eno1:none:1500",
		"192.0.2.5::192.0.2.1:24:host:eno1:none:192.0.2.2:192.0.2.3",
		"192.0.2.5:192.0.2.6::32::eno1:none", "192.0.2.5:::24::eno1",
		"[2001:db8::5]::[2001:db8::1]:64:host:bond0.5:none", ":::::eno1:dhcp", "",
		"[fd00::2]::[fd00::1]:64::eno1:none", "[fd00::2/64]::[fd00::1]:::eno1:none",
		"[fe80::2]::[fe80::1]:64::eno1:none", "fa-54-00-00-00-01:dhcp", NULL,
	};

	(void)state;
	for (const char *const *value = values; *value; value++)
		assert_right("ip", *value);
	assert_right("ip", NULL);
	assert_right("vlan", "eno1.5:eno1");
	assert_right("vlan", "vlan4094:bond0");
	assert_right("bond", "bond0:eno1,eno2");
	assert_right("bond", "bond0:eno1,eno2:mode=802.3ad,miimon=100:9000");
	assert_right("nameserver", "192.0.2.1");
	assert_right("nameserver", "[2001:db8::1]");
	assert_right("nameserver", "2001:db8::1");
	assert_right("rd.route", "198.51.100.0/24:192.0.2.254:eno1");
	assert_right("rd.route", "[2001:db8::]/32:[fe80::1]:eno1");
	assert_right("rd.route", "0.0.0.0/0:192.0.2.1");
	assert_right("quiet", "ip=nonsense");
}

static void tells_what_is_wrong(void **state)
{
	(void)state;
	assert_wrong("ip", "dhpc", "'dhpc' is no way to configure a card");
	assert_wrong("ip", "eno1:dhpc", "'dhpc' is no way");
	assert_wrong("ip", "eno1:", "'' is no way");
	assert_wrong("ip", "300.1.1.1::192.0.2.1:24::eno1:none", "the machine's address '300.1.1.1' is no address");
	assert_wrong("ip", "192.0.2.5::gw:24::eno1:none", "the gateway 'gw' is no address");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:33::eno1:none", "'33' is no network mask of '192.0.2.5'");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:255.255.1.0::eno1:none", "'255.255.1.0' is no network mask");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:0.0.0.0::eno1:none", "'0.0.0.0' is no network mask");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:::eno1:none", "'192.0.2.5' has no network mask");
	assert_wrong("ip", "[2001:db8::5]::192.0.2.1:64::eno1:none", "not of one kind");
	assert_wrong("ip", "[2001:db8::5]:::129::eno1:none", "'129' is no network mask");
	assert_wrong("ip", "[fd00::2]:::129::eno1:none", "'129' is no network mask");
	assert_wrong("ip", "[fe80::2]::192.0.2.1:64::eno1:none", "not of one kind");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:24::eno1:nono", "'nono' is no way");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:24::thisnameistoolong:none", "'thisnameistoolong' cannot be");
	assert_wrong("ip", "2001:db8::5", "is no address");
	assert_wrong("ip", "eno1\x1b[2J:dhcp", "a character");
	assert_wrong("vlan", "eno1.x:eno1", "does not end with a VLAN's number");
	assert_wrong("vlan", "vlan4095:eno1", "does not end with a VLAN's number");
	assert_wrong("vlan", "vlan5", "has no card beneath it");
	assert_wrong("bond", "bond0", "has no cards");
	assert_wrong("bond", "bond0:eno1,:mode=1", "'' cannot be a network card's name");
	assert_wrong("bond", "bond0:eno1,eno2:mode=lacp", "'lacp' is no mode of a bond");
	assert_wrong("bond", "bond0:eno1,eno2:802.3ad", "'802.3ad' has no value");
	assert_wrong("nameserver", "dns.example.com", "is no address");
	assert_wrong("rd.route", "198.51.100.0/33:192.0.2.1", "'33' is no length");
	assert_wrong("rd.route", "198.51.100.0/24:gw", "the gateway 'gw' is no address");
}

static void assert_names(const char *text, const char *expected)
{
	struct cmdline cmdline;
	AUTO_LIST char **cards = NULL;
	AUTO_FREE char *joined = NULL;

	cmdline_split(&cmdline, text, strlen(text));
	cards = network_words_cards(&cmdline);
	cmdline_clear(&cmdline);
	joined = cards ? list_join(cards, " ") : NULL;
	assert_string_equal(joined ? joined : "none", expected);
}

static void finds_the_cards(void **state)
{
	(void)state;
	assert_names("quiet p2v.server=x ip=dhcp", "none");
	assert_names("ip ip= vlan bond=", "none");
	assert_names("ip=eno1:dhcp ip=192.0.2.5:::24::eno2:none", "eno1 eno2");
	assert_names("ip=52-54-00-00-00-01:dhcp", "none");
	assert_names("ip=[fd00::2]::[fd00::1]:64::eno1:none", "eno1");
	assert_names("ip=[fe80::2/64]::[fe80::1]:::eno2:none ip=face0:dhcp", "eno2 face0");
	assert_names("ip=bond0.5:dhcp vlan=bond0.5:bond0 bond=bond0:eno1,eno2:mode=1", "eno1 eno2");
	assert_names("bridge=br0:eno3 ip=br0:dhcp", "eno3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_dracut_takes),
		cmocka_unit_test(tells_what_is_wrong),
		cmocka_unit_test(finds_the_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
