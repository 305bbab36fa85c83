// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine with the disks and cards that the guest gets. */
#include "inventory/hardware.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/disk_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct hardware_search {
	const char *root;
	const struct config *config;
	struct hardware *hardware;
	struct disks_search *disks;
	char **reasons;
	void (*done)(void *user, int result, char *const *reasons);
	void *user;
};

static void on_disks(void *user, int result, const char *reason)
{
	struct hardware_search *search = user;
	const struct config *config = search->config;
	char *other = NULL;

	if (result < 0) {
		list_append(&search->reasons, text_copy(reason));
		if (result == -EBUSY || (result != -EIO && (config->disks || config->removable)))
			result = -EINVAL;
	}
	if (nics_find(search->root, config->interfaces, config->network_map,
		      &search->hardware->nics, &other) < 0) {
		list_append(&search->reasons, other);
		if (!result)
			result = config->interfaces ? -EINVAL : -ENODEV;
	}
	nics_judge_macs(&search->hardware->nics, config->mac);
	search->done(search->user, result, search->reasons);
}

struct hardware_search *hardware_search(sd_event *event, const char *root,
					const struct config *config, bool live,
					struct hardware *hardware,
					void (*done)(void *user, int result, char *const *reasons),
					void *user)
{
	struct hardware_search *search = memory_zero(1, sizeof(*search));
	const struct disks_wishes wishes = { root, config->disks, config->removable, live };

	*search = (struct hardware_search){
		.root = root,
		.config = config,
		.hardware = hardware,
		.done = done,
		.user = user,
	};
	*hardware = (struct hardware){ 0 };
	machine_read(root, &hardware->machine);
	search->disks = disks_search(event, &wishes, &hardware->disks, on_disks, search);
	return search;
}

void hardware_search_free(struct hardware_search *search)
{
	if (!search)
		return;
	disks_search_free(search->disks);
	list_free(search->reasons);
	free(search);
}

void hardware_clear(struct hardware *hardware)
{
	nics_clear(&hardware->nics);
	disks_clear(&hardware->disks);
	machine_clear(&hardware->machine);
}

/* ---- --inventory ------------------------------------------------------------ */

struct print {
	struct hardware hardware;
	const struct config *config;
	const char *hostname;
	bool is_text, map;
	FILE *file;
	sd_event *event;
	struct disk_maps *maps;
	int result;
	char **reasons;
};

static void print_all(void *user)
{
	struct print *print = user;
	const struct config *config = print->config;
	const struct hardware *hardware = &print->hardware;
	AUTO_FREE char *name = config->name ?
				       text_copy(config->name) :
				       machine_guest_name(&hardware->machine, print->hostname);
	AUTO_FREE char *json = NULL;

	if (print->is_text) {
		hardware_text(hardware, name, print->reasons, print->file);
	} else {
		json = hardware_json(hardware, name, print->reasons);
		fputs(json, print->file);
	}
	sd_event_exit(print->event, print->result);
}

static void on_found(void *user, int result, char *const *reasons)
{
	struct print *print = user;

	print->result = result;
	print->reasons = list_copy(reasons);
	if (print->map)
		print->maps = disk_maps_start(print->event, &print->hardware.disks, NULL,
					      print->config->map_timeout, print_all, print);
	else
		print_all(print);
}

int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, bool map, FILE *file)
{
	struct print print = {
		.config = config,
		.hostname = hostname,
		.is_text = !strcmp(format, "text"),
		.map = map,
		.file = file,
	};
	struct hardware_search *search;
	int result;

	if (!print.is_text && strcmp(format, "json") != 0)
		return -ENOTSUP;
	if (sd_event_new(&print.event) < 0)
		abort(); /* no memory */
	search = hardware_search(print.event, root, config, false, &print.hardware, on_found,
				 &print);
	result = sd_event_loop(print.event);
	hardware_search_free(search);
	disk_maps_free(print.maps);
	list_free(print.reasons);
	hardware_clear(&print.hardware);
	sd_event_unref(print.event);
	return result;
}
