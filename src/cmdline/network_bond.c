// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bond=NAME:CARD,CARD:OPTION=VALUE,…:MTU
 *
 * The options are those of the kernel (its Documentation/networking/bonding.rst)
 * that NetworkManager sets. It ignores an option that it does not know, and makes
 * no bond at all if two options do not go together.
 */
#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/network_fields.h"

#include <arpa/inet.h>
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { BOND_NAME, BOND_CARDS, BOND_OPTIONS };

/* The modes that other options depend on. */
enum { ACTIVE_BACKUP = 1, LACP = 4, TLB = 5, ALB = 6 };

/* The options that depend on each other: the first ones of the table. */
enum { MODE, MIIMON, UPDELAY, DOWNDELAY, ARP, ARP_TARGET, NS_TARGET, PRIMARY, RATE, ACTIVE };

enum kind { NUMBER, WORD, CARD, ADDRESSES, ADDRESSES6, HARDWARE };

static const struct option {
	const char *name;
	enum kind kind;
	unsigned long least, most; /* of a NUMBER */
	const char *words;         /* of a WORD; its index may be given, too */
} options[] = {
	[MODE] = { "mode", WORD, 0, 0,
		   "balance-rr active-backup balance-xor broadcast 802.3ad balance-tlb balance-alb" },
	[MIIMON] = { "miimon", NUMBER, 0, INT_MAX, NULL },
	[UPDELAY] = { "updelay", NUMBER, 0, INT_MAX, NULL },
	[DOWNDELAY] = { "downdelay", NUMBER, 0, INT_MAX, NULL },
	[ARP] = { "arp_interval", NUMBER, 0, INT_MAX, NULL },
	[ARP_TARGET] = { "arp_ip_target", ADDRESSES, 0, 0, NULL },
	[NS_TARGET] = { "ns_ip6_target", ADDRESSES6, 0, 0, NULL },
	[PRIMARY] = { "primary", CARD, 0, 0, NULL },
	[RATE] = { "lacp_rate", WORD, 0, 0, "slow fast" },
	[ACTIVE] = { "lacp_active", WORD, 0, 0, "off on" },
	{ "use_carrier", NUMBER, 0, 1, NULL },
	{ "arp_validate", WORD, 0, 0, "none active backup all filter filter_active filter_backup" },
	{ "arp_all_targets", WORD, 0, 0, "any all" },
	{ "arp_missed_max", NUMBER, 1, 255, NULL },
	{ "primary_reselect", WORD, 0, 0, "always better failure" },
	{ "active_slave", CARD, 0, 0, NULL },
	{ "fail_over_mac", WORD, 0, 0, "none active follow" },
	{ "xmit_hash_policy", WORD, 0, 0,
	  "layer2 layer3+4 layer2+3 encap2+3 encap3+4 vlan+srcmac" },
	{ "ad_select", WORD, 0, 0, "stable bandwidth count" },
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
	/* NetworkManager's own. */
	{ "balance-slb", NUMBER, 0, 1, NULL },
};

static const char *option_name(size_t index)
{
	return index < COUNT(options) ? options[index].name : NULL;
}

/* The index of the option in @text, NAME=VALUE; COUNT(options) if it is not known. */
static size_t find_option(const char *text)
{
	size_t i = 0, length = strcspn(text, "=");

	while (i < COUNT(options) &&
	       (strlen(options[i].name) != length || strncmp(options[i].name, text, length) != 0))
		i++;
	return i;
}

/* The index of @text among @words, or @text itself if it is such an index; -1 for neither. */
static int index_of(char *const *words, const char *text)
{
	int count = 0;

	assert(words && *words);
	for (; words[count]; count++)
		if (!strcmp(words[count], text))
			return count;
	return network_is_number(text, 0, (unsigned long)count - 1) ? atoi(text) : -1;
}

static char *judge_addresses(const struct option *option, const char *value)
{
	AUTO_LIST char **addresses = network_fields(value, ';');
	bool is_ipv4 = option->kind == ADDRESSES;

	for (char **address = addresses; *address; address++)
		if (network_family(*address) != (is_ipv4 ? AF_INET : AF_INET6))
			return text_format("'%s' is no address for bond option '%s': give one as %s, and a ; before the next",
					   *address, option->name,
					   is_ipv4 ? "192.0.2.1" : "[2001:db8::1]");
	return NULL;
}

static char *judge_value(const struct option *option, const char *value)
{
	AUTO_LIST char **words = option->words ? network_fields(option->words, ' ') : NULL;
	AUTO_FREE char *right = words ? list_join(words, ", ") : NULL;

	switch (option->kind) {
	case NUMBER:
		if (network_is_number(value, option->least, option->most))
			return NULL;
		right = text_format("%lu to %lu", option->least, option->most);
		break;
	case WORD:
		if (index_of(words, value) >= 0)
			return NULL;
		break;
	case HARDWARE:
		if (hardware_address_is_valid(value, ':') || hardware_address_is_valid(value, '-'))
			return NULL;
		right = text_copy("a hardware address as 02-00-00-00-00-01");
		break;
	case CARD:
		return network_field_judge(FIELD_CARD, value);
	case ADDRESSES:
	case ADDRESSES6:
		return judge_addresses(option, value);
	}
	if (option == &options[MODE])
		return text_format("'%s' is no mode of a bond: give one of %s", value, right);
	return text_format("'%s' is no value of bond option '%s': give %s%s", value, option->name,
			   words ? "one of " : "", right);
}

static bool is_positive(const char *number)
{
	return number && atoi(number) > 0;
}

/* Whether the options go together. @value has the value of each option, NULL for none. */
static char *judge_together(const char *const *value)
{
	AUTO_LIST char **modes = network_fields(options[MODE].words, ' ');
	int mode = value[MODE] ? index_of(modes, value[MODE]) : 0;
	bool watches = is_positive(value[ARP]);
	bool fast = value[RATE] && (is_positive(value[RATE]) || !strcmp(value[RATE], "fast"));

	assert(mode >= 0);
	if (watches != (value[ARP_TARGET] || value[NS_TARGET]))
		return text_format("bond options 'arp_interval' and 'arp_ip_target' need each other: give both, or miimon=100 for either");
	if (watches && (mode == LACP || mode == TLB || mode == ALB))
		return text_format("a bond of mode %s does not watch its cards by ARP: give miimon=100 for arp_interval and its target",
				   modes[mode]);
	if (value[MIIMON] && !is_positive(value[MIIMON]) &&
	    (is_positive(value[UPDELAY]) || is_positive(value[DOWNDELAY])))
		return text_format("bond options 'updelay' and 'downdelay' need 'miimon': give miimon=100");
	if (value[PRIMARY] && mode != ACTIVE_BACKUP && mode != TLB && mode != ALB)
		return text_format("a bond of mode %s has no primary card: give mode=active-backup, or leave 'primary' out",
				   modes[mode]);
	if (mode != LACP && (fast || value[ACTIVE]))
		return text_format("a bond of mode %s does no LACP: give mode=802.3ad, or leave 'lacp_rate' and 'lacp_active' out",
				   modes[mode]);
	return NULL;
}

static char *judge_options(const char *text)
{
	AUTO_LIST char **given = network_fields(text, ',');
	const char *value[COUNT(options) + 1] = { NULL }; /* one more for unknown ones */
	char *reason = NULL;

	for (char **option = given; *option && !reason; option++) {
		size_t index = find_option(*option);
		const char *equals = strchr(*option, '=');

		/* A comma at the end does no harm. */
		if (!**option)
			reason = !option[1] ?
					 NULL :
					 text_format("a bond option is empty: leave one comma out");
		else if (!equals)
			reason =
				text_format("bond option '%s' has no value: give one as mode=802.3ad",
					    *option);
		else if (equals == *option)
			reason = text_format("there is no bond option '': give one as mode=802.3ad");
		else if (index < COUNT(options))
			reason = judge_value(&options[index], equals + 1);
		value[index] = equals ? equals + 1 : NULL;
	}
	return reason ? reason : judge_together(value);
}

static char *judge_cards(const char *text)
{
	AUTO_LIST char **cards = network_fields(text, ',');
	char *reason = NULL;

	for (char **card = cards; *card && !reason; card++)
		reason = network_field_judge(FIELD_CARD, *card);
	return reason;
}

char *network_bond_judge(char *const *fields)
{
	const char *cards = network_field(fields, BOND_CARDS);

	if (!*cards)
		return text_format("bond '%s' has no cards: give bond=%s:CARD,CARD:mode=active-backup",
				   fields[BOND_NAME], fields[BOND_NAME]);
	return judge_cards(cards) ?: judge_options(network_field(fields, BOND_OPTIONS));
}

char *network_bond_warning(char *const *fields)
{
	AUTO_LIST char **given = network_fields(network_field(fields, BOND_OPTIONS), ',');

	for (char **option = given; *option; option++) {
		AUTO_FREE char *name = text_copy_length(*option, strcspn(*option, "="));
		const char *nearest = text_nearest(name, option_name);

		if (!*name || find_option(name) < COUNT(options))
			continue;
		return nearest ?
			       text_format("has the bond option '%s', which is not known and may have no effect: is '%s' meant?",
					   name, nearest) :
			       text_format("has the bond option '%s', which is not known and may have no effect: the kernel's bonding.rst lists the options",
					   name);
	}
	return NULL;
}
