// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The p2v.* parameters: the table. To add one, add a member to struct config
 * and a row here; parsing, --print-config, p2v.parameters(7) and the
 * completion follow.
 */
#include "config/parameters.h"

#include "base/memory.h"
#include "base/text.h"
#include "cmdline/look_alike.h"
#include "config/config.h"
#include "config/url_template.h"
#include "config/value.h"

#include <stddef.h>
#include <string.h>

static const char *const allocation_words[] = { "none", "sparse", "preallocated", NULL };
static const char *const bad_sectors_words[] = { "fail", "zero", NULL };
static const char *const copy_words[] = { "used", "all", NULL };
static const char *const console_words[] = { "auto", "lines", "screen", NULL };
static const char *const task_words[] = { "convert", "inventory", NULL };
static const char *const rtc_basis_words[] = { "unknown", "utc", "localtime", NULL };

/* The offset of a member of struct config. The compiler checks the member's type. */
#define MEMBER(member, member_type)                 \
	.offset = offsetof(struct config, member) + \
		  0 * sizeof(char[IS_TYPE(((struct config *)NULL)->member, member_type)])
#define IS_TYPE(member, type) (__builtin_types_compatible_p(__typeof__(member), type) ? 1 : -1)
#define BOOLEAN(member) .type = PARAMETER_BOOLEAN, MEMBER(member, bool), .form = "yes|no"
#define CHOICE(member) .type = PARAMETER_CHOICE, MEMBER(member, enum choice), .form = "yes|no"
#define WORD(member, enumeration, list) \
	.type = PARAMETER_WORD, MEMBER(member, enumeration), .words = list
#define SECONDS_FROM(least, member)                                              \
	.type = PARAMETER_SECONDS, MEMBER(member, unsigned), .minimum = (least), \
	.maximum = 7 * 24 * 3600, .form = "SECONDS"
#define SECONDS(member) SECONDS_FROM(1, member)
#define TEXT(member) .type = PARAMETER_TEXT, MEMBER(member, char *)
#define URL(member) TEXT(member), .secret = SECRET_URL
#define LIST(member) .type = PARAMETER_LIST, MEMBER(member, char **)

// clang-format off: a row reads as a paragraph, with what belongs together on one line
static const struct parameter table[] = {
	{
		.section = "THE CONVERSION SERVER",
		.name = "p2v.remote.server", .alias = "p2v.server", .label = "Server",
		.type = PARAMETER_SERVER, MEMBER(server, char *), .check = value_check_server, .form = "HOST,...",
		.default_text = "none: the console waits for somebody",
		.description = "The name or address of the conversion server, or of several. An IPv6 address may be given "
			"in brackets; a link-local one needs its interface, as in fe80::1%eno1. All "
			"addresses of a name are tried. An IPv4 address is four numbers from 0 to 255: other "
			"numbers with dots (192.168.1, 010.0.0.1) are refused, as is an address that no "
			"machine has (0.0.0.0, 224.0.0.1). A user and a port before and behind it are used in place of "
			"p2v.username and p2v.port; with a port, an IPv6 address is in brackets. Of several, with "
			"commas between them, p2vd takes the one that will serve this machine first, see SEVERAL "
			"SERVERS in p2vd(8). Without this parameter nothing is converted.",
	}, {
		.name = "p2v.remote.port", .alias = "p2v.port", .label = "Port",
		.type = PARAMETER_NUMBER, MEMBER(port, unsigned), .minimum = 1, .maximum = 65535, .form = "PORT", .default_value = "22",
		.description = "The TCP port of the conversion server's SSH server.",
	}, {
		.name = "p2v.auth.username", .alias = "p2v.username", .label = "User",
		TEXT(username), .check = value_check_user, .form = "USER", .default_value = "root",
		.description = "The user to log in as on the conversion server. For some of its outputs "
			"virt-v2v needs root: log in as root, or see p2v.auth.sudo.",
	}, {
		.name = "p2v.auth.password", .alias = "p2v.password", .label = "Password",
		TEXT(password), .secret = SECRET_TEXT, .form = "PASSWORD",
		.description = "The user's password on the conversion server. It is also the answer when "
			"the server asks questions (keyboard-interactive). With p2v.auth.identity.url it "
			"is ignored, unless the server accepts the key and then wants the password as well "
			"(AuthenticationMethods publickey,password). Everybody who can read the kernel command "
			"line can read the password; a key is safer.",
	}, {
		.name = "p2v.auth.identity.key", .label = "Private key",
		TEXT(key), .check = value_check_private_key, .secret = SECRET_TEXT, .form = "KEY", .default_text = "none",
		.description = "A private key itself, as p2v.auth.identity.url would fetch it: from -----BEGIN "
			"to the end, with blanks in place of its line breaks. It is for a person who pastes "
			"it at the machine or reads it from a stick; p2vd keeps it in memory only. "
			"p2v.auth.identity.url is ignored then.",
	}, {
		.name = "p2v.auth.identity.url", .alias = "p2v.identity", .label = "URL of a key",
		URL(identity), .check = url_template_check_key, .form = "URL",
		.default_text = "the image's own key, if it carries one (p2v-customize(8)) and neither a "
			"password nor a key is given",
		.description = "The URL of a private key: https, http, ftp, tftp or file. The key is RSA, "
			"ECDSA or Ed25519, in OpenSSH's format or PEM, without a passphrase. It is "
			"fetched when the network is up. If the server refuses the key, no password is "
			"tried. Only https hides the key from others on the network. {server} in it, behind the "
			"host's name, is replaced by the conversion server's name or address, as p2v.server gives it.",
	}, {
		.name = "p2v.hostkey", .label = "Host key",
		LIST(hostkeys), .check = value_check_fingerprint, .form = "SHA256:FINGERPRINT,...",
		.default_text = "the keys in the image's known_hosts, if it has one; else any key is "
			"accepted, and its fingerprint is shown",
		.description = "The fingerprint of the conversion server's host key, as ssh-keygen -l shows "
			"it. With several, the server's key must have one of them. p2vd sends no password "
			"and nothing else to a server with another key. A server has a key of each type; "
			"p2vd asks for Ed25519 first, then ECDSA, then RSA. All of them are shown by "
			"ssh-keyscan HOST | ssh-keygen -lf -.",
	}, {
		.name = "p2v.auth.sudo", .alias = "p2v.sudo", .label = "Use sudo",
		BOOLEAN(sudo), .default_value = "no",
		.description = "Put sudo -n before the commands that need root on the conversion server. "
			"The user must be allowed to do that without a password.",
	}, {
		.name = "p2v.network_timeout", .label = "Wait for network",
		SECONDS(network_timeout), .default_value = "300",
		.description = "How long to wait until there is a route to the conversion server: a link, "
			"an address and an answer for the server's name. Meanwhile p2vd says what is "
			"missing.",
	}, {
		.name = "p2v.connect_timeout", .label = "Try to connect",
		SECONDS(connect_timeout), .default_value = "300",
		.description = "How long to try to reach the SSH server once there is a route. The pauses "
			"between the tries grow. After a wrong password or key there is no other try.",
	}, {
		.name = "p2v.reconnect_timeout", .label = "Wait for machine",
		SECONDS_FROM(60, reconnect_timeout), .default_value = "3600",
		.description = "How long virt-v2v waits for the machine, and how long the machine tries to reach "
			"the server again, when the connection between them breaks. If the server "
			"has not heard of the machine for this long, because it was reset or switched off, or the "
			"network is gone, then the server ends virt-v2v and removes what that has half "
			"made. Where all that is used of the disks is on the server already, virt-v2v goes on to its end, and the "
			"machine looks for the server until it is back. At least a minute: a slow server may take that long to begin to listen.",
	}, {
		.section = "THE GUEST",
		.name = "p2v.guestname", .alias = "p2v.name", .label = "Name",
		TEXT(name), .check = value_check_guest_name, .form = "NAME",
		.default_text = "the host name up to its first dot, if the machine has one, else a name made "
			"from the machine's vendor, model and serial number (or UUID, or MAC address)",
		.description = "The guest's name. The file names of its disks begin with it. It holds no "
			"slash, backslash, quote, dollar sign or control character, and does not begin "
			"with a dash, a dot or a space. Some outputs take less: oVirt letters, digits, "
			"'_', '-' and '.'; KubeVirt lower-case letters, digits, '-' and '.'; OpenStack "
			"characters up to U+FFFF. The default name fits them all.",
	}, {
		.name = "p2v.vcpu.phys_topo", .label = "CPU topology",
		BOOLEAN(phys_topo), .default_value = "no",
		.description = "Give the guest the machine's sockets, cores and threads. p2v.vcpu.cores is "
			"ignored then.",
	}, {
		.name = "p2v.vcpu.cores", .alias = "p2v.vcpus", .label = "Virtual CPUs",
		.type = PARAMETER_NUMBER, MEMBER(vcpus, unsigned), .minimum = 1, .maximum = 8192, .form = "NUMBER",
		.default_text = "the machine's logical processors that are online",
		.description = "How many virtual CPUs the guest gets.",
	}, {
		.name = "p2v.memory", .label = "Memory",
		.type = PARAMETER_BYTES, MEMBER(memory, uint64_t), .minimum = 1 << 20, .maximum = 1ULL << 50, .form = "NUMBER{M|G}",
		.default_text = "the machine's memory",
		.description = "The guest's memory, in MiB (M) or GiB (G).",
	}, {
		.name = "p2v.cpu.vendor", .label = "CPU vendor",
		TEXT(cpu_vendor), .form = "VENDOR", .default_text = "the machine's",
		.description = "The vendor of the guest's CPU as libvirt names it, such as Intel or AMD.",
	}, {
		.name = "p2v.cpu.model", .label = "CPU model",
		TEXT(cpu_model), .form = "MODEL", .default_text = "none",
		.description = "The model of the guest's CPU as libvirt names it. The guest then starts only "
			"on a host whose CPU is of this model or a later one.",
	}, {
		.name = "p2v.cpu.acpi", .label = "ACPI",
		CHOICE(acpi), .default_text = "as the machine has it",
		.description = "Whether the guest has ACPI.",
	}, {
		.name = "p2v.cpu.apic", .label = "APIC",
		CHOICE(apic), .default_text = "as the machine has it",
		.description = "Whether the guest has an APIC.",
	}, {
		.name = "p2v.cpu.pae", .label = "PAE",
		CHOICE(pae), .default_text = "as the machine has it",
		.description = "Whether the guest has PAE.",
	}, {
		.name = "p2v.rtc.basis", .label = "Clock shows",
		WORD(rtc_basis, enum rtc_basis, rtc_basis_words),
		.form = "unknown|utc|localtime", .default_value = "unknown",
		.default_text = "p2vd finds it out",
		.description = "What the hardware clock shows: UTC, or the local time.",
	}, {
		.name = "p2v.rtc.offset", .label = "Clock ahead of UTC",
		.type = PARAMETER_HOURS, MEMBER(rtc_offset, int), .form = "[+|-]HOURS",
		.default_text = "p2vd finds it out",
		.description = "How many hours the hardware clock is ahead of UTC, with a minus if it is "
			"behind: +2, -3.5 or +5:30.",
	}, {
		.name = "p2v.disks", .label = "Disks",
		LIST(disks), .check = value_check_disk, .commas = true,
		.form = "DISK,...", .default_text = "all fixed disks, in the order that p2vd(8) describes",
		.description = "The disks to convert, in the order that the guest will have them: kernel "
			"names such as sda or nvme0n1, or absolute paths. A comma within a path is written "
			"twice. The kernel looks for several disks at the same time, so sda may be another "
			"disk at the next start; the names under /dev/disk/by-id and by-path do not change.",
	}, {
		.name = "p2v.removable", .label = "CD and DVD drives",
		LIST(removable), .empty = true, .check = value_check_drive,
		.form = "DRIVE,...", .default_text = "all CD and DVD drives",
		.description = "The CD and DVD drives that the guest gets, without a medium, such as sr0. "
			"With an empty value it gets none.",
	}, {
		.name = "p2v.interfaces", .label = "Cards",
		LIST(interfaces), .empty = true, .check = value_check_interface,
		.form = "INTERFACE,...", .default_text = "all physical interfaces",
		.description = "The network interfaces that the guest gets, such as em1 or eth0. Each keeps "
			"its MAC address. With an empty value the guest gets none.",
	}, {
		.name = "p2v.network_map", .alias = "p2v.network", .label = "Networks",
		LIST(network_map),
		.check = value_check_mapping, .check_list = value_check_network_map,
		.form = "INTERFACE:NETWORK,...,NETWORK", .default_value = "default",
		.description = "Which of the hypervisor's networks each interface is connected to. A "
			"network without an interface is for all interfaces that are not named. "
			"An entry for an interface that the guest does not get is a warning: one command "
			"line may serve many models.",
	}, {
		.section = "WHAT VIRT-V2V MAKES",
		.name = "p2v.output.type", .alias = "p2v.o", .label = "Output mode (-o)",
		TEXT(output_type), .check = value_check_mode, .form = "MODE", .default_value = "local",
		.description = "The output mode, virt-v2v's -o: local, libvirt, rhv-upload, openstack and "
			"others that the conversion server's virt-v2v offers. Where a mode has an old and "
			"a new name (local and disk, rhv and ovirt), both are understood.",
	}, {
		.name = "p2v.output.allocation", .alias = "p2v.oa", .label = "Allocation (-oa)",
		WORD(output_allocation, enum allocation, allocation_words),
		.form = "none|sparse|preallocated", .default_value = "none",
		.description = "Whether the guest's disks are sparse or preallocated, virt-v2v's -oa. With "
			"none virt-v2v decides.",
	}, {
		.name = "p2v.output.connection", .alias = "p2v.oc", .label = "Connection (-oc)",
		TEXT(output_connection), .check = value_check_argument, .secret = SECRET_URI, .form = "URI", .default_text = "none",
		.description = "The libvirt URI or the address of the manager, virt-v2v's -oc. A password in it "
			"is not shown, and p2vd puts it into no file of the conversion server. But "
			"virt-v2v takes it only as an argument, which others there can see while it runs, "
			"and which sudo, with p2v.sudo, writes to the log of logins.",
	}, {
		.name = "p2v.output.credentials", .alias = "p2v.op", .label = "Credentials (-op)",
		TEXT(output_credentials), .check = value_check_argument, .form = "FILE", .default_text = "none",
		.description = "A file of the conversion server with the password for the manager of p2v.output.connection, "
			"virt-v2v's -op. Only ovirt-upload (rhv-upload) has a use for it, and needs it. The file has the "
			"password without a line break, and mode 0600.",
	}, {
		.name = "p2v.output.format", .alias = "p2v.of", .label = "Format (-of)",
		TEXT(output_format), .check = value_check_format, .form = "raw|qcow2",
		.default_text = "virt-v2v decides",
		.description = "The format of the guest's disks, virt-v2v's -of.",
	}, {
		.name = "p2v.output.storage", .alias = "p2v.os", .label = "Storage (-os)",
		TEXT(output_storage), .check = value_check_argument, .form = "STORAGE",
		.default_value = "/var/tmp", .default_text = "/var/tmp, where the output mode writes to a directory",
		.description = "Where the guest's disks go, virt-v2v's -os: a directory of the conversion "
			"server, a storage pool or a storage domain. The output mode says which.",
	}, {
		.name = "p2v.output.misc", .alias = "p2v.oo", .label = "Options (-oo)",
		LIST(output_misc),
		.check = value_check_argument, .secret = SECRET_OPTIONS, .commas = true,
		.form = "NAME=VALUE,...", .default_text = "none",
		.description = "Options of the output mode, each an -oo of virt-v2v. A comma within one "
			"is written twice. A password, secret or token among the options of OpenStack "
			"(os-password=...) is no argument of virt-v2v: it gets it in its environment "
			"(OS_PASSWORD), where only its user and root can read it. With p2v.sudo, sudo "
			"must allow that (NOPASSWD: ALL does, or the tag SETENV).",
	}, {
		.name = "p2v.root", .label = "System to convert",
		TEXT(root), .check = value_check_root,
		.form = "first|single|DEVICE", .default_value = "first",
		.description = "Which operating system to convert if the disks hold more than one, "
			"virt-v2v's --root: the first that is found; single, which fails if there is more "
			"than one; or the one on this device. virt-v2v calls the disks /dev/sda, /dev/sdb "
			"and so on in the order of p2v.disks, whatever their names are here. "
			"Every snapshot on a Btrfs counts as a system (snapper, SLES), and virt-v2v can be told "
			"none of them: the Btrfs's device means its default subvolume, which first takes before "
			"its snapshots. Where the default subvolume holds no system, first takes the oldest "
			"subvolume with one: make the one that runs the default before the conversion "
			"(btrfs subvolume set-default $(btrfs inspect-internal rootid /) /). Which one first "
			"has taken is said while virt-v2v runs.",
	}, {
		.name = "p2v.key", .label = "Keys of disks",
		LIST(keys), .check = value_check_key, .secret = SECRET_KEYS, .commas = true,
		.form = "DEVICE:PASSPHRASE,...", .default_text = "none",
		.description = "The passphrases of disks encrypted by LUKS, and the recovery keys of "
			"BitLocker, virt-v2v's --key. DEVICE is a device named as in p2v.root (/dev/sda2), "
			"the UUID of a LUKS device, or all, which is tried on every device and needs "
			"virt-v2v 2.4. A comma within a passphrase is written twice. virt-v2v reads the "
			"keys from pipes: they appear in no process's arguments and in no file of the "
			"conversion server.",
	}, {
		.name = "p2v.mac", .label = "Networks by MAC",
		LIST(mac), .check = value_check_mac, .commas = true,
		.form = "MAC:network|bridge:NAME,...", .default_text = "none",
		.description = "What the network card with this MAC address is connected to, each a --mac of "
			"virt-v2v: MAC:network:NAME, MAC:bridge:NAME, or, for a Windows guest's fixed "
			"address, MAC:ip:ADDRESS,,GATEWAY,,PREFIX, where each comma within one is written "
			"twice. For that card, p2v.network_map is ignored. If no card of the guest has "
			"the address, there is a warning.",
	}, {
		.section = "COPYING THE DISKS",
		.name = "p2v.streams", .label = "Tunnels per disk",
		TEXT(streams), .check = value_check_streams, .form = "auto|1...8", .default_value = "auto",
		.description = "How many SSH connections carry each disk. By default (auto) it is one; two if an "
			"answer of the server takes 75 ms, four if it takes 150 ms, or two if both the machine and "
			"the server have four processors or more. All disks together have 16 at most, or one each. More of them help if "
			"one is slower than the network: a lost packet delays only one connection, and each can use a processor of its own. "
			"If some of them break, the conversion goes on with the others. Needs the relay.",
	}, {
		.name = "p2v.store", .label = "Keep on server",
		TEXT(store), .check = value_check_store, .form = "auto|no|DIRECTORY", .default_value = "auto",
		.description = "Where the relay on the conversion server keeps what it has received of the disks, so that "
			"nothing is sent again when virt-v2v reads it a second time: a directory of the server; by "
			"default (auto) that of virt-v2v's temporary files (TMPDIR, or else /var/tmp); or nowhere (no). A tenth "
			"of the file system stays free, and so does the room that the guest needs on it. The data is in "
			"a file without a name, which disappears when the conversion ends.",
	}, {
		.name = "p2v.bandwidth", .label = "Bytes per second",
		.type = PARAMETER_BYTES, MEMBER(bandwidth, uint64_t),
		.minimum = 64ULL << 10, .maximum = 100ULL << 30, .form = "RATE", .default_text = "no limit",
		.description = "The most bytes of all disks together that are sent per second, such as 512K, "
			"20M or 1G (K is 1024 bytes, and so on). It can be changed while a conversion runs: in the forms, or by "
			"'p2vctl set p2v.bandwidth=RATE'. Needs the relay.",
	}, {
		.name = "p2v.compress", .label = "Compress",
		BOOLEAN(compress), .default_value = "no",
		.description = "Have ssh compress what is sent of the disks, for slow lines. With the files of a Debian system, "
			"which shrank to 36 to 47 %, the copy took half the time at 1, 10 and 50 Mbit/s. From somewhere between 100 and "
			"200 Mbit/s on it took longer, because the processor compressed only 14 to 22 MiB "
			"per second; at 1 Gbit/s about seven times as long. Data that is already compressed or encrypted does not shrink.",
	}, {
		.name = "p2v.copy", .label = "Copy",
		WORD(copy, enum copy, copy_words), .form = "used|all", .default_value = "used",
		.description = "Which parts of the disks are copied. With used, p2vd reads partition tables and "
			"the metadata of file systems, swap space and volume groups, and "
			"leaves out what is free in them. If there is any doubt, it copies the whole partition, and says "
			"why: see WHAT IS COPIED in p2vd(8). With all, it copies every byte, also those of deleted files.",
	}, {
		.name = "p2v.map_timeout", .label = "Time to find used",
		.type = PARAMETER_SECONDS, MEMBER(map_timeout, unsigned),
		.minimum = 1, .maximum = 86400, .form = "SECONDS", .default_value = "300",
		.description = "With p2v.copy=used, how long p2vd may take to find out which parts of a disk are "
			"used. It looks at up to eight disks at the same time. What it does not know by then, it copies.",
	}, {
		.name = "p2v.bad_sectors", .label = "Bad sectors",
		WORD(bad_sectors, enum bad_sectors, bad_sectors_words), .form = "fail|zero", .default_value = "fail",
		.description = "What to do when a part of a disk cannot be read: fail ends the conversion. With "
			"zero the relay reads it again, in smaller and smaller pieces, down to a sector, three times. The guest gets "
			"zeros for what stays unreadable; p2vd says which sectors these are, and "
			"lists them in the file bad-sectors in the work directory. Needs the relay.",
	}, {
		.name = "p2v.bad_sectors_max", .label = "Bad places, most",
		.type = PARAMETER_NUMBER, MEMBER(bad_sectors_max, unsigned),
		.minimum = 1, .maximum = 1000000, .form = "NUMBER", .default_value = "1000",
		.description = "With p2v.bad_sectors=zero, how many places may be unreadable before the conversion "
			"fails all the same, because such a disk is dying.",
	}, {
		.name = "p2v.slots", .label = "Slots on server",
		.type = PARAMETER_NUMBER, MEMBER(slots, unsigned),
		.minimum = 1, .maximum = 9999, .form = "NUMBER", .default_text = "what the server's processors, memory and room allow",
		.description = "How many conversions of this login user may run on the server at the same time. The others wait "
			"in its queue, see THE QUEUE in p2vd(8). If the server's file /etc/p2vd/slots has a number, too, the lower "
			"of the two counts. Without both, the number of slots is the lowest of these, but at least 1: half the number "
			"of processors, a third of the memory in GiB, and what the directory of virt-v2v's temporary files has room for.",
	}, {
		.name = "p2v.retries", .label = "Retries",
		.type = PARAMETER_NUMBER, MEMBER(retries, unsigned),
		.maximum = 10, .form = "NUMBER", .default_value = "1",
		.description = "How often p2vd starts virt-v2v again, from 0 to 10 times, when it has failed for a cause that "
			"may not come again, such as: it was killed, libguestfs did not start, the relay was lost, or the server "
			"was restarted; see WHEN SOMETHING BREAKS in p2vd(8). What the relay has kept of the disks is not sent "
			"again, see p2v.store. Any other cause, such as a system that virt-v2v cannot convert, or a full disk, ends the conversion at once.",
	}, {
		.section = "BEFORE AND AFTER THE CONVERSION",
		.name = "p2v.config", .label = "More parameters",
		URL(configuration), .check = url_template_check, .form = "URL",
		.default_text = "none",
		.description = "The URL of a file with more parameters: https, http, ftp, tftp or file. The "
			"file has one p2v.* word per line, written as on the command line. Empty lines are "
			"ignored, and so is what follows a # at the beginning of a line or behind a word. "
			"If a parameter is given in several places, the command line counts first, then "
			"this file, then the image (p2v-customize(8)). The URL may hold {mac}, {uuid}, "
			"{serial} and {hostname}. Each machine puts its own values there, so that one "
			"boot entry serves many machines: the MAC address of the network card that "
			"carries the route to the file's server, in lower case with dashes "
			"(52-54-00-12-34-56); the UUID in lower case and the serial number, both as the "
			"firmware has them; and the host name as the network gave it. The file may be "
			"64 KiB long. p2v.network_timeout and p2v.connect_timeout say how long p2vd tries "
			"to fetch it. Whoever can change the file controls the machine: use https.",
	}, {
		.name = "p2v.do", .label = "Do",
		WORD(task, enum task, task_words), .form = "convert|inventory", .default_value = "convert",
		.description = "What is done with the machine. With inventory nothing is converted: p2vd looks at the "
			"machine, finds out how much of its disks is used (not with p2v.copy=all), tests the conversion server if there "
			"is a p2v.server, reports all that to p2v.report, and powers the machine off, or runs p2v.post; see INVENTORY in "
			"p2vd(8). Nothing is changed on the server, and p2v.done is not requested.",
	}, {
		.name = "p2v.pre", .label = "Run before",
		TEXT(pre), .check = look_alike_judge_command, .empty = true, .form = "COMMAND", .default_text = "none",
		.description = "A command that sh runs on the machine before the conversion. If it fails, "
			"nothing is converted. An empty value means none, also where the image has a "
			"command of its own.",
	}, {
		.name = "p2v.post", .label = "Run after success",
		TEXT(post), .check = look_alike_judge_command, .empty = true, .form = "COMMAND",
		.default_text = "power the machine off, when running from the image as root; else none",
		.description = "A command that sh runs on the machine after a successful conversion, "
			"or after p2v.do=inventory, instead of powering it off. When the command has ended and the machine is still "
			"on, the console shows its exit code and offers keys. An empty value means that "
			"nothing is run and the machine stays on.",
	}, {
		.name = "p2v.done", .label = "Request when done",
		URL(announcement), .empty = true, .check = url_template_check_web, .form = "URL",
		.default_text = "none",
		.description = "A URL, https or http, that p2vd requests (by GET) after a successful "
			"conversion, before it runs p2v.post or powers the machine off. So a boot server "
			"learns that this machine is to start from its own disk next time, see p2v-pxe(8). "
			"{mac}, {uuid}, {serial} and {hostname} are replaced as in p2v.config; {mac} is "
			"that of the network card that carries the route to the URL's host. After a "
			"temporary error p2vd tries again, five times in all. If all of them fail, it "
			"warns, and the conversion is still a success. An empty value means none.",
	}, {
		.name = "p2v.report", .label = "Report to",
		LIST(reports), .secret = SECRET_URL, .empty = true, .check = url_template_check_web, .form = "URL,...",
		.default_text = "none",
		.description = "URLs, https or http, that p2vd tells how the conversion stands: by POST, "
			"at every change of state, and every p2v.report_interval while virt-v2v is at work or "
			"p2vd waits in a server's queue. The body is a CloudEvents document in JSON, see REPORTS in p2vd(8). "
			"p2v-fleetd(8) is such a receiver. {mac}, {uuid}, {serial} and "
			"{hostname} are replaced as in p2v.done. A receiver that is down, slow or refuses "
			"does not delay the copy; what it has missed is reported later, in one document. A token may "
			"stand in the URL behind a question mark, which is never shown, or see "
			"p2v.report_token. An empty value means none.",
	}, {
		.name = "p2v.report_token", .label = "Token of reports",
		TEXT(report_token), .check = value_check_token, .secret = SECRET_TEXT, .form = "TOKEN", .default_text = "none",
		.description = "The token by which the receivers of p2v.report recognize this machine. It is sent in the header "
			"Authorization: Bearer TOKEN. It may have letters, digits and the characters - . _ ~ + / =. Only "
			"https hides it from others on the network.",
	}, {
		.name = "p2v.report_interval", .label = "Report interval",
		SECONDS(report_interval), .default_value = "30",
		.description = "How often p2vd reports the progress of the disks while virt-v2v is at work, and "
			       "its place while it waits in a server's queue.",
	}, {
		.name = "p2v.fail", .label = "Run after failure",
		TEXT(fail), .check = look_alike_judge_command, .empty = true, .form = "COMMAND",
		.default_text = "none: the machine stays on",
		.description = "A command that sh runs on the machine after any failure, however early. The "
			"environment variables P2V_REASON and P2V_EXIT_CODE tell it why. An empty value "
			"means none.",
	}, {
		.name = "p2v.skip_test_connection", .label = "Skip the test",
		BOOLEAN(skip_test_connection), .default_value = "no",
		.description = "Do not test the conversion server before the conversion. If the server is "
			"not suitable, that shows only when virt-v2v fails. A server that would let others in "
			"its network read the disks is refused all the same.",
	}, {
		.name = "p2v.dump_config_and_exit", .label = "Print and exit",
		BOOLEAN(dump_config_and_exit), .default_value = "no",
		.description = "Print the configuration, one name and value per line, and end, as "
			"--print-config of p2vd(8) does.",
	}, {
		.name = "p2v.debug", .label = "Debugging",
		BOOLEAN(debug), .default_value = "no",
		.description = "Show also those messages on the console that otherwise go to the journal "
			"only, and have virt-v2v write a full log (-v -x).",
	}, {
		.name = "p2v.shell", .label = "Root shell",
		BOOLEAN(shell), .default_value = "yes",
		.description = "Whether there is a root shell on the second console, and on the first one "
			"at the end, when the machine stays on. With no, nobody at the machine can get at "
			"its disks or the password. There is also no shell if p2vd could not read something that may "
			"say no: the file that p2v.config names, until it is read or if it "
			"is wrong; the image's own file, if it is damaged; and this parameter, if it has a wrong "
			"value, is misspelled, or stands within another value. p2v.shell on the command line wins "
			"over both files.",
	}, {
		.name = "p2v.interactive", .label = "Forms at consoles",
		BOOLEAN(interactive), .default_value = "yes",
		.description = "Whether the consoles offer forms to a person at the machine: without a "
			"p2v.server on all consoles and at once, otherwise when somebody presses m. With "
			"no, a machine without p2v.server only waits.",
	}, {
		.name = "p2v.countdown", .label = "Countdown", .type = PARAMETER_SECONDS, MEMBER(countdown, unsigned),
		.minimum = 0, .maximum = 3600, .form = "SECONDS", .default_value = "0",
		.description = "How long the image waits before it begins a conversion by itself. A "
			"person who presses m meanwhile gets the forms, and nothing begins until "
			"they say so.",
	}, {
		.name = "p2v.console", .label = "Consoles show",
		WORD(console, enum console_view, console_words),
		.form = "auto|lines|screen", .default_value = "auto",
		.description = "What the consoles show while the image converts by itself: lines, which "
			"loggers and consoles of BMCs keep, or a screen with the forms. With auto, serial "
			"lines show lines and the others a screen. With p2v.interactive=no, all show lines.",
	}, {
		.name = "p2v.keymap", .label = "Keyboard layout",
		TEXT(keymap), .check = value_check_keymap, .form = "LAYOUT",
		.default_text = "rd.vconsole.keymap or vconsole.keymap, if the command line has one; else US",
		.description = "The layout of the keyboard at the machine, a name that loadkeys(1) knows, such as "
			"de, fr, uk or us. The forms list those that the image has. A serial line has the "
			"layout of the terminal at its other end.",
	}, {
		.name = NULL,
	},
};
// clang-format on

_Static_assert(COUNT(table) <= PARAMETERS_MOST, "");

const struct parameter *parameters(void)
{
	return table;
}

size_t parameter_index(const struct parameter *parameter)
{
	return (size_t)(parameter - table);
}

void *parameter_member(const struct parameter *parameter, const struct config *config)
{
	return (char *)config + parameter->offset;
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
	for (const struct parameter *row = table; row->name; row++)
		if (same_name(name, row->name) || same_name(name, row->alias))
			return row;
	return NULL;
}
