// SPDX-License-Identifier: GPL-2.0-or-later
/* What the physical machine is, read from sysfs, procfs and DMI. */
#include "machine/machine.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "machine/cpus.h"
#include "machine/filler.h"
#include "machine/nics.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define GIB ((uint64_t)1 << 30)

/* If the kernel does not tell its memory: enough for any guest to start. */
#define LEAST_MEMORY GIB

#define SECURE_BOOT "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

#define LARGEST_TABLE ((size_t)1 << 20) /* bytes of DMI; 64 KiB in the specification up to 2.x */

static char *dmi(const char *root, const char *attribute, bool (*is_filler)(const char *text))
{
	char *text = sysfs_line(root, "sys/class/dmi/id/%s", attribute);

	if (text && is_filler(text)) {
		free(text);
		return NULL;
	}
	return text;
}

/* Counts all memory, with what firmware and kernel reserve for themselves. */
static uint64_t memory_in_blocks(const char *root)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/devices/system/memory");
	AUTO_FREE char *size = sysfs_line(root, "sys/devices/system/memory/block_size_bytes");
	uint64_t bytes = size ? strtoull(size, NULL, 16) : 0, count = 0;

	for (size_t i = 0; names && names[i]; i++)
		if (text_begins(names[i], "memory") && isdigit((unsigned char)names[i][6]) &&
		    sysfs_number(root, 1, "sys/devices/system/memory/%s/online", names[i]))
			count++;
	return bytes <= UINT64_MAX / (count + 1) ? bytes * count : 0;
}

static uint64_t memory_in_use(const char *root)
{
	AUTO_FREE char *text = sysfs_text(root, "proc/meminfo");
	const char *total = text ? strstr(text, "MemTotal:") : NULL;
	uint64_t kib = total ? strtoull(total + strlen("MemTotal:"), NULL, 10) : 0;

	return kib <= UINT64_MAX / 1024 ? kib * 1024 : 0;
}

static struct dmi modules_of(const char *root)
{
	AUTO_FREE char *path = text_format("%s/sys/firmware/dmi/tables/DMI", root);
	AUTO_FREE uint8_t *table = memory_zero(LARGEST_TABLE, 1);
	ssize_t length = sysfs_bytes(path, 0, table, LARGEST_TABLE);
	struct dmi dmi;

	dmi_parse(&dmi, table, length > 0 ? (size_t)length : 0);
	return dmi;
}

/* Firmware that mirrors memory, or keeps some in reserve, lists all modules, but gives the kernel
 * far less. What kernel and firmware take for themselves is never a quarter of the memory. */
static uint64_t memory_of(const char *root, const struct dmi *modules, char ***warnings)
{
	uint64_t blocks = memory_in_blocks(root), in_use = memory_in_use(root);
	uint64_t kernel = blocks > in_use ? blocks : in_use;
	uint64_t rounded = kernel / GIB * GIB + (kernel % GIB ? GIB : 0);
	AUTO_FREE char *listed = text_bytes(modules->memory), *has = text_bytes(kernel),
		       *given = text_bytes(rounded);

	if (!modules->memory || modules->memory < in_use)
		return kernel ?: LEAST_MEMORY;
	if (!kernel || kernel >= modules->memory - modules->memory / 4 ||
	    rounded >= modules->memory)
		return modules->memory;
	list_append(warnings,
		    text_format("the firmware lists memory modules of %s, but the kernel has %s (memory may be mirrored or kept in reserve, a module may be bad): without p2v.memory the guest gets %s",
				listed, has, given));
	return rounded;
}

/* System Management BIOS Reference Specification, 7.4.1. */
static const char *chassis_of(const char *root)
{
	static const char *const names[] = {
		[3] = "desktop",
		[4] = "low profile desktop",
		[5] = "pizza box",
		[6] = "mini tower",
		[7] = "tower",
		[8] = "portable",
		[9] = "laptop",
		[10] = "notebook",
		[11] = "hand held",
		[12] = "docking station",
		[13] = "all in one",
		[14] = "sub notebook",
		[15] = "space-saving",
		[16] = "lunch box",
		[17] = "main server chassis",
		[18] = "expansion chassis",
		[19] = "sub chassis",
		[20] = "bus expansion chassis",
		[21] = "peripheral chassis",
		[22] = "RAID chassis",
		[23] = "rack mount chassis",
		[24] = "sealed-case PC",
		[25] = "multi-system chassis",
		[26] = "compact PCI",
		[27] = "advanced TCA",
		[28] = "blade",
		[29] = "blade enclosure",
		[30] = "tablet",
		[31] = "convertible",
		[32] = "detachable",
		[33] = "IoT gateway",
		[34] = "embedded PC",
		[35] = "mini PC",
		[36] = "stick PC",
	};
	uint64_t type = sysfs_number(root, 0, "sys/class/dmi/id/chassis_type") &
			0x7f; /* without bit 7: there is a chassis lock */

	return type < COUNT(names) ? names[type] : NULL;
}

static bool has_flag(const char *flags, const char *flag)
{
	const size_t length = strlen(flag);
	const char *at = flags;

	while (at && (at = strstr(at, flag))) {
		if ((at == flags || isspace((unsigned char)at[-1])) &&
		    (!at[length] || isspace((unsigned char)at[length])))
			return true;
		at += length;
	}
	return false;
}

/* The value after "@key :" in @cpuinfo, for the first processor. The caller frees. */
static char *cpuinfo_value(const char *cpuinfo, const char *key)
{
	const size_t length = strlen(key);

	for (const char *line = cpuinfo; line && *line; line += !!*line) {
		const char *end = line + strcspn(line, "\n"), *colon = line + strcspn(line, ":\n");

		if (!strncmp(line, key, length) && *colon == ':' && strchr(" \t:", line[length])) {
			colon += 1 + strspn(colon + 1, " \t");
			return text_copy_length(colon, colon < end ? (size_t)(end - colon) : 0);
		}
		line = end;
	}
	return NULL;
}

static char *vendor_for_libvirt(const char *id)
{
	static const char *const names[][2] = {
		{ "GenuineIntel", "Intel" },
		{ "AuthenticAMD", "AMD" },
		{ "HygonGenuine", "Hygon" },
	};

	for (size_t i = 0; id && i < COUNT(names); i++)
		if (!strcmp(id, names[i][0]))
			return text_copy(names[i][1]);
	return NULL;
}

static void read_processor(const char *root, struct machine *machine)
{
	AUTO_FREE char *cpuinfo = sysfs_text(root, "proc/cpuinfo");
	AUTO_FREE char *flags = cpuinfo_value(cpuinfo, "flags");
	AUTO_FREE char *id = cpuinfo_value(cpuinfo, "vendor_id");

	machine->cpu_vendor = vendor_for_libvirt(id);
	machine->cpu_model = cpuinfo_value(cpuinfo, "model name");
	machine->apic = has_flag(flags, "apic");
	machine->pae = has_flag(flags, "pae");
	machine->aes = has_flag(flags, "aes");
}

/* The offset is from Documentation/arch/x86/zero-page.rst of the Linux kernel, the
 * values from its include/linux/efi.h. */
static enum secure_boot by_boot_parameters(const char *root)
{
	enum { OFFSET = 0x1ec, DISABLED = 2, ENABLED = 3 };
	AUTO_FREE char *path = text_format("%s/sys/kernel/boot_params/data", root);
	uint8_t value;

	if (sysfs_bytes(path, OFFSET, &value, 1) != 1)
		return SECURE_BOOT_UNKNOWN;
	return value == ENABLED  ? SECURE_BOOT_ON :
	       value == DISABLED ? SECURE_BOOT_OFF :
				   SECURE_BOOT_UNKNOWN;
}

/* From the UEFI variable if efivarfs is mounted, else from what the kernel's boot stub
 * wrote into the boot parameters. Off under BIOS. */
static enum secure_boot secure_boot_of(const char *root, enum firmware firmware)
{
	enum { ATTRIBUTES = 4 }; /* efivarfs puts them before the value */
	AUTO_FREE char *path = text_format("%s/" SECURE_BOOT, root);
	uint8_t variable[ATTRIBUTES + 1];

	if (firmware == FIRMWARE_BIOS)
		return SECURE_BOOT_OFF;
	if (sysfs_bytes(path, 0, variable, sizeof(variable)) != sizeof(variable))
		return by_boot_parameters(root);
	return variable[ATTRIBUTES] == 1 ? SECURE_BOOT_ON : SECURE_BOOT_OFF;
}

static char *tpm_of(const char *root)
{
	switch (sysfs_number(root, 0, "sys/class/tpm/tpm0/tpm_version_major")) {
	case 1:
		return text_copy("1.2");
	case 2:
		return text_copy("2.0");
	default:
		return sysfs_exists(root, "sys/class/tpm/tpm0") ? text_copy("unknown") : NULL;
	}
}

void machine_read(const char *root, struct machine *machine)
{
	struct cpus cpus = cpus_read(root);
	struct dmi modules = modules_of(root);
	char **warnings = NULL;
	uint64_t memory = memory_of(root, &modules, &warnings);
	enum firmware firmware = sysfs_exists(root, "sys/firmware/efi") ? FIRMWARE_UEFI :
									  FIRMWARE_BIOS;

	*machine = (struct machine){
		.vendor = dmi(root, "sys_vendor", filler_is_text),
		.product = dmi(root, "product_name", filler_is_text),
		.serial = dmi(root, "product_serial", filler_is_text),
		.uuid = dmi(root, "product_uuid", filler_is_uuid),
		.mac = nics_first_mac(root),
		.chassis = chassis_of(root),
		.memory = memory,
		.modules = modules,
		.cpus = cpus.online,
		.sockets = cpus.sockets,
		.cores = cpus.cores,
		.threads = cpus.threads,
		.acpi = sysfs_exists(root, "sys/firmware/acpi"),
		.firmware = firmware,
		.secure_boot = secure_boot_of(root, firmware),
		.tpm = tpm_of(root),
		.warnings = warnings,
	};
	read_processor(root, machine);
}

void machine_clear(struct machine *machine)
{
	free(machine->vendor);
	free(machine->product);
	free(machine->serial);
	free(machine->uuid);
	free(machine->mac);
	free(machine->cpu_vendor);
	free(machine->cpu_model);
	free(machine->tpm);
	list_free(machine->warnings);
	dmi_clear(&machine->modules);
	*machine = (struct machine){ 0 };
}
