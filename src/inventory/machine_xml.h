/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * physical.xml: the machine's description for `virt-v2v -i libvirtxml`.
 * The subset of libvirt's domain XML that virt-v2v reads, written with libxml2.
 */
#ifndef P2VD_MACHINE_XML_H
#define P2VD_MACHINE_XML_H

#include "config/config.h"
#include "disks/disks.h"
#include "machine/machine.h"
#include "machine/nics.h"

/*
 * @ports: for each of @disks, the TCP port on the conversion server's loopback
 * where virt-v2v reads it. @name: of the guest. @config overrides @machine.
 * Returns UTF-8 XML; the caller frees.
 */
char *machine_xml(const struct machine *machine, const struct config *config, const char *name,
		  const struct disks *disks, const uint16_t *ports, const struct nics *nics);

#endif
