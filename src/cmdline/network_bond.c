// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bond=NAME:CARD,CARD:OPTION=VALUE,…:MTU
 *
 * The options are the kernel's (its Documentation/networking/bonding.rst), as far
 * as NetworkManager sets them: one that it does not know it leaves out, and for
 * two that do not go together it makes no bond at all.
 */
#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/network_fields.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { BOND_NAME, BOND_CARDS, BOND_OPTIONS, BOND_MTU };

enum kind { NUMBER, WORD, CARD, ADDRESSES, ADDRESSES6, HARDWARE };

/* The number of a mode is its place here; so it is with each list of words. */
static const char *const modes[] = {
	"balance-rr", "active-backup", "balance-xor", "broadcast",
	"802.3ad",    "balance-tlb",   "balance-alb", NULL,
};
enum { ACTIVE_BACKUP = 1, LACP = 4, TLB = 5, ALB = 6 };

static const char *const validations[] = {
	"none", "active", "backup", "all", "filter", "filter_active", "filter_backup", NULL,
};
static const char *const hashes[] = {
	"layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac", NULL,
};
static const char *const selections[] = { "stable", "bandwidth", "count", NULL };
static const char *const reselections[] = { "always", "better", "failure", NULL };
static const char *const fail_over[] = { "none", "active", "follow", NULL };
static const char *const targets[] = { "any", "all", NULL };
static const char *const rates[] = { "slow", "fast", NULL };
static const char *const switches[] = { "off", "on", NULL };

static const struct option {
	const char *name;
	enum kind kind;
	unsigned long least, most; /* of a NUMBER */
	const char *const *words;  /* of a WORD */
} options[] = {
	{ "mode", WORD, 0, 0, modes },
	{ "miimon", NUMBER, 0, INT_MAX, NULL },
	{ "updelay", NUMBER, 0, INT_MAX, NULL },
	{ "downdelay", NUMBER, 0, INT_MAX, NULL },
	{ "use_carrier", NUMBER, 0, 1, NULL },
	{ "arp_interval", NUMBER, 0, INT_MAX, NULL },
	{ "arp_ip_target", ADDRESSES, 0, 0, NULL },
	{ "ns_ip6_target", ADDRESSES6, 0, 0, NULL },
	{ "arp_validate", WORD, 0, 0, validations },
	{ "arp_all_targets", WORD, 0, 0, targets },
	{ "arp_missed_max", NUMBER, 1, 255, NULL },
	{ "primary", CARD, 0, 0, NULL },
	{ "primary_reselect", WORD, 0, 0, reselections },
	{ "active_slave", CARD, 0, 0, NULL },
	{ "fail_over_mac", WORD, 0, 0, fail_over },
	{ "xmit_hash_policy", WORD, 0, 0, hashes },
	{ "lacp_rate", WORD, 0, 0, rates },
	{ "lacp_active", WORD, 0, 0, switches },
	{ "ad_select", WORD, 0, 0, selections },
	{ "ad_actor_sys_prio", NUMBER, 1, 65535, NULL },
	{ "ad_actor_system", HARDWARE, 0, 0, NULL },
	{ "ad_user_port_key", NUMBER, 0, 1023, NULL },
	{ "min_links", NUMBER, 0, INT_MAX, NULL },
	{ "num_grat_arp", NUMBER, 0, 255, NULL },
	{ "num_unsol_na", NUMBER, 0, 255, NULL },
	{ "peer_notif_delay", NUMBER, 0, 300000, NULL },
	{ "resend_igmp", NUMBER, 0, 255, NULL },
	{ "all_slaves_active", NUMBER, 0, 1, NULL },
	{ "packets_per_slave", NUMBER, 0, 65535, NULL },
	{ "tlb_dynamic_lb", NUMBER, 0, 1, NULL },
	{ "lp_interval", NUMBER, 1, INT_MAX, NULL },
	/* This one is NetworkManager's own. */
	{ "balance-slb", NUMBER, 0, 1, NULL },
};

/* The place of @text among @words, or the number that it is; -1 for none. */
static int place(const char *const *words, const char *text)
{
	int count = 0;

	for (; words[count]; count++)
		if (!strcmp(words[count], text))
			return count;
	return network_is_number(text, 0, (unsigned long)count - 1) ? atoi(text) : -1;
}

static char *judge_word(const struct option *option, const char *value)
{
	AUTO_LIST char **words = NULL;
	AUTO_FREE char *all = NULL;

	if (place(option->words, value) >= 0)
		return NULL;
	for (size_t i = 0; option->words[i]; i++)
		list_append(&words, text_copy(option->words[i]));
	all = list_join(words, ", ");
	if (option->words == modes)
		return text_format("'%s' is no mode of a bond: give one of %s", value, all);
	return text_format("'%s' is no value of bond option '%s': give one of %s", value,
			   option->name, all);
}

static char *judge_addresses(const struct option *option, const char *value)
{
	AUTO_LIST char **addresses = network_fields(value, ';');

	for (char **address = addresses; *address; address++)
		if (network_family(*address) != (option->kind == ADDRESSES ? AF_INET : AF_INET6))
			return text_format("'%s' is no address for bond option '%s': give one as %s, and a ; before the next",
					   *address, option->name,
					   option->kind == ADDRESSES ? "192.0.2.1" :
								       "[2001:db8::1]");
	return NULL;
}

static char *judge_value(const struct option *option, const char *value)
{
	AUTO_LIST char **parts = NULL;
	AUTO_FREE char *hyphens = NULL;

	switch (option->kind) {
	case NUMBER:
		if (network_is_number(value, option->least, option->most))
			return NULL;
		return text_format("'%s' is no value of bond option '%s': give %lu to %lu", value,
				   option->name, option->least, option->most);
	case WORD:
		return judge_word(option, value);
	case CARD:
		return network_judge_card(value);
	case ADDRESSES:
	case ADDRESSES6:
		return judge_addresses(option, value);
	case HARDWARE:
		if (hardware_address_is_valid(value, ':') || hardware_address_is_valid(value, '-'))
			return NULL;
		return text_format("'%s' is no value of bond option '%s': give a hardware address as 02-00-00-00-00-01",
				   value, option->name);
	}
	return NULL;
}

static char *judge_unknown(const char *name)
{
	const char *nearest = NULL;

	for (size_t i = 0; i < COUNT(options); i++)
		if (text_distance(name, options[i].name) <= 2)
			nearest = options[i].name;
	if (nearest)
		return text_format("there is no bond option '%s': is '%s' meant?", name, nearest);
	return text_format("there is no bond option '%s': give miimon, primary, lacp_rate or another of the kernel's bonding.rst",
			   name);
}

static char *judge_option(const char *text)
{
	const char *equals = strchr(text, '=');
	AUTO_FREE char *name = text_copy_length(text, strcspn(text, "="));

	if (!equals)
		return text_format("bond option '%s' has no value: give one as mode=802.3ad", text);
	for (size_t i = 0; i < COUNT(options); i++)
		if (!strcmp(options[i].name, name))
			return judge_value(&options[i], equals + 1);
	return judge_unknown(name);
}

/* Of two the last counts. NULL when it is not given. */
static const char *value_of(char *const *given, const char *name)
{
	const char *value = NULL;
	size_t length = strlen(name);

	for (; *given; given++)
		if (!strncmp(*given, name, length) && (*given)[length] == '=')
			value = *given + length + 1;
	return value;
}

/* Each is right, but are they together? */
static char *judge_together(char *const *given)
{
	const char *named = value_of(given, "mode"), *interval = value_of(given, "arp_interval");
	const char *rate = value_of(given, "lacp_rate");
	int mode = named ? place(modes, named) : 0;
	const char *miimon = value_of(given, "miimon");
	const char *up = value_of(given, "updelay"), *down = value_of(given, "downdelay");
	bool watches = interval && atoi(interval) > 0;
	bool has_target = value_of(given, "arp_ip_target") || value_of(given, "ns_ip6_target");

	if (watches != has_target)
		return text_format("bond options 'arp_interval' and 'arp_ip_target' need each other: give both, or miimon=100 for either");
	if (watches && (mode == LACP || mode == TLB || mode == ALB))
		return text_format("a bond of mode %s does not watch its cards by ARP: give miimon=100 for arp_interval and its target",
				   modes[mode]);
	if (miimon && !atoi(miimon) && ((up && atoi(up)) || (down && atoi(down))))
		return text_format("bond options 'updelay' and 'downdelay' need 'miimon': give miimon=100");
	if (value_of(given, "primary") && mode != ACTIVE_BACKUP && mode != TLB && mode != ALB)
		return text_format("a bond of mode %s has no primary card: give mode=active-backup, or leave 'primary' out",
				   modes[mode]);
	if (mode != LACP && ((rate && place(rates, rate) > 0) || value_of(given, "lacp_active")))
		return text_format("a bond of mode %s does no LACP: give mode=802.3ad, or leave 'lacp_rate' and 'lacp_active' out",
				   modes[mode]);
	return NULL;
}

static char *judge_options(const char *text)
{
	AUTO_LIST char **given = network_fields(text, ',');
	char *reason = NULL;

	/* What is empty at the end is nobody's trouble. */
	for (char **option = given; *option && !reason; option++)
		reason = **option || !option[1] ?
				 NULL :
				 text_format("a bond option is empty: leave one comma out");
	for (char **option = given; *option && !reason; option++)
		reason = **option ? judge_option(*option) : NULL;
	return reason ? reason : judge_together(given);
}

static char *judge_cards(const char *names)
{
	AUTO_LIST char **cards = network_fields(names, ',');
	char *reason = NULL;

	for (char **card = cards; *card && !reason; card++)
		reason = network_judge_card(*card);
	return reason;
}

char *network_bond_judge(char *const *fields)
{
	const char *name = network_field(fields, BOND_NAME), *mtu = network_field(fields, BOND_MTU);
	char *reason = network_judge_card(name);

	if (!reason && !*network_field(fields, BOND_CARDS))
		reason =
			text_format("bond '%s' has no cards: give bond=%s:CARD,CARD:mode=active-backup",
				    name, name);
	if (!reason)
		reason = judge_cards(network_field(fields, BOND_CARDS));
	if (!reason)
		reason = judge_options(network_field(fields, BOND_OPTIONS));
	return reason || !*mtu ? reason : network_judge_mtu(mtu);
}
