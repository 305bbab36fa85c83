// SPDX-License-Identifier: GPL-2.0-or-later
/* Which parts of the disks are used, by p2v-map. */
#include "disks/disk_map.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define AT_ONCE 8 /* disks */
#define GRACE_SECONDS 10 /* for p2v-map to end by itself */
#define LARGEST ((size_t)96 << 20) /* bytes of a map: some 12 million ranges */

struct disk_map {
	struct disk_maps *maps;
	size_t index;
	struct child *child;
	sd_event_source *limit;
	char *said; /* the last line of its output */
	bool over;
};

struct disk_maps {
	sd_event *event;
	struct disks *disks;
	char *directory, *program, *seconds;
	unsigned limit;
	void (*done)(void *user);
	void *user;
	struct disk_map *map; /* one for each disk */
	size_t started, over;
	sd_event_source *next;
	bool told;
};

/* Where this program lies; NULL: there is none, or it is to be searched for in PATH. */
static char *find_program(void)
{
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash, *path;

	if (length <= 0)
		return text_copy("p2v-map");
	self[length] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return text_copy("p2v-map");
	*slash = '\0';
	path = text_format("%s/p2v-map", self);
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return text_copy("p2v-map");
}

static char *file_of(const struct disk_maps *maps, size_t index)
{
	return text_format("%s/map-%zu", maps->directory, index);
}

/* The whole disk counts as used. */
static void wholly(struct disk_map *map, const char *reason)
{
	struct disk *disk = map->maps->disks->disk + map->index;
	sd_json_variant *object = NULL;

	json_put_number(&object, "size", disk->size);
	json_put_number(&object, "used", disk->size);
	json_put_number(&object, "skipped", 0);
	json_put_text(&object, "reason", reason);
	free(disk->map);
	if (sd_json_variant_format(object, 0, &disk->map) < 0)
		abort(); /* no memory */
	sd_json_variant_unref(object);
	if (map->maps->directory) {
		AUTO_FREE char *file = file_of(map->maps, map->index);

		unlink(file);
	}
}

static void wake(struct disk_maps *maps)
{
	sd_event_source_set_enabled(maps->next, SD_EVENT_ONESHOT);
}

static void end(struct disk_map *map)
{
	child_free(steal(map->child));
	map->limit = sd_event_source_disable_unref(map->limit);
	free(steal(map->said));
	if (!map->over)
		map->maps->over++;
	map->over = true;
	wake(map->maps);
}

static void on_line(void *user, const char *line)
{
	struct disk_map *map = user;

	free(map->said);
	map->said = text_copy(line);
}

/* Whether it is what p2v-map says of a disk. */
static bool is_map(const char *text)
{
	sd_json_variant *value = NULL;
	bool good = text && sd_json_parse(text, 0, &value, NULL, NULL) >= 0 &&
		    sd_json_variant_is_unsigned(sd_json_variant_by_key(value, "used")) &&
		    sd_json_variant_is_unsigned(sd_json_variant_by_key(value, "size"));

	sd_json_variant_unref(value);
	return good;
}

static void on_ended(void *user, int status)
{
	struct disk_map *map = user;
	AUTO_FREE char *how = child_status_text(status);
	AUTO_FREE char *reason = NULL;

	if (WIFEXITED(status) && !WEXITSTATUS(status) && is_map(map->said)) {
		free(map->maps->disks->disk[map->index].map);
		map->maps->disks->disk[map->index].map = text_copy(map->said);
	} else {
		reason = text_format("p2v-map has failed (%s)%s%s", how, map->said ? ": " : "",
				     map->said ?: "");
		wholly(map, reason);
	}
	end(map);
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	wholly(user, "looking at it took too long (p2v.map_timeout)");
	end(user);
	return 0;
}

static void start(struct disk_maps *maps, size_t index)
{
	struct disk_map *map = maps->map + index;
	AUTO_FREE char *file = maps->directory ? file_of(maps, index) : text_copy("");
	AUTO_FREE char *output = text_format("--output=%s", file);
	AUTO_FREE char *reason = NULL;
	const char *disk = maps->disks->disk[index].path;
	const char *argv[] = { maps->program, maps->seconds, maps->directory ? output : disk,
			       maps->directory ? disk : NULL, NULL };

	map->maps = maps;
	map->index = index;
	if (child_start(maps->event,
			&(struct child_options){ .argv = argv,
						 .disk = disk,
						 .line = on_line,
						 .ended = on_ended,
						 .user = map },
			&map->child, &reason) < 0) {
		wholly(map, reason);
		end(map);
		return;
	}
	if (sd_event_add_time_relative(maps->event, &map->limit, CLOCK_MONOTONIC,
				       (maps->limit + GRACE_SECONDS) * 1000000ULL, 0, on_limit,
				       map) < 0)
		abort(); /* no memory */
}

static int on_next(sd_event_source *source, void *user)
{
	struct disk_maps *maps = user;

	(void)source;
	while (maps->started < maps->disks->count && maps->started - maps->over < AT_ONCE)
		start(maps, maps->started++);
	if (maps->over == maps->disks->count && !maps->told) {
		maps->told = true;
		maps->done(maps->user);
	}
	return 0;
}

struct disk_maps *disk_maps_start(sd_event *event, struct disks *disks, const char *directory,
				  unsigned seconds, void (*done)(void *user), void *user)
{
	struct disk_maps *maps = memory_zero(1, sizeof(*maps));

	*maps = (struct disk_maps){
		.event = event,
		.disks = disks,
		.directory = text_copy(directory),
		.program = find_program(),
		.seconds = text_format("--timeout=%u", seconds),
		.limit = seconds,
		.done = done,
		.user = user,
		.map = memory_zero(disks->count + 1, sizeof(*maps->map)),
	};
	if (sd_event_add_defer(event, &maps->next, on_next, maps) < 0)
		abort(); /* no memory */
	return maps;
}

bool disk_maps_done(const struct disk_maps *maps)
{
	return !maps || maps->told;
}

char *disk_maps_read(const struct disk_maps *maps, size_t index, size_t *length)
{
	AUTO_FREE char *path = NULL;
	char *bytes;

	if (!maps || !maps->directory || index >= maps->disks->count)
		return NULL;
	path = file_of(maps, index);
	bytes = file_read(path, LARGEST + 1, length);
	if (bytes && *length <= LARGEST)
		return bytes;
	if (bytes)
		log_warning("the map of disk %s is too large to be handed on: all of the disk is copied",
			    maps->disks->disk[index].path);
	free(bytes);
	return NULL;
}

void disk_maps_free(struct disk_maps *maps)
{
	if (!maps)
		return;
	for (size_t i = 0; i < maps->started; i++) {
		AUTO_FREE char *file = maps->directory ? file_of(maps, i) : NULL;

		child_free(maps->map[i].child);
		sd_event_source_disable_unref(maps->map[i].limit);
		free(maps->map[i].said);
		if (file)
			unlink(file);
	}
	sd_event_source_disable_unref(maps->next);
	free(maps->map);
	free(maps->directory);
	free(maps->program);
	free(maps->seconds);
	free(maps);
}

/* "1.2 GiB of 40.0 GiB are used", and why all of it is. */
static char *used_text(sd_json_variant *object)
{
	sd_json_variant *reason = sd_json_variant_by_key(object, "reason");
	uint64_t used = sd_json_variant_unsigned(sd_json_variant_by_key(object, "used"));
	uint64_t size = sd_json_variant_unsigned(sd_json_variant_by_key(object, "size"));
	AUTO_FREE char *part = text_bytes(used), *all = text_bytes(size);

	if (reason)
		return text_format("all of its %s counts as used: %s", all,
				   sd_json_variant_string(reason));
	return text_format("%s of %s are used", part, all);
}

char **disk_map_text(const struct disk *disk)
{
	sd_json_variant *map = NULL, *pieces;
	char **lines = NULL;

	if (!disk->map || sd_json_parse(disk->map, 0, &map, NULL, NULL) < 0)
		return NULL;
	list_append(&lines, used_text(map));
	pieces = sd_json_variant_by_key(map, "pieces");
	for (size_t i = 0; pieces && i < sd_json_variant_elements(pieces); i++) {
		sd_json_variant *piece = sd_json_variant_by_index(pieces, i);
		sd_json_variant *name = sd_json_variant_by_key(piece, "name");
		sd_json_variant *type = sd_json_variant_by_key(piece, "type");
		AUTO_FREE char *used = used_text(piece);

		list_append(&lines,
			    text_format("%s%s%s%s: %s",
					name ? sd_json_variant_string(name) : "part",
					type ? " (" : "", type ? sd_json_variant_string(type) : "",
					type ? ")" : "", used));
	}
	sd_json_variant_unref(map);
	return lines;
}
