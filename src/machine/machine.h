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
#include "machine/firmware.h"

#include <stdbool.h>
#include <stdint.h>

struct machine {
	char *vendor, *product, *serial, *uuid; /* NULL where unknown */
	const char *chassis; /* "rack mount chassis", "notebook"…; NULL where unknown */
	char *cpu_vendor; /* as libvirt names it: "Intel", "AMD"; NULL where unknown */
	char *cpu_model;  /* the processor's own words; NULL where unknown */
	uint64_t memory;  /* bytes installed, as near as can be told; never rounded up */
	struct dmi modules; /* of memory; none where firmware does not tell */
	unsigned cpus;    /* logical processors online */
	unsigned sockets, cores, threads; /* cores per socket, threads per core */
	bool acpi, apic, pae;
	bool aes; /* the processor encrypts AES itself */
	enum firmware firmware;
	enum secure_boot secure_boot;
	char *tpm;        /* its version; NULL where there is none */
	struct clock clock; /* unknown until somebody asked clock_compare() */
};

/*
 * Reads ROOT/{sys,proc} (@root "" for the running system); what cannot be read
 * keeps a sensible value, so this cannot fail.
 *
 * Memory is that of the modules which DMI tells of (structure 17). Where it
 * tells of less than the kernel has, or of nothing, the kernel's own memory
 * blocks count, or what it uses, whichever is more.
 */
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
