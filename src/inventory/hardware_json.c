// SPDX-License-Identifier: GPL-2.0-or-later
/* The hardware as JSON, for programs. */
#include "inventory/hardware.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

#include <stdlib.h>
#include <systemd/sd-json.h>

/* These functions only fail without memory, which aborts, as in memory.h. */
static void must(int result)
{
	if (result < 0)
		abort();
}

/* @text as a JSON string; NULL stays NULL. If it is not UTF-8, each byte that is not
 * ASCII becomes ?. */
static sd_json_variant *string(const char *text)
{
	sd_json_variant *value = NULL;
	AUTO_FREE char *plain = text_copy(text);

	if (!text || sd_json_variant_new_string(&value, text) >= 0)
		return value;
	for (char *c = plain; *c; c++)
		if (*c & 0x80)
			*c = '?';
	must(sd_json_variant_new_string(&value, plain));
	return value;
}

/* Adds a member to @object and releases @value; NULL adds nothing. */
static void put(sd_json_variant **object, const char *key, sd_json_variant *value)
{
	if (value)
		must(sd_json_variant_set_field(object, key, value));
	sd_json_variant_unref(value);
}

static void put_text(sd_json_variant **object, const char *key, const char *text)
{
	put(object, key, string(text));
}

static void put_number(sd_json_variant **object, const char *key, uint64_t number)
{
	must(sd_json_variant_set_field_unsigned(object, key, number));
}

static void put_truth(sd_json_variant **object, const char *key, bool truth)
{
	must(sd_json_variant_set_field_boolean(object, key, truth));
}

/* Appends @value to @array and releases it. */
static void append(sd_json_variant **array, sd_json_variant *value)
{
	must(sd_json_variant_append_array(array, value));
	sd_json_variant_unref(value);
}

static sd_json_variant *empty_array(void)
{
	sd_json_variant *array = NULL;

	must(sd_json_variant_new_array(&array, NULL, 0));
	return array;
}

static sd_json_variant *strings(char *const *list)
{
	sd_json_variant *array = empty_array();

	for (; list && *list; list++)
		append(&array, string(*list));
	return array;
}

static sd_json_variant *modules_json(const struct dmi *dmi)
{
	sd_json_variant *array = empty_array();

	for (size_t i = 0; i < dmi->count; i++) {
		sd_json_variant *module = NULL;

		put_text(&module, "slot", dmi->module[i].slot);
		put_number(&module, "bytes", dmi->module[i].bytes);
		if (dmi->module[i].speed)
			put_number(&module, "speed", dmi->module[i].speed);
		append(&array, module);
	}
	return array;
}

static sd_json_variant *processors_json(const struct machine *machine)
{
	sd_json_variant *object = NULL;

	put_text(&object, "vendor", machine->cpu_vendor);
	put_text(&object, "model", machine->cpu_model);
	put_number(&object, "online", machine->cpus);
	put_number(&object, "sockets", machine->sockets);
	put_number(&object, "cores", machine->cores);
	put_number(&object, "threads", machine->threads);
	put_truth(&object, "acpi", machine->acpi);
	put_truth(&object, "apic", machine->apic);
	put_truth(&object, "pae", machine->pae);
	put_truth(&object, "aes", machine->aes);
	return object;
}

static sd_json_variant *firmware_json(const struct machine *machine)
{
	sd_json_variant *object = NULL;

	put_text(&object, "type", machine->firmware == FIRMWARE_UEFI ? "uefi" : "bios");
	if (machine->secure_boot != SECURE_BOOT_UNKNOWN)
		put_truth(&object, "secure-boot", machine->secure_boot == SECURE_BOOT_ON);
	put_truth(&object, "tpm", machine->tpm != NULL);
	put_text(&object, "tpm-version", machine->tpm);
	return object;
}

static sd_json_variant *clock_json(const struct clock *clock)
{
	static const char *const names[] = {
		[RTC_UNKNOWN] = "unknown",
		[RTC_UTC] = "utc",
		[RTC_LOCALTIME] = "localtime",
	};
	sd_json_variant *object = NULL;

	put_text(&object, "basis", names[clock->basis]);
	if (clock->basis != RTC_UNKNOWN)
		must(sd_json_variant_set_field_integer(&object, "offset", clock->offset));
	return object;
}

static sd_json_variant *machine_json(const struct machine *machine)
{
	sd_json_variant *object = NULL;

	must(sd_json_variant_new_object(&object, NULL, 0));
	put_text(&object, "vendor", machine->vendor);
	put_text(&object, "product", machine->product);
	put_text(&object, "serial", machine->serial);
	put_text(&object, "uuid", machine->uuid);
	put_text(&object, "chassis", machine->chassis);
	return object;
}

static sd_json_variant *disk_json(const struct disk *disk)
{
	sd_json_variant *object = NULL;

	put_text(&object, "name", disk->name);
	put_text(&object, "path", disk->path);
	put_number(&object, "size", disk->size);
	put_text(&object, "vendor", disk->vendor);
	put_text(&object, "model", disk->model);
	put_text(&object, "serial", disk->serial);
	put_text(&object, "wwn", disk->wwn);
	put_text(&object, "transport", disk->transport);
	put_truth(&object, "rotational", disk->rotational);
	put_number(&object, "logical-block", disk->logical_block);
	put_number(&object, "physical-block", disk->physical_block);
	put_text(&object, "bus", disk->bus);
	put_truth(&object, "renamed", disk->renamed);
	put(&object, "paths", strings(disk->paths));
	put(&object, "sets", strings(disk->sets));
	return object;
}

static sd_json_variant *nic_json(const struct nic *nic)
{
	sd_json_variant *object = NULL;

	put_text(&object, "name", nic->name);
	put_text(&object, "mac", nic->mac);
	put_text(&object, "vendor", nic->vendor);
	put_text(&object, "model", nic->model);
	put_text(&object, "driver", nic->driver);
	if (nic->link != NIC_LINK_UNKNOWN)
		put_truth(&object, "link", nic->link == NIC_LINK_UP);
	if (nic->speed)
		put_number(&object, "speed", nic->speed);
	put_text(&object, "network", nic->network);
	return object;
}

static sd_json_variant *disks_json(const struct disks *disks)
{
	sd_json_variant *array = empty_array();

	for (size_t i = 0; i < disks->count; i++)
		append(&array, disk_json(&disks->disk[i]));
	return array;
}

static sd_json_variant *nics_json(const struct nic *nic, size_t count)
{
	sd_json_variant *array = empty_array();

	for (size_t i = 0; i < count; i++)
		append(&array, nic_json(&nic[i]));
	return array;
}

/* Errors, warnings and advice as one list of sentences. */
static sd_json_variant *warnings_json(const struct hardware *hardware, char *const *reasons)
{
	AUTO_LIST char **advice = disks_advice(&hardware->disks);
	AUTO_LIST char **warnings = hardware_warnings(hardware);
	sd_json_variant *array = strings(reasons);

	for (char *const *warning = warnings; warning && *warning; warning++)
		append(&array, string(*warning));
	for (size_t i = 0; advice && advice[i]; i++)
		append(&array, string(advice[i]));
	return array;
}

char *hardware_json(const struct hardware *hardware, const char *name, char *const *reasons)
{
	const struct machine *machine = &hardware->machine;
	const struct nics *nics = &hardware->nics;
	sd_json_variant *object = NULL;
	char *text = NULL;

	put_text(&object, "name", name);
	put(&object, "machine", machine_json(machine));
	put(&object, "processors", processors_json(machine));
	put_number(&object, "memory", machine->memory);
	put(&object, "memory-modules", modules_json(&machine->modules));
	put(&object, "firmware", firmware_json(machine));
	put(&object, "clock", clock_json(&machine->clock));
	put(&object, "disks", disks_json(&hardware->disks));
	put(&object, "removable", strings(hardware->disks.removable));
	put(&object, "interfaces", nics_json(nics->nic, nics->count));
	put(&object, "wireless", nics_json(nics->wireless, nics->wireless_count));
	put(&object, "management", nics_json(nics->management, nics->management_count));
	put(&object, "warnings", warnings_json(hardware, reasons));
	must(sd_json_variant_format(object, SD_JSON_FORMAT_PRETTY, &text)); /* with a newline */
	sd_json_variant_unref(object);
	return text;
}
