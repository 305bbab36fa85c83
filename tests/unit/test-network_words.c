// SPDX-License-Identifier: GPL-2.0-or-later
/* network_words.c: checking dracut's network words, and the cards that they name. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/network_words.h"

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

/* @said: a part of the message. */
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
		"dhcp",
		"on",
		"auto6",
		"dhcp,auto6",
		"off",
		"ibft",
		"eno1:dhcp",
		"eno1:dhcp:9000",
		"eno1:dhcp:1500:52:54:00:00:00:01",
		"52-54-00-00-00-01:dhcp",
		"192.0.2.5::192.0.2.1:24:host:eno1:none",
		"192.0.2.5:::255.255.255.0::eno1:none",
		"192.0.2.5/24::192.0.2.1:::eno1:none",
		"192.0.2.5::192.0.2.1:24:host:eno1:none:1500",
		"192.0.2.5::192.0.2.1:24:host:eno1:none:192.0.2.2:192.0.2.3",
		"192.0.2.5:192.0.2.6::32::eno1:none",
		"192.0.2.5:::24::eno1",
		"[2001:db8::5]::[2001:db8::1]:64:host:bond0.5:none",
		":::::eno1:dhcp",
		"",
		"[fd00::2]::[fd00::1]:64::eno1:none",
		"[fd00::2/64]::[fd00::1]:::eno1:none",
		"[fe80::2]::[fe80::1]:64::eno1:none",
		"fa-54-00-00-00-01:dhcp",
		/* Also what only the generator accepts. */
		"eno1:none",
		"eno1:off",
		"eno1:link6",
		"eno1:auto",
		"eno1:any",
		"eno1:single-dhcp",
		"eno1:fw",
		"eno1:dhcp,dhcp6",
		"eno1:on,dhcp6",
		"either6",
		"both",
		"dhcp4",
		"192.0.2.5::192.0.2.1:24::eno1:static",
		"192.0.2.5::192.0.2.1:24::eno1:either6",
		"192.0.2.5:192.0.2.9:192.0.2.1:255.255.255.0",
		"192.0.2.5/24::192.0.2.1::web1",
		/* For IPv6 the default prefix length is 64. */
		"[2001:db8::5]::[2001:db8::1]:::eno1:none",
		"[2001:db8::5]/64:::::eno1:none",
		"[2001:db8::5]/48::[2001:db8::1]:::eno1:none:1280",
		"::::web1:eno1:dhcp",
		"::::web1.example.com::dhcp",
		":::::eno1:none",
		"192.0.2.5::192.0.2.1:24::eno1:none:68",
		"192.0.2.5::192.0.2.1:24::eno1:none:65535",
		"192.0.2.5::192.0.2.1:24::eno1:none:9000:52:54:00:12:34:56",
		"192.0.2.5::192.0.2.1:24::eno1:none:9000:52-54-00-12-34-56",
		"192.0.2.5::192.0.2.1:24::eno1:none::52:54:0:12:34:56",
		"192.0.2.5::192.0.2.1:24::eno1:none:9000:permanent",
		"eno1:dhcp::",
		"192.0.2.5::192.0.2.1:24::eno1::[2001:db8::53]",
		"eno1:dhcp:[2001:db8::53]:192.0.2.53",
		"eno1:auto6:[2001:db8::53]",
		"[2001:db8::5]:::64::eno1:none:[2001:db8::53]",
		NULL,
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
	assert_right("nameserver", "fe80::1");
	assert_right("rd.route", "198.51.100.0/24:192.0.2.254:eno1");
	assert_right("rd.route", "[2001:db8::]/32:[fe80::1]:eno1");
	assert_right("rd.route", "0.0.0.0/0:192.0.2.1");
	assert_right("quiet", "ip=nonsense");
}

static void takes_bonds(void **state)
{
	static const char *const options[] = {
		"",
		"miimon=0,updelay=0",
		"mode=active-backup,miimon=100,primary=eno1",
		"primary=eno1,mode=1",
		"mode=4,",
		"mode=802.3ad,miimon=100,lacp_rate=fast,xmit_hash_policy=layer3+4,lacp_active=on",
		"mode=802.3ad,lacp_rate=1,xmit_hash_policy=5,min_links=1,ad_select=bandwidth",
		"mode=802.3ad,ad_actor_system=02-00-00-00-00-01,ad_actor_sys_prio=1,ad_user_port_key=1023",
		"mode=802.3ad,ad_actor_system=[02:00:00:00:00:01]",
		"lacp_rate=slow",
		"arp_interval=100,arp_ip_target=192.0.2.1;192.0.2.2,arp_validate=filter_active",
		"arp_interval=100,ns_ip6_target=[2001:db8::1];[2001:db8::2],arp_all_targets=all",
		"mode=balance-alb,primary=eno2,tlb_dynamic_lb=0,lp_interval=1",
		"arp_interval=0",
		"miimon=2147483647,updelay=200,downdelay=0,use_carrier=1,fail_over_mac=follow",
		"num_grat_arp=255,num_unsol_na=255,resend_igmp=0,peer_notif_delay=1000",
		NULL,
	};

	(void)state;
	for (const char *const *option = options; *option; option++) {
		AUTO_FREE char *value = text_format("bond0:eno1,eno2:%s:9000", *option);

		assert_right("bond", value);
	}
}

static void tells_bonds(void **state)
{
	static const struct {
		const char *options, *said;
	} cases[] = {
		{ "=1", "there is no bond option ''" },
		{ "miimon=abc", "'abc' is no value of bond option 'miimon': give 0 to 2147483647" },
		{ "miimon=", "'' is no value" },
		{ "miimon=-1", "'-1' is no value" },
		{ "miimon=100ms", "'100ms' is no value" },
		{ "miimon=2147483648", "'2147483648' is no value" },
		{ "lp_interval=0", "give 1 to" },
		{ "mode=7", "'7' is no mode of a bond" },
		{ "mode=4,lacp_rate=quick",
		  "'quick' is no value of bond option 'lacp_rate': give one of slow, fast" },
		{ "mode=4,lacp_rate=2", "'2' is no value" },
		{ "xmit_hash_policy=layer34", "layer3+4" },
		{ "mode=1,primary=a/b", "'a/b' cannot be a network card's name" },
		{ "mode=4,ad_actor_system=x", "'x' is no value of bond option 'ad_actor_system'" },
		{ "arp_interval=1,arp_ip_target=192.0.2.1;gw",
		  "'gw' is no address for bond option" },
		{ "arp_interval=1,arp_ip_target=[2001:db8::1]", "'2001:db8::1' is no address" },
		{ "arp_interval=100", "need each other" },
		{ "arp_ip_target=192.0.2.1", "need each other" },
		{ "mode=4,arp_interval=9,arp_ip_target=192.0.2.1", "mode 802.3ad does not watch" },
		{ "mode=4,primary=eno1", "mode 802.3ad has no primary card" },
		{ "primary=eno1", "mode balance-rr has no primary card" },
		{ "mode=1,lacp_rate=fast", "mode active-backup does no LACP" },
		{ "mode=1,lacp_active=off", "does no LACP" },
		{ "miimon=0,updelay=200", "need 'miimon'" },
		{ ",mode=1", "a bond option is empty" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO_FREE char *value = text_format("bond0:eno1,eno2:%s", cases[i].options);

		assert_wrong("bond", value, cases[i].said);
	}
	assert_wrong("bond", "bond0:eno1,eno2:mode=1:9000x", "'9000x' is no MTU");
	assert_wrong("bond", "bond0:eno1,eno2::65536", "'65536' is no MTU: give 68 to 65535");
}

static void judges_servers_and_speeds(void **state)
{
	static const char *const servers[] = {
		"192.0.2.53",
		"2001:db8::53",
		"192.0.2.53#dns.example",
		"dns+udp://192.0.2.53",
		"dns+udp://[2001:db8::53]:53",
		"dns+udp://[fe80::1%eno1]",
		"dns+tls://192.0.2.53",
		"dns+tls://192.0.2.53:853#dns.example",
		"dns+tls://[2001:db8::53]#dns.example",
		NULL,
	};
	static const char *const no_servers[] = {
		"dns.example",
		"[2001:db8::53]",
		"192.0.2.53:53",
		"192.0.2.53#",
		"192.0.2.53/",
		"tls://192.0.2.53",
		"dns+tls://dns.example",
		"dns+tls://192.0.2.53#",
		"dns+tls://192.0.2.53/",
		"dns+udp://192.0.2.53#x",
		"dns+udp://192.0.2.53:99999",
		"dns+tls://2001:db8::53",
		"dns+tls://[2001:db8::53",
		"dns+udp://[192.0.2.53]",
		"DNS+TLS://192.0.2.53",
		NULL,
	};

	(void)state;
	for (const char *const *server = servers; *server; server++)
		assert_right("rd.net.dns", *server);
	for (const char *const *server = no_servers; *server; server++)
		assert_wrong("rd.net.dns", *server, "is no name server: give its address");
	assert_right("rd.ethtool", "eno1:off:100");
	assert_right("rd.ethtool", "eno1:ON");
	assert_right("rd.ethtool", "eno1::1000");
	assert_right("rd.ethtool", "52-54-00-00-00-01:1:1000");
	assert_wrong("rd.ethtool", "eno1:off:10x", "'10x' is no speed: give Mb/s");
	assert_wrong("rd.ethtool", "eno1:on:0", "'0' is no speed");
	assert_wrong("rd.ethtool", "eno1:maybe:100", "'maybe' does not say");
	assert_wrong("rd.ethtool", "eno1:off", "give eno1:off:1000");
	assert_wrong("rd.ethtool", ":on", "'' cannot be a network card's name");
}

/* NetworkManager would give them to the card without a word. */
static void knows_what_no_machine_has(void **state)
{
	static const char *const nobody[] = {
		"0.0.0.0",         "0.1.2.3", "127.0.0.1", "127.0.0.53", "224.0.0.1",
		"255.255.255.255", "[::]",    "[::1]",     "[ff02::1]",  "[::ffff:127.0.0.1]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(nobody); i++) {
		AUTO_FREE char *own = text_format("%s:::24::eno1:none", nobody[i]);
		AUTO_FREE char *server = text_format("eno1:dhcp:%s", nobody[i]);
		AUTO_FREE char *gateway = text_format("%s::%s:24::eno1:none",
						      nobody[i][0] == '[' ? "[2001:db8::5]" :
									    "192.0.2.5",
						      nobody[i]);
		AUTO_FREE char *route = text_format("198.51.100.0/24:%s", nobody[i]);
		bool is_none = !strcmp(nobody[i], "0.0.0.0") || !strcmp(nobody[i], "[::]");

		assert_wrong("ip", own, "an address that no machine in a network has");
		assert_wrong("ip", server, "an address that no machine in a network has");
		assert_wrong("nameserver", nobody[i],
			     "an address that no machine in a network has");
		if (is_none) {
			assert_right("ip", gateway);
			continue;
		}
		assert_wrong("ip", gateway, "the gateway");
		assert_wrong("ip", gateway, "an address that no machine in a network has");
		assert_wrong("rd.route", route, "an address that no machine in a network has");
	}
	assert_wrong("rd.net.dns", "127.0.0.53", "an address that no machine in a network has");
	assert_wrong("ip", "192.0.2.5::192.0.2.5:24::eno1:none",
		     "gateway '192.0.2.5' is the machine's own address");
	assert_wrong("ip", "[2001:db8::5]::[2001:db8::5]:64::eno1:none", "the machine's own");
	for (const char *const *value =
		     (const char *const[]){ "1.2.3.4.5", "1..2.3", "1.2.3.", "127.1", "192.0.2.07",
					    "fe80::1%eno1", "192.0.2.53:53", "host.", NULL };
	     *value; value++)
		assert_wrong("nameserver", *value, "is no address");
	/* A boot ROM writes its addresses so. */
	assert_right("ip", "192.0.2.5:192.0.2.9:0.0.0.0:255.255.255.0");
	assert_right("ip", "169.254.7.7:::16::eno1:none");
	assert_right("ip", "240.0.0.5:::24::eno1:none");
}

static void tells_what_is_wrong(void **state)
{
	(void)state;
	assert_wrong("ip", "dhpc", "'dhpc' is no way to configure a card");
	assert_wrong("ip", "eno1:dhpc", "'dhpc' is no way");
	assert_wrong("ip", "eno1:", "'' is no way");
	assert_wrong("ip", "300.1.1.1::192.0.2.1:24::eno1:none",
		     "the machine's address '300.1.1.1' is no address");
	assert_wrong("ip", "192.0.2.5::gw:24::eno1:none", "the gateway 'gw' is no address");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:33::eno1:none",
		     "'33' is no network mask of '192.0.2.5'");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:255.255.1.0::eno1:none",
		     "'255.255.1.0' is no network mask");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:0.0.0.0::eno1:none",
		     "'0.0.0.0' is no network mask");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:::eno1:none", "'192.0.2.5' has no network mask");
	assert_wrong("ip", "[2001:db8::5]::192.0.2.1:64::eno1:none", "not of one kind");
	assert_wrong("ip", "[2001:db8::5]:::129::eno1:none", "'129' is no network mask");
	assert_wrong("ip", "[fd00::2]:::129::eno1:none", "'129' is no network mask");
	assert_wrong("ip", "[fe80::2]::192.0.2.1:64::eno1:none", "not of one kind");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:24::eno1:nono", "'nono' is no way");
	assert_wrong("ip", "192.0.2.5::192.0.2.1:24::thisnameistoolong:none",
		     "'thisnameistoolong' cannot be");
	assert_wrong("ip", "2001:db8::5", "is no address");
	assert_wrong("ip", "eno1\x1b[2J:dhcp", "a character");
	assert_wrong("ip", "eno1:static", "give ip=ADDRESS::GATEWAY:MASK::eno1:none");
	assert_wrong("ip", "eno1:either6", "no 'either6' behind a card: give ip=eno1:auto6");
	assert_wrong("ip", "eno1:both", "give ip=eno1:on");
	assert_wrong("ip", "eno1:dhcp4", "give ip=eno1:dhcp");
	assert_wrong("ip", "static", "'static' needs an address");
	assert_wrong("ip", "::::web1:eno1:static", "'static' needs an address");
	assert_wrong("ip", "eno1:dhcp,link6", "'dhcp,link6' do not go together");
	assert_wrong("ip", "eno1:auto,dhcp", "'auto,dhcp' do not go together");
	assert_wrong("ip", "::192.0.2.1:24::eno1:none",
		     "gateway '192.0.2.1' has no address before it");
	assert_wrong("ip", "::192.0.2.1:24::eno1:dhcp", "has no address before it");
	assert_wrong("ip", "192.0.2.5:gw:192.0.2.1:24::eno1:none",
		     "'gw' stands behind the address");
	assert_wrong("ip", "192.0.2.5/24", "address '192.0.2.5' stands alone");
	assert_wrong("ip", "[2001:db8::5]", "give ip=[2001:db8::5]::GATEWAY:MASK::CARD:none");
	assert_wrong("ip", "[2001:db8::5]/64", "stands alone");
	assert_wrong("ip", "[2001:db8::5]/129:::::eno1:none", "'129' is no network mask");
	assert_wrong("ip", "192.0.2.5/24::192.0.2.1:x::eno1:none", "'x' is no network mask");
	assert_right("ip", "192.0.2.5:::24:WEB_1:eno1:none");
	assert_wrong("ip", "192.0.2.5:::24:web 1:eno1:none", "no address or name can have");
	assert_wrong("ip", "192.0.2.5:::24:web.:eno1:none", "'web.' is no host name");
	assert_wrong("ip", "192.0.2.5:::24::eno1:none:jumbo",
		     "'jumbo' is no MTU: give 68 to 65535");
	assert_wrong("ip", "192.0.2.5:::24::eno1:none:90000", "'90000' is no MTU");
	assert_wrong("ip", "192.0.2.5:::24::eno1:none:67", "'67' is no MTU");
	assert_wrong("ip", "[2001:db8::5]:::64::eno1:none:1279", "too small for IPv6: give 1280");
	assert_wrong("ip", "192.0.2.5:::24::eno1:none:9000:zz:zz",
		     "'zz:zz' is no hardware address");
	assert_wrong("ip", "eno1:dhcp:9000:52:54:00:12:34",
		     "'52:54:00:12:34' is no hardware address");
	assert_wrong("ip", "eno1:dhcp:9000:53:54:00:12:34:56", "is no hardware address");
	assert_wrong("ip", "eno1:dhcp:9000:525400123456", "is no hardware address");
	assert_wrong("ip", "192.0.2.5:::24::eno1:none:192.0.2.2:dns",
		     "the name server 'dns' is no address");
	assert_wrong("ip", "eno1:dhcp:192.0.2.2:192.0.2.3:192.0.2.4", "behind two name servers");
	assert_wrong("ip", "192.0.2.5:::24::eno1:none:[2001:db8::53]",
		     "'2001:db8::53' is IPv6, which is off here");
	assert_wrong("ip", "eno1:none:192.0.2.53", "'192.0.2.53' is IPv4, which is off here");
	assert_wrong("ip", "eno1:auto6:192.0.2.53", "is IPv4, which is off here");
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
	assert_wrong("rd.route", "[2001:db8::]/129:[fe80::1]", "'129' is no length");
}

static void judges_names_of_cards_and_waiting(void **state)
{
	static const char *const taken[] = { "lo", ".", "..", "all", "default", "0", "12" };

	(void)state;
	assert_right("ifname", "net0:52:54:00:12:34:56");
	assert_right("ifname", "lan-1.a:52:54:00:AB:cd:56");
	assert_right("ifname", "");
	assert_wrong("ifname", "net0",
		     "'' is no hardware address: give ifname=net0:52:54:00:12:34:56");
	assert_wrong("ifname", "net0:52-54-00-12-34-56", "is no hardware address");
	assert_wrong("ifname", "net0:52:54:00:12:34", "'52:54:00:12:34' is no hardware address");
	assert_wrong("ifname", "net0:52:54:00:12:34:56:78", "is no hardware address");
	assert_wrong("ifname", "net0:01:00:5e:00:00:01",
		     "no hardware address that a card could have");
	assert_wrong("ifname", "net0:00:00:00:00:00:00",
		     "'00:00:00:00:00:00' is no hardware address that a card could have");
	assert_wrong("ip", "eno1:dhcp::00-00-00-00-00-00", "is no hardware address that a card");
	for (size_t i = 0; i < COUNT(taken); i++) {
		AUTO_FREE char *value = text_format("%s:52:54:00:12:34:56", taken[i]);

		assert_wrong("ifname", value, "cannot be a network card's name here");
	}
	assert_wrong("ifname", "net0\"x:52:54:00:12:34:56", "cannot be a network card's name");
	assert_wrong("ifname", ":52:54:00:12:34:56", "cannot be a network card's name");
	assert_wrong("ifname", "averyveryverylong:52:54:00:12:34:56",
		     "cannot be a network card's name");
	assert_right("rd.net.dhcp.retry", "3");
	assert_wrong("rd.net.dhcp.retry", "abc", "'abc' is no number");
	assert_wrong("rd.net.dhcp.retry", "0", "'0' is no number: give 1 or more");
	assert_wrong("rd.net.timeout.dhcp", "30s", "'30s' is no number");
	assert_wrong("rd.net.timeout.carrier", "-1", "'-1' is no number");
	assert_wrong("rd.net.timeout.carrier", "99999999999", "is no number");
	assert_right("rd.net.dhcp.dscp", "CS4");
	assert_wrong("rd.net.dhcp.dscp", "AF11", "'AF11' is none of CS0, CS4, CS6");
	assert_right("rd.net.dns-resolve-mode", "exclusive");
	assert_wrong("rd.net.dns-resolve-mode", "only", "'only' is none of backup");
	assert_right("rd.net.dhcp.vendor-class", "anything");
	assert_right("rd.peerdns", "0");
	assert_wrong("rd.peerdns", "maybe", "'maybe' is neither 1 nor 0");
	assert_wrong("rd.bootif", "2", "'2' is neither 1 nor 0");
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
	assert_names("ifname=net0:52:54:00:12:34:56 ip=net0:dhcp", "net0");
	assert_names("ifname=net0:52:54:00:12:34:56 BOOTIF=01-52-54-00-12-34-56", "none");
}

/* What is said of the first word; "none" for nothing. */
static void assert_warned(const char *text, const char *said)
{
	struct cmdline cmdline;
	AUTO_FREE char *reason = NULL;

	cmdline_split(&cmdline, text, strlen(text));
	reason = network_words_warning(&cmdline, &cmdline.word[0]);
	cmdline_clear(&cmdline);
	if (!strstr(reason ? reason : "none", said) || (reason && strcmp(said, "none") == 0))
		fail_msg("%s: '%s' does not say '%s'", text, reason ? reason : "none", said);
}

static void tells_what_has_no_effect(void **state)
{
	static const char *const cards[] = { "01-52-54-00-12-34-56", "01:52:54:00:12:34:56",
					     "52-54-00-ab-CD-56", "52:54:00:12:34:56" };
	static const char *const none[] = {
		"20-00-02-c9-03-00-11-22-33", "20-52-54-00-12-34-56", "${net0/mac}",
		"01-${net0/mac:hexhyp}",      "01-52-54-00-12-34",    "00-00-00-00-00-00",
		"01-00-00-00-00-00-00",       "01-01-00-5e-00-00-01", "eth0",
		"01-52:54:00:12:34:56",       "525400123456",         "01-52-54-00-12-34-5g",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cards); i++) {
		AUTO_FREE char *word = text_format("BOOTIF=%s", cards[i]);

		assert_warned(word, "none");
	}
	for (size_t i = 0; i < COUNT(none); i++) {
		AUTO_FREE char *word = text_format("BOOTIF=%s", none[i]);

		assert_warned(word, "has no effect: it is no Ethernet card's address");
	}
	assert_warned("ifname=net0:52:54:00:12:34:56 ip=net0:dhcp", "none");
	assert_warned("ifname=eth0:52:54:00:12:34:56", "'eth0' to another card");
	assert_warned("ifname=net0:52:54:00:12:34:57 ifname=net0:52:54:00:12:34:56",
		      "'ifname=net0:52:54:00:12:34:56' gives another card the same name");
	assert_warned("ifname=net0:52:54:00:12:34:AB ifname=net1:52:54:00:12:34:ab",
		      "'ifname=net1:52:54:00:12:34:ab' gives the same card another name");
	assert_warned("ifname=net0:52:54:00:12:34:57 ifname=net1:52:54:00:12:34:56", "none");
	assert_warned("ifname=net0:52:54:00:12:34:56 ifname=net0:52:54:00:12:34:56", "none");
	assert_warned("rd.net.timeout.iflink=20",
		      "has no effect: NetworkManager knows no such word");
	assert_warned("rd.net.dhcp.retry=3", "none");
	assert_warned("ip=eno1:dhcp bond=bond0:eno1,eno2:mode=1",
		      "'eno1' is a part of 'bond0' and has no address of its own: give ip= for 'bond0'");
	assert_warned("ip=192.0.2.5:::24::eno2:none bridge=br0:eno2", "give ip= for 'br0'");
	assert_warned("ip=eno2:dhcp team=team0:eno1,eno2", "give ip= for 'team0'");
	assert_warned("ip=bond0:dhcp bond=bond0:eno1,eno2", "none");
	assert_warned("ip=eno3:dhcp bond=bond0:eno1,eno2", "none");
	assert_warned("ip=eno1:dhcp vlan=vlan5:eno1", "none");
	assert_warned("ip=dhcp bond=bond0:eno1,eno2 bond bond=", "none");
	/* It says what is so anyway. */
	assert_warned("ip=eno1:none bond=bond0:eno1,eno2", "none");
	assert_warned("ip=:::::eno1:off bond=bond0:eno1,eno2", "none");
	assert_warned("bond=bond0:eno1,eno2 ip=eno1:dhcp", "none");
}

/* A newer kernel or NetworkManager may know an option that is not known here. */
static void warns_of_unknown_options(void **state)
{
	static const struct {
		const char *options, *said;
	} cases[] = {
		{ "mimon=100", "the bond option 'mimon', which is not known" },
		{ "mimon=100", "may have no effect: is 'miimon' meant?" },
		{ "Mode=1", "is 'mode' meant?" },
		{ "mode=1,max_bonds=1",
		  "'max_bonds', which is not known and may have no effect: the" },
		{ "broadcast_neighbor=on", "'broadcast_neighbor'" },
		{ "max_bonds=", "'max_bonds'" },
		{ "mode=1,miimon=100,", "none" },
		{ "", "none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO_FREE char *word = text_format("bond=bond0:eno1,eno2:%s:9000",
						   cases[i].options);

		assert_right("bond", word + strlen("bond="));
		assert_warned(word, cases[i].said);
	}
	assert_warned("ip=dhcp bond=bond0:eno1,eno2:mimon=100", "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_dracut_takes),
		cmocka_unit_test(knows_what_no_machine_has),
		cmocka_unit_test(tells_what_is_wrong),
		cmocka_unit_test(takes_bonds),
		cmocka_unit_test(tells_bonds),
		cmocka_unit_test(judges_servers_and_speeds),
		cmocka_unit_test(judges_names_of_cards_and_waiting),
		cmocka_unit_test(finds_the_cards),
		cmocka_unit_test(tells_what_has_no_effect),
		cmocka_unit_test(warns_of_unknown_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
