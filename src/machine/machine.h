/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the physical machine is: memory, processors, features, firmware, names.
 * Read under a root directory: sysfs, procfs, DMI (its strings in sys/class/dmi/id,
 * the table itself in sys/firmware/dmi/tables).
 */
#ifndef P2VD_MACHINE_H
#define P2VD_MACHINE_H

#include "machine/clock.h"
#include "machine/dmi.h"

#include <stdbool.h>
#include <stdint.h>

enum firmware { FIRMWARE_BIOS, FIRMWARE_UEFI };

enum secure_boot { SECURE_BOOT_UNKNOWN, SECURE_BOOT_OFF, SECURE_BOOT_ON };

struct machine {
	char *vendor, *product, *serial, *uuid; /* NULL where unknown, or a filler (filler.h) */
	char *mac; /* of the first card that has one; NULL if there is none */
	const char *chassis; /* "rack mount chassis", "notebook"…; NULL where unknown */
	char *cpu_vendor; /* as libvirt names it: "Intel", "AMD"; NULL where unknown */
	char *cpu_model;  /* the processor's own words; NULL where unknown */
	uint64_t memory;  /* bytes installed, as exactly as is known */
	struct dmi modules; /* memory modules; empty if the firmware does not list them */
	unsigned cpus;    /* logical processors online */
	unsigned sockets, cores, threads; /* cores per socket, threads per core */
	bool acpi, apic, pae;
	bool aes; /* the processor has instructions for AES */
	enum firmware firmware;
	enum secure_boot secure_boot;
	char *tpm; /* the version of the TPM: "2.0", "1.2" or "unknown"; NULL if there is none */
	char **warnings; /* sentences for people, NULL for none */
	struct clock clock; /* unknown until a caller sets it from clock_compare() */
};

/*
 * Reads ROOT/{sys,proc} (@root is "" for the running system). Never fails: what
 * cannot be read gets a sensible default.
 *
 * The memory is that of the modules in DMI (structure 17). If DMI lists none, or
 * less than the kernel uses, it is the larger one of the kernel's memory blocks
 * and the memory in use. If the kernel has less than three quarters of what the
 * modules hold, it is what the kernel has, rounded up to a GiB, and a warning.
 */
void machine_read(const char *root, struct machine *machine);

void machine_clear(struct machine *machine);

/*
 * The default name of the guest: @hostname (may be NULL) up to its first dot. If
 * that is not a host name (localhost, the image's own name, an address), it is
 * vendor-model-serial, with the UUID if there is no serial number, and with the MAC
 * address of the first network card if there is neither. At most 63
 * lower-case letters, digits and inner dashes: libvirt, KubeVirt and file names
 * all accept that. The caller frees. (guest_name.c)
 */
char *machine_guest_name(const struct machine *machine, const char *hostname);

#endif
