// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of a conversion that a person fills in, and their fields. */
#include "dialog/part.h"

#include "base/memory.h"

#include <string.h>

static const struct {
	const char *name;
	const char *fields[PART_FIELDS + 1];
} parts[PARTS] = {
	[PART_SERVER] = { "Server",
			  { "p2v.remote.server", "p2v.remote.port", "p2v.auth.username",
			    "p2v.auth.password", "p2v.auth.identity.key", "p2v.auth.identity.url",
			    "p2v.auth.sudo", "p2v.hostkey" } },
	[PART_NETWORK] = { "Network",
			   { "p2v.network_timeout", "p2v.connect_timeout",
			     "p2v.reconnect_timeout" } },
	[PART_MACHINE] = { "Machine",
			   { "p2v.guestname", "p2v.vcpu.cores", "p2v.vcpu.phys_topo", "p2v.memory",
			     "p2v.cpu.vendor", "p2v.cpu.model", "p2v.cpu.acpi", "p2v.cpu.apic",
			     "p2v.cpu.pae", "p2v.rtc.basis", "p2v.rtc.offset" } },
	[PART_DISKS] = { "Disks", { "p2v.disks", "p2v.removable", "p2v.copy", "p2v.map_timeout" } },
	[PART_CARDS] = { "Cards", { "p2v.interfaces", "p2v.network_map", "p2v.mac" } },
	[PART_OUTPUT] = { "Output",
			  { "p2v.output.type", "p2v.output.connection", "p2v.output.credentials",
			    "p2v.output.storage", "p2v.output.format", "p2v.output.allocation",
			    "p2v.output.misc", "p2v.root", "p2v.key", "p2v.debug" } },
	[PART_TRANSFER] = { "Transfer",
			    { "p2v.streams", "p2v.bandwidth", "p2v.compress", "p2v.store",
			      "p2v.bad_sectors", "p2v.bad_sectors_max", "p2v.slots",
			      "p2v.retries" } },
	[PART_MORE] = { "More",
			{ "p2v.do", "p2v.pre", "p2v.post", "p2v.done", "p2v.report",
			  "p2v.report_token", "p2v.report_interval", "p2v.fail", "p2v.config",
			  "p2v.shell", "p2v.skip_test_connection", "p2v.dump_config_and_exit",
			  "p2v.interactive", "p2v.countdown", "p2v.console" } },
	[PART_KEYBOARD] = { "Keyboard", { "p2v.keymap" } },
};

/* What virt-v2v(1) says of each mode. All can have options (-oo). */
static const struct {
	const char *mode;
	bool connection, storage, format, allocation;
} modes[] = {
	{ "local", false, true, true, true },       { "disk", false, true, true, true },
	{ "qemu", false, true, true, true },        { "json", false, true, true, true },
	{ "kubevirt", false, true, true, true },    { "libvirt", true, true, true, true },
	{ "null", false, false, false, false },     { "glance", false, false, true, false },
	{ "openstack", false, true, false, false }, { "rhv", false, true, true, true },
	{ "ovirt", false, true, true, true },       { "rhv-upload", true, true, true, true },
	{ "ovirt-upload", true, true, true, true }, { "vdsm", false, true, true, true },
};

const char *part_name(enum part part)
{
	return parts[part].name;
}

const char *const *part_fields(enum part part)
{
	return parts[part].fields;
}

enum part part_of(const char *parameter)
{
	for (enum part part = 0; part < PARTS; part++)
		for (const char *const *field = parts[part].fields; *field; field++)
			if (!strcmp(*field, parameter))
				return part;
	return PARTS;
}

bool part_mode_uses(const char *mode, const char *parameter)
{
	for (size_t i = 0; i < COUNT(modes); i++) {
		if (strcmp(modes[i].mode, mode) != 0)
			continue;
		if (!strcmp(parameter, "p2v.output.credentials"))
			return strstr(mode, "-upload");
		if (!strcmp(parameter, "p2v.output.connection"))
			return modes[i].connection;
		if (!strcmp(parameter, "p2v.output.storage"))
			return modes[i].storage;
		if (!strcmp(parameter, "p2v.output.format"))
			return modes[i].format;
		if (!strcmp(parameter, "p2v.output.allocation"))
			return modes[i].allocation;
	}
	return true;
}
