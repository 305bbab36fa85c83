// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The p2v.* parameters: the table. To add one, add a member to struct config
 * and a row here; parsing, --print-config, p2v.parameters(7) and the
 * completion follow.
 */
#include "config/parameters.h"

#include "base/memory.h"
#include "base/text.h"
#include "config/config.h"
#include "config/url_template.h"
#include "config/value.h"

#include <stddef.h>
#include <string.h>

static const char *const allocation_words[] = { "none", "sparse", "preallocated", NULL };
static const char *const rtc_basis_words[] = { "unknown", "utc", "localtime", NULL };

/* Where the member of struct config is; and that it has that type. */
#define MEMBER(member, member_type)                 \
	.offset = offsetof(struct config, member) + \
		  0 * sizeof(char[IS_TYPE(((struct config *)NULL)->member, member_type)])
#define IS_TYPE(member, type) (__builtin_types_compatible_p(__typeof__(member), type) ? 1 : -1)
/* The type's kind, and the member. */
#define BOOLEAN(member) .type = PARAMETER_BOOLEAN, MEMBER(member, bool), .form = "yes|no"
#define CHOICE(member) .type = PARAMETER_CHOICE, MEMBER(member, enum choice), .form = "yes|no"
#define WORD(member, enumeration, list) \
	.type = PARAMETER_WORD, MEMBER(member, enumeration), .words = list
#define PORT(member) .type = PARAMETER_PORT, MEMBER(member, uint16_t)
#define NUMBER(member) .type = PARAMETER_NUMBER, MEMBER(member, unsigned)
#define BYTES(member) .type = PARAMETER_BYTES, MEMBER(member, uint64_t)
#define HOURS(member) .type = PARAMETER_HOURS, MEMBER(member, int)
#define SECONDS(member)                                                    \
	.type = PARAMETER_SECONDS, MEMBER(member, unsigned), .minimum = 1, \
	.maximum = 7 * 24 * 3600, .form = "SECONDS"
#define SERVER(member) .type = PARAMETER_SERVER, MEMBER(member, char *)
#define TEXT(member) .type = PARAMETER_TEXT, MEMBER(member, char *)
#define URL(member) TEXT(member), .secret = SECRET_URL
#define LIST(member) .type = PARAMETER_LIST, MEMBER(member, char **)

// clang-format off: a row reads as a paragraph, with what belongs together on one line
static const struct parameter table[] = {
	{
		.section = "The conversion server",
		.name = "p2v.remote.server", .alias = "p2v.server",
		SERVER(server), .check = value_check_server,
		.default_text = "none: the console waits for somebody", .form = "HOST",
		.help = "the conversion server",
		.description = "The conversion server's name or address. An IPv6 address may stand in "
			"brackets; a link-local one takes its interface, as in fe80::1%eno1. All "
			"addresses of a name are tried. Without this parameter nothing is converted.",
	}, {
		.name = "p2v.remote.port", .alias = "p2v.port",
		PORT(port), .minimum = 1, .maximum = 65535,
		.default_value = "22", .form = "PORT",
		.help = "the port of its SSH server",
		.description = "The TCP port of the conversion server's SSH server.",
	}, {
		.name = "p2v.auth.username", .alias = "p2v.username",
		TEXT(username), .check = value_check_user, .default_value = "root", .form = "USER",
		.help = "whom to log in as",
		.description = "Whom to log in as on the conversion server. virt-v2v needs root for some "
			"of its outputs: log in as root, or see p2v.auth.sudo.",
	}, {
		.name = "p2v.auth.password", .alias = "p2v.password",
		TEXT(password), .secret = SECRET_TEXT, .form = "PASSWORD",
		.help = "the password",
		.description = "The password on the conversion server, also given to questions that the "
			"server asks for one (keyboard-interactive). Ignored when an identity is given. "
			"Whoever can read the kernel command line can read it: an identity is better.",
	}, {
		.name = "p2v.auth.identity.url", .alias = "p2v.identity",
		URL(identity), .check = value_check_url, .form = "URL",
		.help = "where a private key is fetched from",
		.description = "The URL of a private key: https, http, ftp, tftp or file. The key is RSA, "
			"ECDSA or Ed25519 in OpenSSH's or PEM format, without a passphrase, and is "
			"fetched when the network is there. It wins over a password, to which there is "
			"no falling back. Only https keeps the key from those who listen.",
		.default_text = "the image's own key, if it carries one (p2v-customize(8)) and there is no "
			"password",
	}, {
		.name = "p2v.hostkey", LIST(hostkeys), .check = value_check_fingerprint,
		.form = "SHA256:FINGERPRINT,...",
		.default_text = "what the image's known_hosts says, if it has one; else any key will do, and its "
			"fingerprint is told",
		.help = "the server's host key",
		.description = "The fingerprint of the conversion server's host key, as ssh-keygen -l shows "
			"it, or several, one of which has to be that of the key which the server shows. With "
			"any other key neither the password nor anything else is told to the server. It has "
			"a key of each type, and Ed25519 is asked for first, then ECDSA, then RSA: "
			"ssh-keyscan HOST | ssh-keygen -lf - shows all.",
	}, {
		.name = "p2v.auth.sudo", .alias = "p2v.sudo", BOOLEAN(sudo), .default_value = "no",
		.help = "become root by sudo on the server",
		.description = "Put sudo -n before the commands that need root on the conversion server. "
			"The user must be allowed that without a password.",
	}, {
		.name = "p2v.network_timeout", SECONDS(network_timeout), .default_value = "300",
		.help = "how long to wait for a route to the server",
		.description = "How long to wait for a route to the conversion server: for a link, an "
			"address and the server's name. What is missing is told meanwhile.",
	}, {
		.name = "p2v.connect_timeout", SECONDS(connect_timeout), .default_value = "300",
		.help = "how long to try to reach the SSH server",
		.description = "How long to try to reach the SSH server once there is a route, with "
			"growing pauses. A wrong password or key ends the trying at once.",
	}, {
		.section = "The guest",
		.name = "p2v.guestname", .alias = "p2v.name",
		TEXT(name), .check = value_check_guest_name, .form = "NAME",
		.default_text = "the host name up to its first dot, if the machine has one, else made from "
			"the machine's vendor, model and serial number",
		.help = "the guest's name",
		.description = "The guest's name, which is also the beginning of its disks' file names. "
			"Not a slash, backslash, quote, dollar sign or control character, no dash, dot or "
			"blank at the beginning.",
	}, {
		.name = "p2v.vcpu.phys_topo", BOOLEAN(phys_topo), .default_value = "no",
		.help = "copy sockets, cores and threads",
		.description = "Give the guest the machine's sockets, cores and threads. p2v.vcpu.cores is "
			"without meaning then.",
	}, {
		.name = "p2v.vcpu.cores", .alias = "p2v.vcpus",
		NUMBER(vcpus), .minimum = 1, .maximum = 8192,
		.form = "NUMBER", .default_text = "the machine's logical processors that are online",
		.help = "the guest's virtual CPUs",
		.description = "How many virtual CPUs the guest gets.",
	}, {
		.name = "p2v.memory",
		BYTES(memory), .minimum = 1 << 20, .maximum = 1ULL << 50,
		.form = "NUMBER{M|G}", .default_text = "the machine's memory",
		.help = "the guest's memory",
		.description = "The guest's memory, in MiB (M) or GiB (G).",
	}, {
		.name = "p2v.cpu.vendor", TEXT(cpu_vendor), .form = "VENDOR",
		.default_text = "the machine's",
		.help = "the guest's CPU vendor",
		.description = "The vendor of the guest's CPU as libvirt names it, such as Intel or AMD.",
	}, {
		.name = "p2v.cpu.model", TEXT(cpu_model), .form = "MODEL",
		.default_text = "none",
		.help = "the guest's CPU model",
		.description = "The model of the guest's CPU as libvirt names it. The guest then only "
			"starts on a host that has at least this model.",
	}, {
		.name = "p2v.cpu.acpi", CHOICE(acpi), .default_text = "as the machine has it",
		.help = "whether the guest has ACPI",
		.description = "Whether the guest has ACPI.",
	}, {
		.name = "p2v.cpu.apic", CHOICE(apic), .default_text = "as the machine has it",
		.help = "whether the guest has an APIC",
		.description = "Whether the guest has an APIC.",
	}, {
		.name = "p2v.cpu.pae", CHOICE(pae), .default_text = "as the machine has it",
		.help = "whether the guest has PAE",
		.description = "Whether the guest has PAE.",
	}, {
		.name = "p2v.rtc.basis", WORD(rtc_basis, enum rtc_basis, rtc_basis_words),
		.default_value = "unknown", .form = "unknown|utc|localtime",
		.default_text = "found out",
		.help = "what the hardware clock shows",
		.description = "What the hardware clock shows: UTC, or the local time.",
	}, {
		.name = "p2v.rtc.offset", HOURS(rtc_offset), .form = "[+|-]HOURS",
		.default_text = "found out",
		.help = "how far the hardware clock is from UTC",
		.description = "How many hours the hardware clock is from UTC, east being positive: +2, "
			"-3.5 or +5:30.",
	}, {
		.name = "p2v.disks", LIST(disks), .check = value_check_disk, .commas = true, .form = "DISK,...",
		.default_text = "all fixed disks, in an order that p2vd(8) tells of",
		.help = "the disks to convert",
		.description = "The disks to convert, in the order that the guest will have them: kernel "
			"names such as sda or nvme0n1, or absolute paths. A comma within a path is written "
			"twice. The kernel finds disks side by side, so sda may be another one after the next "
			"start: names under /dev/disk/by-id or by-path stay.",
	}, {
		.name = "p2v.removable", LIST(removable), .check = value_check_disk, .form = "DRIVE,...",
		.default_text = "all CD and DVD drives",
		.help = "the drives that the guest gets, empty",
		.description = "The CD and DVD drives that the guest gets, without a medium, such as sr0.",
	}, {
		.name = "p2v.interfaces", LIST(interfaces), .check = value_check_interface,
		.form = "INTERFACE,...", .default_text = "all physical interfaces",
		.help = "the network interfaces to convert",
		.description = "The network interfaces that the guest gets, such as em1 or eth0. Each keeps "
			"its MAC address.",
	}, {
		.name = "p2v.network_map", .alias = "p2v.network",
		LIST(network_map), .check = value_check_mapping, .check_list = value_check_network_map,
		.default_value = "default", .form = "INTERFACE:NETWORK,...,NETWORK",
		.help = "which interface goes to which network",
		.description = "Which of the hypervisor's networks each interface is connected to. One "
			"network without an interface is for all that are not named.",
	}, {
		.section = "What virt-v2v makes",
		.name = "p2v.output.type", .alias = "p2v.o",
		TEXT(output_type), .check = value_check_mode, .default_value = "local", .form = "MODE",
		.help = "where to: virt-v2v's -o",
		.description = "The output mode, virt-v2v's -o: local, libvirt, rhv-upload, openstack and "
			"others, as the conversion server's virt-v2v offers them. Older and newer names "
			"for one mode (local and disk, rhv and ovirt) all do.",
	}, {
		.name = "p2v.output.allocation", .alias = "p2v.oa",
		WORD(output_allocation, enum allocation, allocation_words), .default_value = "none",
		.form = "none|sparse|preallocated",
		.help = "sparse or preallocated: virt-v2v's -oa",
		.description = "Whether the guest's disks are sparse or preallocated, virt-v2v's -oa. With "
			"none virt-v2v decides.",
	}, {
		.name = "p2v.output.connection", .alias = "p2v.oc",
		TEXT(output_connection), .check = value_check_argument, .form = "URI", .default_text = "none",
		.help = "the connection: virt-v2v's -oc",
		.description = "The libvirt URI or the address of the manager, virt-v2v's -oc.",
	}, {
		.name = "p2v.output.format", .alias = "p2v.of",
		TEXT(output_format), .check = value_check_format, .form = "raw|qcow2",
		.default_text = "virt-v2v decides",
		.help = "the disks' format: virt-v2v's -of",
		.description = "The format of the guest's disks, virt-v2v's -of.",
	}, {
		.name = "p2v.output.storage", .alias = "p2v.os",
		TEXT(output_storage), .check = value_check_argument, .default_value = "/var/tmp",
		.form = "STORAGE", .default_text = "/var/tmp, where the output mode writes to a directory",
		.help = "the directory or pool: virt-v2v's -os",
		.description = "Where the guest's disks go, virt-v2v's -os: a directory of the conversion "
			"server, a storage pool or a storage domain, as the output mode has it.",
	}, {
		.name = "p2v.output.misc", .alias = "p2v.oo", LIST(output_misc),
		.check = value_check_argument, .secret = SECRET_OPTIONS,
		.form = "NAME=VALUE,...", .default_text = "none",
		.help = "options of the output mode: virt-v2v's -oo", .commas = true,
		.description = "Options of the output mode, each an -oo of virt-v2v. A comma within one "
			"is written twice.",
	}, {
		.name = "p2v.root", TEXT(root), .check = value_check_root, .default_value = "first",
		.form = "first|single|DEVICE",
		.help = "which of several systems: virt-v2v's --root",
		.description = "Which operating system to convert where the disks hold more than one, "
			"virt-v2v's --root: the first that is found, the one that must be the only one "
			"(single), or the one on this device. virt-v2v calls the disks /dev/sda, /dev/sdb "
			"and so on in the order of p2v.disks, whatever their names are here.",
	}, {
		.name = "p2v.key", LIST(keys), .check = value_check_key, .secret = SECRET_KEYS, .commas = true,
		.form = "DEVICE:PASSPHRASE,...", .default_text = "none",
		.help = "keys of encrypted disks: virt-v2v's --key",
		.description = "The passphrases of disks encrypted by LUKS, and the recovery keys of "
			"BitLocker, virt-v2v's --key. DEVICE is a device as p2v.root takes it "
			"(/dev/sda2), the UUID of a LUKS device, or all, which is tried on every one and "
			"needs virt-v2v 2.4. A comma within a passphrase is written twice. The keys never "
			"stand in a process's arguments or a file of the conversion server: virt-v2v reads "
			"them from pipes.",
	}, {
		.name = "p2v.mac", LIST(mac), .check = value_check_mac, .commas = true,
		.form = "MAC:network|bridge:NAME,...", .default_text = "none",
		.help = "what a network card is connected to: virt-v2v's --mac",
		.description = "What the network card with this MAC address is connected to, each a --mac of "
			"virt-v2v: MAC:network:NAME, MAC:bridge:NAME, or, for a Windows guest's fixed "
			"address, MAC:ip:ADDRESS,,GATEWAY,,PREFIX, where each comma within one is written "
			"twice. It wins over p2v.network_map.",
	}, {
		.section = "The course of things",
		.name = "p2v.config", URL(configuration), .check = url_template_check, .form = "URL",
		.default_text = "none",
		.help = "where more parameters are fetched from",
		.description = "The URL of a file with more parameters: https, http, ftp, tftp or file. It "
			"has one p2v.* word a line, as on the command line; empty lines and what follows "
			"a # at a line's beginning or behind a word are passed over. What stands on the "
			"command line wins; what the image carries (p2v-customize(8)) is weaker. In the URL, {mac}, {uuid}, {serial} and {hostname} stand for "
			"the machine's own, so that one boot entry serves many machines: the MAC address "
			"of the network card that carries the route to the file's server, in lower case "
			"with dashes (52-54-00-12-34-56); the UUID, in lower case, and the serial number "
			"that the firmware tells; the host name as the network gave it. The file may be "
			"64 KiB long. It is tried as p2v.network_timeout and p2v.connect_timeout say. "
			"Whoever can change the file has the machine: use https.",
	}, {
		.name = "p2v.pre", TEXT(pre), .form = "COMMAND",
		.default_text = "none",
		.help = "a command to run before",
		.description = "A command that sh runs on the machine before the conversion. Should it "
			"fail, nothing is converted.",
	}, {
		.name = "p2v.post", TEXT(post), .form = "COMMAND",
		.default_text = "power the machine off, when running from the image as root; else none",
		.help = "a command to run after a conversion",
		.description = "A command that sh runs on the machine after a conversion that succeeded, "
			"in place of powering it off. When it has ended and the machine is still on, "
			"the console says what it returned and offers keys.",
	}, {
		.name = "p2v.done", URL(announcement), .check = url_template_check_web, .form = "URL",
		.default_text = "none",
		.help = "a URL to call after a conversion",
		.description = "The URL, https or http, that is called (by GET) after a conversion that "
			"succeeded, before p2v.post is run or the machine is powered off: so that a boot "
			"server can be told that this machine is to start from its own disk next time, "
			"see p2v-pxe(8). {mac}, {uuid}, {serial} and {hostname} stand for the machine's own "
			"as in p2v.config, {mac} being that of the network card that carries the route to "
			"the URL's host. What may pass is tried five times; should all of it fail, a "
			"warning tells so, and the conversion is a success all the same.",
	}, {
		.name = "p2v.fail", TEXT(fail), .form = "COMMAND",
		.default_text = "none: the machine stays on",
		.help = "a command to run after a failure",
		.description = "A command that sh runs on the machine after any failure, however early. It "
			"finds why in the environment variables P2V_REASON and P2V_EXIT_CODE.",
	}, {
		.name = "p2v.skip_test_connection", BOOLEAN(skip_test_connection), .default_value = "no",
		.help = "do not test the server first",
		.description = "Do not test the conversion server before the conversion. A server that does "
			"not suit then only shows when virt-v2v fails.",
	}, {
		.name = "p2v.dump_config_and_exit", BOOLEAN(dump_config_and_exit), .default_value = "no",
		.help = "print the configuration and end",
		.description = "Print the configuration, one name and value per line, and end, as "
			"--print-config of p2vd(8) does.",
	}, {
		.name = "p2v.debug", BOOLEAN(debug), .default_value = "no",
		.help = "tell more",
		.description = "Show on the console what else only the journal has, and have virt-v2v "
			"write a full log (-v -x).",
	}, {
		.name = "p2v.shell", BOOLEAN(shell), .default_value = "yes",
		.help = "whether there is a root shell",
		.description = "Whether the second console has a root shell, and the first one at the end, "
			"when the machine stays on. With no, nobody at the machine gets to its disks or the password.",
	},
};
// clang-format on

size_t parameter_count(void)
{
	return COUNT(table);
}

const struct parameter *parameter_at(size_t index)
{
	return &table[index];
}

static bool same_name(const char *name, const char *known)
{
	for (; known && *name; name++, known++)
		if ((*name == '-' ? '_' : *name) != *known)
			return false;
	return known && !*known;
}

const struct parameter *parameter_find(const char *name)
{
	for (size_t i = 0; i < parameter_count(); i++)
		if (same_name(name, table[i].name) || same_name(name, table[i].alias))
			return &table[i];
	return NULL;
}

/* Each row's long name and its short one; without one, the long one again. */
static const char *known_name(size_t index)
{
	const struct parameter *parameter = index / 2 < COUNT(table) ? &table[index / 2] : NULL;

	if (!parameter)
		return NULL;
	return index % 2 && parameter->alias ? parameter->alias : parameter->name;
}

const char *parameter_nearest(const char *name)
{
	return text_nearest(name, known_name);
}
