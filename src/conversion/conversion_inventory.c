// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's first state: p2v.pre, and what the machine is. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"

#define SETTLE_SECONDS 180U

static void on_collected(void *user)
{
	conversion_go(user, STATE_NETWORK);
}

static void say_warnings(const struct hardware *hardware)
{
	AUTO_LIST char **advice = disks_advice(&hardware->disks);
	AUTO_LIST char **warnings = hardware_warnings(hardware);

	for (size_t i = 0; warnings && warnings[i]; i++)
		log_warning("%s", warnings[i]);
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
	for (size_t i = 0; i < conversion->hardware.nics.management_count; i++)
		log_notice("network card %s leads to the management controller: left out; p2v.interfaces takes it",
			   conversion->hardware.nics.management[i].name);
	say_warnings(&conversion->hardware);
}

static void on_hardware(void *user, int result, char *const *reasons)
{
	struct conversion *conversion = user;
	AUTO_FREE char *reason = list_join(reasons, "; ");

	if (conversion_over(conversion))
		return;
	if (result < 0 && !conversion->look) {
		conversion_fail(conversion,
				result == -EINVAL ? EXIT_CONFIGURATION : EXIT_CONVERSION, reason);
		return;
	}
	if (conversion->resuming) {
		/* If not, p2v.pre is to be run first, after all. */
		conversion_go(conversion,
			      conversion_resume_fits(conversion) ? STATE_NETWORK : STATE_INVENTORY);
		return;
	}
	say_inventory(conversion);
	if (conversion->look) {
		conversion_look(conversion, reasons);
		return;
	}
	if (conversion->config->copy == COPY_USED && !conversion->test)
		conversion->maps = disk_maps_start(conversion->event, &conversion->hardware.disks,
						   conversion->directory,
						   conversion->config->map_timeout,
						   conversion_maps_done, conversion);
	conversion->collect = collect_start(conversion->event, &conversion->files, on_collected,
					    conversion);
}

static void run_pre(struct conversion *conversion);

static void read_inventory(struct conversion *conversion)
{
	conversion->search = hardware_search(conversion->event, "", conversion->config,
					     conversion->live, &conversion->hardware, on_hardware,
					     conversion);
}

static void on_waiting(void *user, const char *line)
{
	struct conversion *conversion = user;

	conversion->events.waiting(conversion->events.user, line);
}

/* After the second time: p2v.pre may have brought devices. */
static void on_settled(void *user, const char *late)
{
	struct conversion *conversion = user;

	if (conversion_over(conversion))
		return;
	if (late)
		log_warning("udev has not dealt with %s after %u s: a disk or card that does not answer, or a driver that hangs; "
			    "'udevadm info' and 'journalctl -k' on the machine say more",
			    late, SETTLE_SECONDS);
	if (conversion->config->pre && *conversion->config->pre && !conversion->pre &&
	    !conversion->resuming)
		run_pre(conversion);
	else
		read_inventory(conversion);
}

static void settle(struct conversion *conversion)
{
	struct settle_events events = {
		.waiting = on_waiting,
		.done = on_settled,
		.user = conversion,
	};

	settle_free(conversion->settle);
	conversion->settle = settle_start(conversion->event, "", SETTLE_SECONDS, &events);
}

static void on_pre_done(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (reason)
		conversion_fail(conversion, EXIT_CONVERSION, reason);
	else if (!conversion_over(conversion))
		settle(conversion);
}

static void run_pre(struct conversion *conversion)
{
	log_notice("running the command of p2v.pre");
	conversion->pre = hook_start(conversion->event, "p2v.pre", conversion->config->pre, NULL,
				     on_pre_done, conversion);
}

void conversion_enter_inventory(struct conversion *conversion)
{
	hardware_search_free(steal(conversion->search));
	hardware_clear(&conversion->hardware);
	settle(conversion);
}
