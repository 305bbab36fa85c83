// SPDX-License-Identifier: GPL-2.0-or-later
/* The hardware as JSON, for programs. */
#include "inventory/hardware.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"

#include <stdlib.h>

static sd_json_variant *modules_json(const struct dmi *dmi)
{
	sd_json_variant *array = json_array();

	for (size_t i = 0; i < dmi->count; i++) {
		sd_json_variant *module = NULL;

		json_put_text(&module, "slot", dmi->module[i].slot);
		json_put_number(&module, "bytes", dmi->module[i].bytes);
		if (dmi->module[i].speed)
			json_put_number(&module, "speed", dmi->module[i].speed);
		json_append(&array, module);
	}
	return array;
}

static sd_json_variant *processors_json(const struct machine *machine)
{
	sd_json_variant *object = NULL;

	json_put_text(&object, "vendor", machine->cpu_vendor);
	json_put_text(&object, "model", machine->cpu_model);
	json_put_number(&object, "online", machine->cpus);
	json_put_number(&object, "sockets", machine->sockets);
	json_put_number(&object, "cores", machine->cores);
	json_put_number(&object, "threads", machine->threads);
	json_put_truth(&object, "acpi", machine->acpi);
	json_put_truth(&object, "apic", machine->apic);
	json_put_truth(&object, "pae", machine->pae);
	json_put_truth(&object, "aes", machine->aes);
	return object;
}

static sd_json_variant *firmware_json(const struct machine *machine)
{
	sd_json_variant *object = NULL;

	json_put_text(&object, "type", machine->firmware == FIRMWARE_UEFI ? "uefi" : "bios");
	if (machine->secure_boot != SECURE_BOOT_UNKNOWN)
		json_put_truth(&object, "secure-boot", machine->secure_boot == SECURE_BOOT_ON);
	json_put_truth(&object, "tpm", machine->tpm != NULL);
	json_put_text(&object, "tpm-version", machine->tpm);
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

	json_put_text(&object, "basis", names[clock->basis]);
	if (clock->basis != RTC_UNKNOWN)
		json_put_integer(&object, "offset", clock->offset);
	return object;
}

static sd_json_variant *machine_json(const struct machine *machine)
{
	sd_json_variant *object = json_object();

	json_put_text(&object, "vendor", machine->vendor);
	json_put_text(&object, "product", machine->product);
	json_put_text(&object, "serial", machine->serial);
	json_put_text(&object, "uuid", machine->uuid);
	json_put_text(&object, "chassis", machine->chassis);
	return object;
}

static sd_json_variant *volumes_json(const struct volumes *volumes)
{
	sd_json_variant *array = json_array();

	for (size_t i = 0; i < volumes->count; i++) {
		const struct volume *volume = &volumes->volume[i];
		AUTO_FREE char *text = volume_text(volume);
		sd_json_variant *object = NULL;

		json_put_text(&object, "name", volume->name);
		json_put_number(&object, "size", volume->size);
		json_put_text(&object, "purpose", volume->purpose);
		json_put_text(&object, "type", volume->type);
		json_put_text(&object, "label", volume->label);
		json_put_text(&object, "starts", volume->starts);
		json_put_text(&object, "set", volume->set);
		json_put_text(&object, "text", text);
		json_append(&array, object);
	}
	return array;
}

/* What p2v-map says, one JSON object in another. */
static sd_json_variant *map_json(const char *map)
{
	sd_json_variant *object = NULL;

	return map && sd_json_parse(map, 0, &object, NULL, NULL) >= 0 ? object : NULL;
}

static sd_json_variant *disk_json(const struct disk *disk)
{
	sd_json_variant *object = NULL, *map = map_json(disk->map);

	json_put_text(&object, "name", disk->name);
	json_put_text(&object, "path", disk->path);
	json_put_number(&object, "size", disk->size);
	json_put_text(&object, "vendor", disk->vendor);
	json_put_text(&object, "model", disk->model);
	json_put_text(&object, "serial", disk->serial);
	json_put_text(&object, "wwn", disk->wwn);
	json_put_text(&object, "transport", disk->transport);
	json_put_truth(&object, "rotational", disk->rotational);
	json_put_number(&object, "logical-block", disk->logical_block);
	json_put_number(&object, "physical-block", disk->physical_block);
	json_put_text(&object, "bus", disk->bus);
	json_put_truth(&object, "renamed", disk->renamed);
	json_put(&object, "paths", json_texts(disk->paths));
	json_put(&object, "sets", json_texts(disk->sets));
	json_put(&object, "contents", volumes_json(&disk->volumes));
	if (map)
		json_put(&object, "used", sd_json_variant_ref(sd_json_variant_by_key(map, "used")));
	json_put(&object, "map", map);
	return object;
}

static sd_json_variant *nic_json(const struct nic *nic)
{
	sd_json_variant *object = NULL;

	json_put_text(&object, "name", nic->name);
	json_put_text(&object, "mac", nic->mac);
	json_put_text(&object, "vendor", nic->vendor);
	json_put_text(&object, "model", nic->model);
	json_put_text(&object, "driver", nic->driver);
	if (nic->link != NIC_LINK_UNKNOWN)
		json_put_truth(&object, "link", nic->link == NIC_LINK_UP);
	if (nic->speed)
		json_put_number(&object, "speed", nic->speed);
	json_put_text(&object, "network", nic->network);
	return object;
}

static sd_json_variant *disks_json(const struct disks *disks)
{
	sd_json_variant *array = json_array();

	for (size_t i = 0; i < disks->count; i++)
		json_append(&array, disk_json(&disks->disk[i]));
	return array;
}

static sd_json_variant *nics_json(const struct nic *nic, size_t count)
{
	sd_json_variant *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_append(&array, nic_json(&nic[i]));
	return array;
}

/* Errors, warnings and advice as one list of sentences. */
static sd_json_variant *warnings_json(const struct hardware *hardware, char *const *reasons)
{
	AUTO_LIST char **advice = disks_advice(&hardware->disks);
	AUTO_LIST char **warnings = hardware_warnings(hardware);
	sd_json_variant *array = json_texts(reasons);

	for (char *const *warning = warnings; warning && *warning; warning++)
		json_append(&array, json_text(*warning));
	for (size_t i = 0; advice && advice[i]; i++)
		json_append(&array, json_text(advice[i]));
	return array;
}

sd_json_variant *hardware_object(const struct hardware *hardware, const char *name,
				 char *const *reasons)
{
	const struct machine *machine = &hardware->machine;
	const struct nics *nics = &hardware->nics;
	sd_json_variant *object = NULL;

	json_put_text(&object, "name", name);
	json_put(&object, "machine", machine_json(machine));
	json_put(&object, "processors", processors_json(machine));
	json_put_number(&object, "memory", machine->memory);
	json_put(&object, "memory-modules", modules_json(&machine->modules));
	json_put(&object, "firmware", firmware_json(machine));
	json_put(&object, "clock", clock_json(&machine->clock));
	json_put(&object, "disks", disks_json(&hardware->disks));
	json_put(&object, "removable", json_texts(hardware->disks.removable));
	json_put(&object, "interfaces", nics_json(nics->nic, nics->count));
	json_put(&object, "wireless", nics_json(nics->wireless, nics->wireless_count));
	json_put(&object, "management", nics_json(nics->management, nics->management_count));
	json_put(&object, "warnings", warnings_json(hardware, reasons));
	return object;
}

char *hardware_json(const struct hardware *hardware, const char *name, char *const *reasons)
{
	sd_json_variant *object = hardware_object(hardware, name, reasons);
	char *text = NULL;

	if (sd_json_variant_format(object, SD_JSON_FORMAT_PRETTY, &text) < 0) /* with a newline */
		abort(); /* no memory */
	sd_json_variant_unref(object);
	return text;
}
