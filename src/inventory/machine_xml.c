// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's description for virt-v2v, written with libxml2. */
#include "inventory/machine_xml.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <inttypes.h>
#include <libxml/chvalid.h>
#include <libxml/xmlwriter.h>
#include <string.h>

/* @text for XML 1.0: each byte of a character that XML does not allow becomes ?. The
 * caller frees. */
static char *carried(const char *text)
{
	char *copy = text_copy(text);
	size_t length;

	for (char *at = copy; *at; at += length) {
		length = text_utf8_length(at);
		if (length && xmlIsCharQ(xmlGetUTF8Char((const unsigned char *)at, &(int){ 4 })))
			continue;
		*at = '?';
		length = 1;
	}
	return copy;
}

/* The beginning of an element: its name, then names and values of attributes, and NULL. */
static void write_start(xmlTextWriter *xml, const char *const *words)
{
	xmlTextWriterStartElement(xml, BAD_CAST * words++);
	for (const char *const *pairs = words; *pairs; pairs += 2) {
		AUTO_FREE char *value = carried(pairs[1]);

		xmlTextWriterWriteAttribute(xml, BAD_CAST pairs[0], BAD_CAST value);
	}
}

#define start(xml, ...) write_start(xml, (const char *const[]){ __VA_ARGS__, NULL })

static void end(xmlTextWriter *xml)
{
	xmlTextWriterEndElement(xml);
}

#define leaf(xml, ...) (start(xml, __VA_ARGS__), end(xml)) /* an empty element */

/* An element with text in it and nothing else. */
static void element(xmlTextWriter *xml, const char *name, const char *value)
{
	AUTO_FREE char *text = carried(value);

	xmlTextWriterWriteElement(xml, BAD_CAST name, BAD_CAST text);
}

/* libvirt demands that the number of processors is the product of the topology. */
static unsigned vcpus(const struct machine *machine, const struct config *config)
{
	if (config->phys_topo)
		return machine->sockets * machine->cores * machine->threads;
	return config->vcpus ? config->vcpus : machine->cpus;
}

static void write_topology(xmlTextWriter *xml, const struct machine *machine)
{
	start(xml, "topology");
	xmlTextWriterWriteFormatAttribute(xml, BAD_CAST "sockets", "%u", machine->sockets);
	xmlTextWriterWriteFormatAttribute(xml, BAD_CAST "cores", "%u", machine->cores);
	xmlTextWriterWriteFormatAttribute(xml, BAD_CAST "threads", "%u", machine->threads);
	end(xml);
}

/* Vendor and model are written only if the user sets them: a model binds the guest to
 * hosts with such processors, and libvirt ignores a vendor without a model. */
static void write_cpu(xmlTextWriter *xml, const struct machine *machine,
		      const struct config *config)
{
	const char *vendor = config->cpu_vendor;

	if (!vendor && config->cpu_model)
		vendor = machine->cpu_vendor;
	if (!vendor && !config->cpu_model && !config->phys_topo)
		return;
	start(xml, "cpu");
	if (vendor)
		element(xml, "vendor", vendor);
	if (config->cpu_model)
		element(xml, "model", config->cpu_model);
	if (config->phys_topo)
		write_topology(xml, machine);
	end(xml);
}

static void write_feature(xmlTextWriter *xml, const char *name, enum choice choice,
			  bool machine_has)
{
	if (choice == CHOICE_YES || (choice == CHOICE_MACHINE && machine_has))
		leaf(xml, name);
}

static void write_features(xmlTextWriter *xml, const struct machine *machine,
			   const struct config *config)
{
	start(xml, "features");
	write_feature(xml, "acpi", config->acpi, machine->acpi);
	write_feature(xml, "apic", config->apic, machine->apic);
	write_feature(xml, "pae", config->pae, machine->pae);
	end(xml);
}

/* virt-v2v reads Secure Boot since 2.8; older ones ignore it. */
static void write_os(xmlTextWriter *xml, const struct machine *machine)
{
	start(xml, "os", "firmware", machine->firmware == FIRMWARE_UEFI ? "efi" : "bios");
	element(xml, "type", "hvm");
	if (machine->firmware == FIRMWARE_UEFI && machine->secure_boot == SECURE_BOOT_ON) {
		start(xml, "firmware");
		leaf(xml, "feature", "enabled", "yes", "name", "secure-boot");
		end(xml);
	}
	end(xml);
}

/*
 * No virt-v2v reads the clock yet; it is for people and for future versions. If the
 * clock runs in local time, its offset from UTC is written where it is known:
 * libvirt's "localtime" would be that of the host which runs the guest.
 */
static void write_clock(xmlTextWriter *xml, const struct machine *machine,
			const struct config *config)
{
	const struct clock *clock = &machine->clock;
	bool ours = config->rtc_basis == RTC_UNKNOWN || config->rtc_basis == clock->basis;
	enum rtc_basis basis = ours ? clock->basis : config->rtc_basis;
	int seconds = config->rtc_offset_given ? config->rtc_offset : ours ? clock->offset : 0;
	AUTO_FREE char *offset = text_format("%d", seconds);

	if (seconds)
		leaf(xml, "clock", "offset", "variable", "basis", "utc", "adjustment", offset);
	else if (basis == RTC_UTC || config->rtc_offset_given)
		leaf(xml, "clock", "offset", "utc");
	else if (basis == RTC_LOCALTIME)
		leaf(xml, "clock", "offset", "localtime");
}

/* The host must be the word localhost: virt-v2v accepts no address here. */
static void write_disk(xmlTextWriter *xml, const struct disk *disk, uint16_t port)
{
	AUTO_FREE char *number = text_format("%u", port);

	start(xml, "disk", "type", "network", "device", "disk");
	leaf(xml, "driver", "name", "qemu", "type", "raw");
	start(xml, "source", "protocol", "nbd");
	leaf(xml, "host", "name", "localhost", "port", number);
	end(xml);
	leaf(xml, "target", "dev", disk->target ?: disk->name, "bus", disk->bus);
	end(xml);
}

/* virt-v2v takes the drive's slot from @name. */
static void write_drive(xmlTextWriter *xml, const char *name)
{
	start(xml, "disk", "type", "file", "device", text_begins(name, "fd") ? "floppy" : "cdrom");
	leaf(xml, "target", "dev", name);
	end(xml);
}

static void write_nic(xmlTextWriter *xml, const struct nic *nic)
{
	start(xml, "interface", "type", "network");
	leaf(xml, "source", "network", nic->network);
	leaf(xml, "target", "dev", nic->name);
	if (nic->mac)
		leaf(xml, "mac", "address", nic->mac);
	end(xml);
}

static void write_devices(xmlTextWriter *xml, const struct disks *disks, const uint16_t *ports,
			  const struct nics *nics)
{
	start(xml, "devices");
	for (size_t i = 0; i < disks->count; i++)
		write_disk(xml, &disks->disk[i], ports[i]);
	for (size_t i = 0; disks->removable && disks->removable[i]; i++)
		write_drive(xml, disks->removable[i]);
	for (size_t i = 0; i < nics->count; i++)
		write_nic(xml, &nics->nic[i]);
	end(xml);
}

char *machine_xml(const struct machine *machine, const struct config *config, const char *name,
		  const struct disks *disks, const uint16_t *ports, const struct nics *nics)
{
	xmlBuffer *buffer = xmlBufferCreate();
	xmlTextWriter *xml = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	uint64_t memory = config->memory ? config->memory : machine->memory;
	char *text;

	if (!xml)
		abort();
	xmlTextWriterSetIndent(xml, 1);
	xmlTextWriterStartDocument(xml, NULL, "UTF-8", NULL);
	start(xml, "domain", "type", "physical");
	element(xml, "name", name);
	start(xml, "memory", "unit", "KiB");
	xmlTextWriterWriteFormatString(xml, "%" PRIu64, memory / 1024);
	end(xml);
	xmlTextWriterWriteFormatElement(xml, BAD_CAST "vcpu", "%u", vcpus(machine, config));
	write_cpu(xml, machine, config);
	write_os(xml, machine);
	write_features(xml, machine, config);
	write_clock(xml, machine, config);
	write_devices(xml, disks, ports, nics);
	xmlTextWriterEndDocument(xml);
	xmlFreeTextWriter(xml);
	text = text_copy((const char *)xmlBufferContent(buffer));
	xmlBufferFree(buffer);
	return text;
}
