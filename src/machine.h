/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the physical machine is: memory, processors, features, firmware, names.
 * Read under a root directory: sysfs, procfs, DMI (sys/class/dmi/id).
 */
#ifndef P2VD_MACHINE_H
#define P2VD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum firmware { FIRMWARE_BIOS, FIRMWARE_UEFI };

struct machine {
	char *vendor, *product, *serial, *uuid; /* NULL where unknown */
	char *cpu_vendor; /* as libvirt names it: "Intel", "AMD"; NULL where unknown */
	uint64_t memory;  /* bytes installed, as near as the kernel can tell */
	unsigned cpus;    /* logical processors online */
	unsigned sockets, cores, threads; /* cores per socket, threads per core */
	bool acpi, apic, pae;
	bool aes; /* the processor encrypts AES itself */
	enum firmware firmware;
};

/* Reads ROOT/{sys,proc} (@root "" for the running system); what cannot be read
 * keeps a sensible value, so this cannot fail. */
void machine_read(const char *root, struct machine *machine);

void machine_clear(struct machine *machine);

/*
 * A guest name when the user gave none: @hostname (may be NULL) up to its first
 * dot unless it is one that machines have without having one (localhost, the
 * image's own, an address), else vendor-model-serial, the UUID where there is
 * no serial. Only lower-case letters, digits and inner dashes, at most 63: what
 * libvirt, KubeVirt and file names all accept. The caller frees. (guest_name.c)
 */
char *machine_guest_name(const struct machine *machine, const char *hostname);

#endif
