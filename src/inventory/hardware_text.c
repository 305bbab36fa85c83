// SPDX-License-Identifier: GPL-2.0-or-later
/* The hardware as text, for people. */
#include "inventory/hardware.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/disk_map.h"

#include <string.h>

#define LABEL_WIDTH 14
#define LABEL "%-14s"

/* Prints @label (on a line of its own if it is long) and those of @words that are not NULL.
 * If all are, they are unknown; without a label, there is no line then. */
static void print_line(FILE *file, const char *label, const char *const *words, size_t count)
{
	AUTO_LIST char **known = NULL;
	AUTO_FREE char *joined = NULL;

	for (size_t i = 0; i < count; i++)
		if (words[i])
			list_append(&known, text_copy(words[i]));
	if (!known && !*label)
		return;
	joined = list_join(known, ", ");
	if (strlen(label) >= LABEL_WIDTH) {
		fprintf(file, "%s\n", label);
		label = "";
	}
	fprintf(file, LABEL "%s\n", label, *joined ? joined : "unknown");
}

#define LINE(file, label, ...)                                        \
	print_line(file, label, (const char *const[]){ __VA_ARGS__ }, \
		   COUNT(((const char *const[]){ __VA_ARGS__ })))

static void print_processors(const struct machine *machine, FILE *file)
{
	AUTO_FREE char *online = text_format("%u online", machine->cpus);
	AUTO_FREE char *topology = text_format("%u %s of %u %s of %u %s", machine->sockets,
					       machine->sockets == 1 ? "socket" : "sockets",
					       machine->cores,
					       machine->cores == 1 ? "core" : "cores",
					       machine->threads,
					       machine->threads == 1 ? "thread" : "threads");

	LINE(file, "Processors", machine->cpu_model, online, topology);
}

static void print_memory(const struct machine *machine, FILE *file)
{
	AUTO_FREE char *total = text_bytes(machine->memory);

	LINE(file, "Memory", total);
	for (size_t i = 0; i < machine->modules.count; i++) {
		const struct dmi_module *module = &machine->modules.module[i];
		AUTO_FREE char *size = text_bytes(module->bytes);

		fprintf(file, LABEL "%s %s", "", module->slot ? module->slot : "module", size);
		if (module->speed)
			fprintf(file, ", %u MT/s", module->speed);
		fputc('\n', file);
	}
}

static void print_firmware(const struct machine *machine, FILE *file)
{
	static const char *const secure_boot[] = {
		[SECURE_BOOT_UNKNOWN] = "Secure Boot unknown",
		[SECURE_BOOT_OFF] = "Secure Boot off",
		[SECURE_BOOT_ON] = "Secure Boot on",
	};
	AUTO_FREE char *tpm = machine->tpm ? text_format("TPM %s", machine->tpm) : NULL;
	bool is_uefi = machine->firmware == FIRMWARE_UEFI;

	LINE(file, "Firmware", is_uefi ? "UEFI" : "BIOS",
	     is_uefi ? secure_boot[machine->secure_boot] : NULL, tpm ? tpm : "no TPM");
}

static void print_machine(const struct machine *machine, const char *name, FILE *file)
{
	AUTO_FREE char *clock = clock_text(&machine->clock);

	LINE(file, "Machine", machine->vendor, machine->product, machine->chassis);
	LINE(file, "Serial", machine->serial);
	LINE(file, "UUID", machine->uuid);
	LINE(file, "Guest's name", name);
	print_processors(machine, file);
	print_memory(machine, file);
	LINE(file, "Features", machine->acpi ? "ACPI" : NULL, machine->apic ? "APIC" : NULL,
	     machine->pae ? "PAE" : NULL, machine->aes ? "AES" : NULL);
	print_firmware(machine, file);
	fprintf(file, LABEL "%s%s\n", "Clock", clock,
		machine->clock.basis == RTC_UNKNOWN ? " until the conversion server is asked" : "");
}

static void print_disk(const struct disk *disk, FILE *file)
{
	AUTO_FREE char *size = text_bytes(disk->size);
	AUTO_FREE char *sectors = disk->logical_block == disk->physical_block ?
					  text_format("sectors of %u", disk->logical_block) :
					  text_format("sectors of %u on %u", disk->logical_block,
						      disk->physical_block);
	AUTO_FREE char *serial = disk->serial ? text_format("serial %s", disk->serial) : NULL;
	AUTO_FREE char *paths = list_join(disk->paths, ", ");
	AUTO_LIST char **lines = volumes_lines(&disk->volumes, disk->sets);
	AUTO_LIST char **map = disk_map_text(disk);

	LINE(file, disk->path, size, disk->transport, disk->rotational ? "rotating" : NULL,
	     sectors);
	LINE(file, "", disk->vendor, disk->model, serial, disk->wwn);
	if (disk->paths)
		fprintf(file, LABEL "paths %s, by %s\n", "", paths, disk->lun ?: "unknown");
	for (size_t i = 0; lines && lines[i]; i++)
		fprintf(file, LABEL "%s\n", "", lines[i]);
	for (char **line = map; line && *line; line++)
		LINE(file, "", *line);
}

/* @left_out: why the guest does not get it; NULL: it does. */
static void print_nic(const struct nic *nic, const char *left_out, FILE *file)
{
	static const char *const links[] = {
		[NIC_LINK_UNKNOWN] = NULL,
		[NIC_LINK_DOWN] = "no link",
		[NIC_LINK_UP] = "link",
	};
	AUTO_FREE char *speed = nic->speed ? text_format("%u Mbit/s", nic->speed) : NULL;
	AUTO_FREE char *network = nic->network ? text_format("to '%s'", nic->network) : NULL;

	LINE(file, nic->name, nic->mac ? nic->mac : "no MAC", nic->driver, links[nic->link], speed,
	     left_out ? left_out : network);
	LINE(file, "", nic->vendor, nic->model);
}

static void print_warnings(const struct hardware *hardware, char *const *reasons, FILE *file)
{
	AUTO_LIST char **advice = disks_advice(&hardware->disks);
	AUTO_LIST char **warnings = hardware_warnings(hardware);

	for (; reasons && *reasons; reasons++)
		fprintf(file, "\nerror: %s\n", *reasons);
	for (size_t i = 0; warnings && warnings[i]; i++)
		fprintf(file, "\nwarning: %s\n", warnings[i]);
	for (size_t i = 0; advice && advice[i]; i++)
		fprintf(file, "\nnote: %s\n", advice[i]);
}

void hardware_text(const struct hardware *hardware, const char *name, char *const *reasons,
		   FILE *file)
{
	AUTO_FREE char *drives = list_join(hardware->disks.removable, ", ");
	const struct nics *nics = &hardware->nics;

	print_machine(&hardware->machine, name, file);
	fputs("\nDisks\n", file);
	for (size_t i = 0; i < hardware->disks.count; i++)
		print_disk(&hardware->disks.disk[i], file);
	LINE(file, "CD drives", *drives ? drives : "none");
	fputs("\nNetwork cards\n", file);
	for (size_t i = 0; i < nics->count; i++)
		print_nic(&nics->nic[i], NULL, file);
	for (size_t i = 0; i < nics->wireless_count; i++)
		print_nic(&nics->wireless[i], "wireless: left out", file);
	for (size_t i = 0; i < nics->management_count; i++)
		print_nic(&nics->management[i], "leads to the management controller: left out",
			  file);
	print_warnings(hardware, reasons, file);
}
