// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A read-only block device with the bytes of a piece. The kernel's device mapper is asked directly
 * (linux/dm-ioctl.h): libdevmapper would make nodes of its own and wait for udev, and needs
 * one header more to build with.
 */
#include "blocks/block_device.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dm-ioctl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SECTOR 512
#define LOOP_MAJOR 7
#define TRIES 16 /* to get a free loop device, which somebody else may take first */
#define MISC_MAJOR 10 /* and what the device mapper's control has there: */
#define MAPPER_MINOR 236

/* Opens the device with that number. Returns a descriptor, or -errno. */
static int open_number(const char *directory, mode_t type, dev_t number, int flags)
{
	AUTO_FREE char *path = text_format("%s/opened", directory);
	int file;

	unlink(path);
	if (mknod(path, type | 0600, number) < 0)
		return -errno;
	file = open(path, flags | O_CLOEXEC);
	if (file < 0)
		file = -errno;
	unlink(path);
	return file;
}

static int make_loop(int disk, int control, const char *directory, uint64_t offset, uint64_t size,
		     dev_t *number)
{
	const struct loop_config config = {
		.fd = (uint32_t)disk,
		.info = { .lo_offset = offset,
			  .lo_sizelimit = size,
			  .lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR },
	};

	for (int i = 0; i < TRIES; i++) {
		int minor = ioctl(control, LOOP_CTL_GET_FREE), file, error;

		if (minor < 0)
			return -errno;
		*number = makedev(LOOP_MAJOR, (unsigned)minor);
		file = open_number(directory, S_IFBLK, *number, O_RDWR);
		if (file < 0)
			return file;
		if (ioctl(file, LOOP_CONFIGURE, &config) == 0)
			return file;
		error = errno;
		close(file);
		if (error != EBUSY)
			return -error;
	}
	return -EBUSY;
}

/* One line of the table: which sectors of the loop device the segment lies in. */
static char *segment_text(const struct segment *segment, dev_t below)
{
	char *text = segment->stripes == 1 ? text_copy("") :
					     text_format("%zu %" PRIu64, segment->stripes,
							 segment->stripe / SECTOR);

	for (size_t i = 0; i < segment->stripes; i++) {
		char *longer = text_format("%s%s%u:%u %" PRIu64, text, *text ? " " : "",
					   major(below), minor(below), segment->at[i] / SECTOR);

		free(text);
		text = longer;
	}
	return text;
}

struct request {
	struct dm_ioctl *head; /* and behind it the table */
	size_t length;
};

/* Adds @length bytes of zeros. Returns where they begin. */
static size_t grow(struct request *request, size_t length)
{
	size_t begin = request->length;

	request->length += length;
	request->head = memory_resize(request->head, request->length, 1);
	memset((char *)request->head + begin, 0, length);
	return begin;
}

static void begin(struct request *request, const char *name, uint32_t flags)
{
	grow(request, sizeof(*request->head));
	request->head->version[0] = DM_VERSION_MAJOR;
	request->head->data_start = sizeof(*request->head);
	request->head->flags = flags;
	snprintf(request->head->name, sizeof(request->head->name), "%s", name);
}

static void add_target(struct request *request, const struct segment *segment, uint64_t start,
		       dev_t below)
{
	AUTO_FREE char *text = segment_text(segment, below);
	size_t room = (strlen(text) + 1 + 7) / 8 * 8; /* the next one is aligned */
	size_t at = grow(request, sizeof(struct dm_target_spec) + room);
	struct dm_target_spec target = {
		.sector_start = start / SECTOR,
		.length = segment->length / SECTOR,
		.next = (uint32_t)(sizeof(target) + room),
	};

	strcpy(target.target_type, segment->stripes == 1 ? "linear" : "striped");
	memcpy((char *)request->head + at, &target, sizeof(target));
	strcpy((char *)request->head + at + sizeof(target), text);
	request->head->target_count++;
}

/* Returns 0 or -errno, and frees the request. Sets @number, unless that is NULL. */
static int ask(int mapper, unsigned long command, struct request *request, dev_t *number)
{
	int r;

	request->head->data_size = (uint32_t)request->length;
	r = ioctl(mapper, command, request->head) < 0 ? -errno : 0;
	if (r == 0 && number)
		*number = request->head->dev;
	free(request->head);
	*request = (struct request){ 0 };
	return r;
}

static int simple(int mapper, unsigned long command, const char *name, uint32_t flags,
		  dev_t *number)
{
	struct request request = { 0 };

	begin(&request, name, flags);
	return ask(mapper, command, &request, number);
}

static int load(int mapper, const char *name, const struct piece *piece, dev_t below)
{
	struct request request = { 0 };
	uint64_t start = 0;

	begin(&request, name, DM_READONLY_FLAG);
	for (size_t i = 0; i < piece->segments; i++) {
		add_target(&request, piece->segment + i, start, below);
		start += piece->segment[i].length;
	}
	return ask(mapper, DM_TABLE_LOAD, &request, NULL);
}

/* It can be opened as soon as it has a table, and before it follows it. From the removal on, which
 * the kernel defers, it goes by itself when nobody has it open, and with it the loop device. */
static int make_mapped(int mapper, const char *directory, const struct piece *piece, dev_t below,
		       dev_t *number)
{
	static unsigned made;
	AUTO_FREE char *name = text_format("p2v-map-%d-%u", (int)getpid(), made++);
	int file = -ENODEV, removed, r = simple(mapper, DM_DEV_CREATE, name, 0, number);

	if (r < 0)
		return r;
	r = load(mapper, name, piece, below);
	if (r == 0)
		file = open_number(directory, S_IFBLK, *number, O_RDONLY);
	removed = simple(mapper, DM_DEV_REMOVE, name, DM_DEFERRED_REMOVE, NULL);
	if (file < 0)
		return r < 0 ? r : file;
	if (removed == 0)
		r = simple(mapper, DM_DEV_SUSPEND, name, 0, NULL); /* that is: begin */
	if (removed == 0 && r == 0)
		return file;
	close(file);
	return removed < 0 ? removed : r;
}

/* Whether it lies on a disk of @size bytes, and as the kernel's targets want it. */
static bool is_good_segment(const struct segment *segment, uint64_t size)
{
	uint64_t each = segment->stripes ? segment->length / segment->stripes : 0;

	if (!each || each * segment->stripes != segment->length || each % SECTOR)
		return false;
	if (segment->stripes > 1 &&
	    (!segment->stripe || segment->stripe % SECTOR || each % segment->stripe))
		return false;
	for (size_t i = 0; i < segment->stripes; i++)
		if (segment->at[i] % SECTOR || segment->at[i] > size ||
		    each > size - segment->at[i])
			return false;
	return true;
}

static bool is_good(const struct piece *piece, uint64_t size)
{
	uint64_t sum = 0, offset;

	if (piece_in_one(piece, &offset))
		return piece->size && offset <= size && piece->size <= size - offset;
	for (size_t i = 0; i < piece->segments; i++) {
		if (!is_good_segment(piece->segment + i, size) ||
		    piece->segment[i].length > INT64_MAX - sum)
			return false;
		sum += piece->segment[i].length;
	}
	return sum && sum == piece->size;
}

int block_device_make(int disk, int control, const char *directory, const struct piece *piece,
		      dev_t *number)
{
	off_t size = lseek(disk, 0, SEEK_END);
	AUTO_CLOSE int below = -1, mapper = -1;
	uint64_t offset;
	dev_t loop;

	if (size < 0)
		return -errno;
	if (!is_good(piece, (uint64_t)size))
		return -EINVAL;
	if (piece_in_one(piece, &offset))
		return make_loop(disk, control, directory, offset, piece->size, number);
	/* Opening this loads the device mapper, where it is a module. */
	mapper = open_number(directory, S_IFCHR, makedev(MISC_MAJOR, MAPPER_MINOR), O_RDWR);
	if (mapper < 0)
		return mapper;
	below = make_loop(disk, control, directory, 0, (uint64_t)size, &loop);
	return below < 0 ? below : make_mapped(mapper, directory, piece, loop, number);
}
