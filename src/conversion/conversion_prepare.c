// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's state "preparing": the work directory on the server, and the relay there. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/machine_identity.h"
#include "server/relay.h"
#include "server/v2v.h"
#include "transfer/tunnel_login.h"

#include <inttypes.h>
#include <string.h>

#define SECTOR 512

static void add_text(struct conversion *conversion, const char *name, char *text)
{
	files_put(&conversion->files, name, text, strlen(text));
}

static void add_relay(struct conversion *conversion)
{
	size_t length;
	const char *program = relay_program(&length);

	files_put(&conversion->files, "p2v-relay", memcpy(memory_zero(1, length), program, length),
		  length);
}

static void add_files(struct conversion *conversion, char *const *relay_disks)
{
	const struct hardware *hardware = &conversion->hardware;
	AUTO_LIST char **arguments = v2v_arguments(conversion->config, &conversion->server,
						   conversion->hardware.disks.count);

	add_text(conversion, "name", text_format("%s\n", conversion->name));
	add_text(conversion, "p2v-version", text_copy("p2vd " P2VD_VERSION "\n"));
	add_text(conversion, "machine.json", conversion_machine_json(conversion));
	add_text(conversion, "machine-identity", machine_identity(hardware) ?: text_copy(""));
	add_text(conversion, "end.sh", job_ending(conversion->config, conversion->name));
	add_text(conversion, "virt-v2v-wrapper.sh",
		 job_wrapper(conversion->config, conversion->name, conversion->slot, arguments));
	if (!conversion->relay)
		return;
	add_text(conversion, "substitute.sh", relay_substitute(conversion->config, relay_disks));
	if (!conversion->relay_obstacle)
		add_relay(conversion);
}

/* "sda:1048576:p2vd-1234abcd-0" for each, as p2v-relay wants them. qemu-nbd serves whole sectors,
 * also of a file that ends within one. */
static char **relay_disks(const struct conversion *conversion)
{
	const struct disks *disks = &conversion->hardware.disks;
	char **list = NULL;

	for (size_t i = 0; i < disks->count; i++) {
		AUTO_FREE char *export = transfer_name(conversion->unique, i);
		AUTO_FREE char *name = text_copy(disks->disk[i].name);
		uint64_t size = (disks->disk[i].size + SECTOR - 1) / SECTOR * SECTOR;

		for (char *c = name; *c; c++)
			if (*c == ':')
				*c = '_'; /* it is for the relay's messages */
		list_append(&list, text_format("%s:%" PRIu64 ":%s", name, size, export));
	}
	return list;
}

/* @substitute: something stands there all the same. */
static void tell_no_relay(const struct conversion *conversion, const char *why, bool substitute)
{
	const struct config *config = conversion->config;

	log_warning("no relay will stand between virt-v2v and this machine: %s%s%s; without it, %swhat virt-v2v reads "
		    "twice is sent twice, and users of the server can read the disks%s",
		    conversion->relay_obstacle ? "" : "p2v-relay cannot be started on the server (",
		    why, conversion->relay_obstacle ? "" : ")",
		    substitute ? "" : "a connection that breaks ends the conversion, ",
		    substitute ?
			    "; qemu-nbd there takes its place, by which virt-v2v waits while the connection is broken" :
			    "");
	if (config->bandwidth || config->bad_sectors == BAD_SECTORS_ZERO)
		log_warning("without the relay, p2v.bandwidth and p2v.bad_sectors have no effect");
}

/* virt-v2v can only read from ports then. Where the test of the server was made with a socket, it
 * has to be made again with a port. */
static void do_without_relay(struct conversion *conversion, const char *why)
{
	tell_no_relay(conversion, why, false);
	conversion->no_relay = true;
	conversion->relay = false;
	if (!conversion->sockets) {
		conversion_go(conversion, STATE_EXPORTING);
		return;
	}
	tunnel_login_free(steal(conversion->tunnel_login));
	server_clear(&conversion->server);
	conversion_go(conversion, STATE_TESTING);
}

static void on_made(void *user, const char *path, const uint16_t *ports, const char *reason)
{
	struct conversion *conversion = user;
	size_t size = conversion->hardware.disks.count * sizeof(*ports);

	conversion->making = false;
	if (path) {
		log_notice("work directory on the server: %s", path);
		job_free(conversion->job);
		conversion->job = conversion_new_job(conversion, path);
		conversion->relay_started = ports; /* one that was started before has been ended */
	}
	if (conversion->state == STATE_FINISHING) {
		conversion_cancel_job(conversion);
		return;
	}
	if (!path)
		conversion_fail(conversion, EXIT_SERVER, reason);
	if (conversion_over(conversion))
		return;
	if (!ports && conversion->relay) {
		do_without_relay(conversion, reason);
		return;
	}
	free(steal(conversion->relay_ports));
	if (ports && reason)
		tell_no_relay(conversion, reason, true);
	if (ports)
		conversion->relay_ports = memcpy(memory_zero(1, size), ports, size);
	conversion_go(conversion, STATE_EXPORTING);
}

/* As p2v-relay wants them: "map-0" for the first disk. */
static void add_maps(struct conversion *conversion)
{
	for (size_t i = 0; i < conversion->hardware.disks.count; i++) {
		AUTO_FREE char *name = text_format("map-%zu", i);
		size_t length;
		char *map = disk_maps_read(conversion->maps, i, &length);

		if (map)
			files_put(&conversion->files, name, map, length);
	}
}

static void prepare(struct conversion *conversion);

void conversion_maps_done(void *user)
{
	struct conversion *conversion = user;

	for (size_t i = 0; i < conversion->hardware.disks.count; i++) {
		const struct disk *disk = conversion->hardware.disks.disk + i;
		AUTO_LIST char **lines = disk_map_text(disk);

		for (char **line = lines; line && *line; line++)
			log_notice("disk %s%s%s", disk->path, line == lines ? ": " : ", ", *line);
	}
	if (conversion->state == STATE_PREPARING && !conversion_over(conversion))
		prepare(conversion);
}

void conversion_enter_preparing(struct conversion *conversion)
{
	if (disk_maps_done(conversion->maps)) {
		prepare(conversion);
		return;
	}
	log_notice("waiting until it is known what of the disks is used: p2v.map_timeout gives each %u s",
		   conversion->config->map_timeout);
}

static void prepare(struct conversion *conversion)
{
	AUTO_LIST char **disks = conversion->relay ? relay_disks(conversion) : NULL;

	add_maps(conversion);
	add_files(conversion, disks);
	conversion->making = conversion->relay;
	workdir_make(connection_ssh(conversion->connection),
		     &(struct workdir_call){ .unique = conversion->unique,
					     .files = &conversion->files,
					     .config = conversion->config,
					     .name = conversion->name,
					     .disks = disks,
					     .obstacle = conversion->relay_obstacle,
					     .done = on_made,
					     .user = conversion });
}
