// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's first state: p2v.pre, and what the machine is. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"

static void on_collected(void *user)
{
	conversion_go(user, STATE_NETWORK);
}

static void say_warnings(const struct disks *disks)
{
	AUTO_LIST char **advice = disks_advice(disks);

	for (size_t i = 0; disks->warnings && disks->warnings[i]; i++)
		log_warning("%s", disks->warnings[i]);
	for (size_t i = 0; advice && advice[i]; i++)
		log_warning("%s", advice[i]);
}

static void say_disk(const struct disk *disk)
{
	AUTO_FREE char *size = text_bytes(disk->size), *paths = list_join(disk->paths, ", ");

	log_notice("disk %s: %s%s%s", disk->path, size, disk->model ? ", " : "", disk->model ?: "");
	if (disk->paths)
		log_notice("disk %s: %s are paths to it, as %s tells; it is converted once",
			   disk->path, paths, disk->lun ?: "the kernel");
}

static void say_inventory(const struct conversion *conversion)
{
	const struct machine *machine = &conversion->hardware.machine;
	AUTO_FREE char *memory = text_bytes(machine->memory);

	log_notice("machine: %s %s, %u CPUs, %s of memory, %s", machine->vendor ?: "unknown vendor",
		   machine->product ?: "unknown product", machine->cpus, memory,
		   machine->firmware == FIRMWARE_UEFI ? "UEFI" : "BIOS");
	for (size_t i = 0; i < conversion->hardware.disks.count; i++)
		say_disk(&conversion->hardware.disks.disk[i]);
	for (size_t i = 0; i < conversion->hardware.nics.count; i++) {
		const struct nic *nic = &conversion->hardware.nics.nic[i];

		log_notice("network card %s: %s, to network '%s'", nic->name, nic->mac ?: "no MAC",
			   nic->network);
	}
	say_warnings(&conversion->hardware.disks);
}

static void on_hardware(void *user, int result, char *const *reasons)
{
	struct conversion *conversion = user;
	AUTO_FREE char *reason = list_join(reasons, "; ");

	if (conversion_over(conversion))
		return;
	if (result < 0) {
		conversion_fail(conversion,
				result == -EINVAL ? EXIT_CONFIGURATION : EXIT_CONVERSION, reason);
		return;
	}
	say_inventory(conversion);
	conversion->collect = collect_start(conversion->event, &conversion->files, on_collected,
					    conversion);
}

static void read_inventory(struct conversion *conversion)
{
	conversion->search = hardware_search(conversion->event, "", conversion->config,
					     conversion->live, &conversion->hardware, on_hardware,
					     conversion);
}

static void on_pre_done(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (reason)
		conversion_fail(conversion, EXIT_CONVERSION, reason);
	else
		read_inventory(conversion);
}

void conversion_enter_inventory(struct conversion *conversion)
{
	const char *command = conversion->config->pre;

	if (!command) {
		on_pre_done(conversion, NULL);
		return;
	}
	log_notice("running the command of p2v.pre");
	conversion->pre = hook_start(conversion->event, "p2v.pre", command, NULL, on_pre_done,
				     conversion);
}
