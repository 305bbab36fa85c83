// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's beginning: p2v.pre, and what the machine is. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "transfer/progress.h"

static void inventory_continue(struct conversion *conversion)
{
	if (conversion->pre_done && conversion->collected && !conversion_over(conversion))
		conversion_go(conversion, STATE_NETWORK);
}

static void on_collected(void *user)
{
	struct conversion *conversion = user;

	conversion->collected = true;
	inventory_continue(conversion);
}

void conversion_choose_name(struct conversion *conversion)
{
	char hostname[256] = "";

	free(conversion->name);
	gethostname(hostname, sizeof(hostname) - 1);
	conversion->name = conversion->config->name ?
				   text_copy(conversion->config->name) :
				   machine_guest_name(&conversion->machine, hostname);
	log_notice("the guest will be named '%s'", conversion->name);
}

static void say_warnings(const struct disks *disks)
{
	AUTO_FREE char *advice = disks_advice(disks);

	for (size_t i = 0; disks->warnings && disks->warnings[i]; i++)
		log_warning("%s", disks->warnings[i]);
	if (advice)
		log_warning("%s", advice);
}

static void say_inventory(const struct conversion *conversion)
{
	const struct machine *machine = &conversion->machine;
	AUTO_FREE char *memory = text_bytes(machine->memory);

	log_notice("machine: %s %s, %u CPUs, %s of memory, %s",
		   machine->vendor ? machine->vendor : "unknown vendor",
		   machine->product ? machine->product : "unknown product", machine->cpus, memory,
		   machine->firmware == FIRMWARE_UEFI ? "UEFI" : "BIOS");
	for (size_t i = 0; i < conversion->disks.count; i++) {
		const struct disk *disk = &conversion->disks.disk[i];
		AUTO_FREE char *size = text_bytes(disk->size);

		log_notice("disk %s: %s%s%s", disk->path, size, disk->model ? ", " : "",
			   disk->model ? disk->model : "");
	}
	for (size_t i = 0; i < conversion->nics.count; i++)
		log_notice("network card %s: %s, to network '%s'", conversion->nics.nic[i].name,
			   conversion->nics.nic[i].mac ? conversion->nics.nic[i].mac : "no MAC",
			   conversion->nics.nic[i].network);
	say_warnings(&conversion->disks);
}

/* Returns 0, or an exit code with @reason. */
static int read_hardware(struct conversion *conversion, char **reason)
{
	const struct config *config = conversion->config;

	machine_read("", &conversion->machine);
	if (disks_find("", config->disks, config->removable, &conversion->disks, reason) < 0)
		return config->disks || config->removable ? EXIT_CONFIGURATION : EXIT_CONVERSION;
	if (nics_find("", config->interfaces, config->network_map, &conversion->nics, reason) < 0)
		return config->interfaces || config->network_map ? EXIT_CONFIGURATION :
								   EXIT_CONVERSION;
	return 0;
}

static void read_inventory(struct conversion *conversion)
{
	AUTO_FREE char *reason = NULL;
	int code = read_hardware(conversion, &reason);

	if (code) {
		conversion_fail(conversion, code, reason);
		return;
	}
	say_inventory(conversion);
	conversion->collect = collect_start(conversion->event, &conversion->files, on_collected,
					    conversion);
}

static void on_pre_done(void *user, const char *reason)
{
	struct conversion *conversion = user;

	conversion->pre_done = true;
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
