// SPDX-License-Identifier: GPL-2.0-or-later
/* The inventory of the machine as text, for people. */
#include "inventory/inventory.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

#include <string.h>

#define LABEL_WIDTH 14
#define LABEL "%-14s"

static void append(char ***words, const char *text)
{
	if (text)
		list_append(words, text_copy(text));
}

/* Prints @label (on a line of its own if it is long) and @words, and frees @words. */
static void line(FILE *file, const char *label, char **words)
{
	AUTO_FREE char *joined = list_join(words, ", ");

	if (strlen(label) >= LABEL_WIDTH) {
		fprintf(file, "%s\n", label);
		label = "";
	}
	fprintf(file, LABEL "%s\n", label, *joined ? joined : "unknown");
	list_free(words);
}

static void print_identity(const struct machine *machine, FILE *file)
{
	char **words = NULL;

	append(&words, machine->vendor);
	append(&words, machine->product);
	append(&words, machine->chassis);
	line(file, "Machine", words);
	words = NULL;
	append(&words, machine->serial);
	line(file, "Serial", words);
	words = NULL;
	append(&words, machine->uuid);
	line(file, "UUID", words);
}

static void print_processors(const struct machine *machine, FILE *file)
{
	char **words = NULL;

	append(&words, machine->cpu_model);
	list_append(&words, text_format("%u online", machine->cpus));
	list_append(&words,
		    text_format("%u %s of %u %s of %u %s", machine->sockets,
				machine->sockets == 1 ? "socket" : "sockets", machine->cores,
				machine->cores == 1 ? "core" : "cores", machine->threads,
				machine->threads == 1 ? "thread" : "threads"));
	line(file, "Processors", words);
}

static void print_memory(const struct machine *machine, FILE *file)
{
	AUTO_FREE char *total = text_bytes(machine->memory);

	fprintf(file, LABEL "%s\n", "Memory", total);
	for (size_t i = 0; i < machine->modules.count; i++) {
		const struct dmi_module *module = &machine->modules.module[i];
		AUTO_FREE char *size = text_bytes(module->bytes);

		fprintf(file, LABEL "%s %s", "", module->slot ? module->slot : "module", size);
		if (module->speed)
			fprintf(file, ", %u MT/s", module->speed);
		fputc('\n', file);
	}
}

static void print_features(const struct machine *machine, FILE *file)
{
	char **words = NULL;

	append(&words, machine->acpi ? "ACPI" : NULL);
	append(&words, machine->apic ? "APIC" : NULL);
	append(&words, machine->pae ? "PAE" : NULL);
	append(&words, machine->aes ? "AES" : NULL);
	line(file, "Features", words);
}

static const char *secure_boot_text(enum secure_boot state)
{
	switch (state) {
	case SECURE_BOOT_UNKNOWN:
		return "Secure Boot unknown";
	case SECURE_BOOT_OFF:
		return "Secure Boot off";
	case SECURE_BOOT_ON:
		return "Secure Boot on";
	}
	return NULL;
}

static void print_firmware(const struct machine *machine, FILE *file)
{
	char **words = NULL;

	append(&words, machine->firmware == FIRMWARE_UEFI ? "UEFI" : "BIOS");
	if (machine->firmware == FIRMWARE_UEFI)
		append(&words, secure_boot_text(machine->secure_boot));
	list_append(&words,
		    machine->tpm ? text_format("TPM %s", machine->tpm) : text_copy("no TPM"));
	line(file, "Firmware", words);
}

static void print_clock(const struct clock *clock, FILE *file)
{
	AUTO_FREE char *text = clock_text(clock);

	fprintf(file, LABEL "%s%s\n", "Clock", text,
		clock->basis == RTC_UNKNOWN ? " until the conversion server is asked" : "");
}

static void print_disk(const struct disk *disk, FILE *file)
{
	AUTO_FREE char *size = text_bytes(disk->size), *paths = NULL;
	char **words = NULL;

	append(&words, size);
	append(&words, disk->transport);
	append(&words, disk->rotational ? "rotating" : NULL);
	list_append(&words, disk->logical_block == disk->physical_block ?
				    text_format("sectors of %u", disk->logical_block) :
				    text_format("sectors of %u on %u", disk->logical_block,
						disk->physical_block));
	line(file, disk->path, words);
	words = NULL;
	append(&words, disk->vendor);
	append(&words, disk->model);
	if (disk->serial)
		list_append(&words, text_format("serial %s", disk->serial));
	append(&words, disk->wwn);
	if (words)
		line(file, "", words);
	paths = list_join(disk->paths, ", ");
	if (disk->paths)
		fprintf(file, LABEL "paths %s, by %s\n", "", paths, disk->lun ?: "unknown");
	for (size_t i = 0; disk->sets && disk->sets[i]; i++)
		fprintf(file, LABEL "%s\n", "", disk->sets[i]);
}

static const char *link_text(enum nic_link link)
{
	switch (link) {
	case NIC_LINK_UNKNOWN:
		return NULL;
	case NIC_LINK_DOWN:
		return "no link";
	case NIC_LINK_UP:
		return "link";
	}
	return NULL;
}

static void print_nic(const struct nic *nic, FILE *file)
{
	char **words = NULL;

	append(&words, nic->mac ? nic->mac : "no MAC");
	append(&words, nic->driver);
	append(&words, link_text(nic->link));
	if (nic->speed)
		list_append(&words, text_format("%u Mbit/s", nic->speed));
	list_append(&words, nic->network ? text_format("to '%s'", nic->network) :
					   text_copy("wireless: left out"));
	line(file, nic->name, words);
	words = NULL;
	append(&words, nic->vendor);
	append(&words, nic->model);
	if (words)
		line(file, "", words);
}

static void print_warnings(const struct inventory *inventory, FILE *file)
{
	AUTO_LIST char **advice = disks_advice(&inventory->hardware->disks);
	char *const *warnings = inventory->hardware->disks.warnings;

	for (size_t i = 0; inventory->reasons && inventory->reasons[i]; i++)
		fprintf(file, "\nerror: %s\n", inventory->reasons[i]);
	for (size_t i = 0; warnings && warnings[i]; i++)
		fprintf(file, "\nwarning: %s\n", warnings[i]);
	for (size_t i = 0; advice && advice[i]; i++)
		fprintf(file, "\nnote: %s\n", advice[i]);
}

void inventory_print(const struct inventory *inventory, FILE *file)
{
	const struct machine *machine = &inventory->hardware->machine;
	AUTO_FREE char *drives = list_join(inventory->hardware->disks.removable, ", ");

	print_identity(machine, file);
	fprintf(file, LABEL "%s\n", "Guest's name", inventory->name);
	print_processors(machine, file);
	print_memory(machine, file);
	print_features(machine, file);
	print_firmware(machine, file);
	print_clock(&machine->clock, file);
	fputs("\nDisks\n", file);
	for (size_t i = 0; i < inventory->hardware->disks.count; i++)
		print_disk(&inventory->hardware->disks.disk[i], file);
	fprintf(file, LABEL "%s\n", "CD drives", *drives ? drives : "none");
	fputs("\nNetwork cards\n", file);
	for (size_t i = 0; i < inventory->hardware->nics.count; i++)
		print_nic(&inventory->hardware->nics.nic[i], file);
	for (size_t i = 0; i < inventory->hardware->nics.wireless_count; i++)
		print_nic(&inventory->hardware->nics.wireless[i], file);
	print_warnings(inventory, file);
}
