// SPDX-License-Identifier: GPL-2.0-or-later
/* What is on a disk. */
#include "disks/content.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/signature.h"
#include "disks/volume_reading.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOW_SECONDS 10 /* of the minute that reading.c waits */

/* ---- reading --------------------------------------------------------------- */

/* libblkid tells it of an MBR, but not of a GPT. */
static unsigned long read_signature(const char *root, const char *node)
{
	enum { MBR_SIGNATURE = 440 };
	uint8_t bytes[4];

	return disk_bytes(root, node, MBR_SIGNATURE, bytes, sizeof(bytes)) == sizeof(bytes) ?
		       bytes_little_endian(bytes, sizeof(bytes)) :
		       0;
}

static char *read_cd(const char *root, const char *node)
{
	struct signature signature;
	char *label = NULL;

	if (signature_read(&signature, root, node, (char *[]){ "iso9660", NULL }))
		label = text_copy(signature.label ? signature.label : "");
	signature_clear(&signature);
	return label;
}

static void read_part(struct content *content, const char *root, const char *node)
{
	struct content_part part = { 0 };

	if (!member_read(&part.member, root, node))
		return;
	part.node = text_copy(node);
	APPEND(content->part, content->parts, part);
}

/* The kernel lets nobody else have it, not even a part of it. */
static bool is_in_use(const char *root, const char *node)
{
	AUTO_FREE char *path = disk_node(root, node);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 && errno == EBUSY;
}

/* A disk that is dying may need all its time for what the conversion depends on. */
static bool is_slow(time_t begin)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - begin >= SLOW_SECONDS;
}

struct content *content_read(const char *root, const struct device *device, bool ask_use)
{
	struct content *content = memory_zero(1, sizeof(*content));
	struct timespec begin;
	const char *node = device->disk.kernel ? device->disk.kernel : device->disk.path;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	content->cd = read_cd(root, node);
	content->signature = read_signature(root, node);
	content->partitions = signature_partitions(root, node);
	content->in_use = ask_use && device->disk.kernel && is_in_use(root, node);
	read_part(content, root, node);
	for (size_t i = 0; device->partitions && device->partitions[i]; i++)
		read_part(content, root, device->partitions[i]);
	if (!is_slow(begin.tv_sec))
		volumes_read(&content->volumes, root, node, device->partitions);
	return content;
}

void content_free(struct content *content)
{
	if (!content)
		return;
	free(content->cd);
	list_free(content->partitions);
	for (size_t i = 0; i < content->parts; i++) {
		free(content->part[i].node);
		member_clear(&content->part[i].member);
	}
	free(content->part);
	volumes_clear(&content->volumes);
	free(content);
}

/* ---- as bytes ---------------------------------------------------------------- */

/* Texts, each with its zero byte: "=" and the text, or "-" for NULL. Numbers are texts, and
 * before a list is the number of its texts. */
static void put(FILE *stream, const char *text)
{
	fprintf(stream, "%s%s", text ? "=" : "-", text ? text : "");
	fputc('\0', stream);
}

static void put_number(FILE *stream, uint64_t number)
{
	fprintf(stream, "=%" PRIu64, number);
	fputc('\0', stream);
}

static void put_list(FILE *stream, char *const *list)
{
	put_number(stream, list_length(list));
	for (; list && *list; list++)
		put(stream, *list);
}

static void put_part(FILE *stream, const struct content_part *part)
{
	const struct member *member = &part->member;

	put(stream, part->node);
	put_number(stream, member->kind);
	put(stream, member->type);
	put(stream, member->id);
	put(stream, member->name);
	put_number(stream, member->count);
	put(stream, member->own_id);
	put_list(stream, member->ids);
	put_list(stream, member->devices);
}

static void put_volume(FILE *stream, const struct volume *volume)
{
	put(stream, volume->name);
	put_number(stream, volume->size);
	put(stream, volume->purpose);
	put(stream, volume->type);
	put(stream, volume->label);
	put(stream, volume->starts);
}

char *content_pack(const struct content *content, size_t *length)
{
	char *bytes = NULL;
	FILE *stream = open_memstream(&bytes, length);

	if (!stream)
		abort();
	put(stream, content->cd);
	put_number(stream, content->signature);
	put_list(stream, content->partitions);
	put_number(stream, content->in_use);
	put_number(stream, content->parts);
	for (size_t i = 0; i < content->parts; i++)
		put_part(stream, &content->part[i]);
	put_number(stream, content->volumes.count);
	for (size_t i = 0; i < content->volumes.count; i++)
		put_volume(stream, &content->volumes.volume[i]);
	if (fclose(stream) < 0)
		abort();
	return bytes;
}

/* The bytes that are left. */
struct source {
	const char *at, *end;
};

/* NULL behind the end, too. The caller frees. */
static char *get(struct source *source)
{
	const char *text = source->at;
	const size_t left = (size_t)(source->end - source->at), length = strnlen(text, left);

	if (length == left)
		source->at = source->end;
	else
		source->at += length + 1;
	return length && length < left && *text == '=' ? text_copy(text + 1) : NULL;
}

static uint64_t get_number(struct source *source)
{
	char *text = get(source);
	uint64_t number = text ? strtoull(text, NULL, 10) : 0;

	free(text);
	return number;
}

static char **get_list(struct source *source)
{
	char **list = NULL;

	for (uint64_t count = get_number(source); count && source->at < source->end; count--) {
		char *text = get(source);

		if (text)
			list_append(&list, text);
	}
	return list;
}

static struct content_part get_part(struct source *source)
{
	struct content_part part = { .node = get(source) };
	struct member *member = &part.member;
	char *type;

	member->kind = (enum member_kind)get_number(source);
	type = get(source);
	member->type = type ? member_type(type) : NULL;
	free(type);
	member->id = get(source);
	member->name = get(source);
	member->count = (unsigned)get_number(source);
	member->own_id = get(source);
	member->ids = get_list(source);
	member->devices = get_list(source);
	return part;
}

/* Cut off, it may have no name. */
static struct volume get_volume(struct source *source)
{
	char *name = get(source);
	struct volume volume = { .name = name ? name : text_copy("") };

	volume.size = get_number(source);
	volume.purpose = get(source);
	volume.type = get(source);
	volume.label = get(source);
	volume.starts = get(source);
	return volume;
}

struct content *content_unpack(const char *bytes, size_t length)
{
	struct content *content = memory_zero(1, sizeof(*content));
	struct source source = { bytes, bytes + length };

	content->cd = get(&source);
	content->signature = get_number(&source);
	content->partitions = get_list(&source);
	content->in_use = get_number(&source);
	for (uint64_t parts = get_number(&source); parts && source.at < source.end; parts--)
		APPEND(content->part, content->parts, get_part(&source));
	for (uint64_t count = get_number(&source); count && source.at < source.end; count--)
		APPEND(content->volumes.volume, content->volumes.count, get_volume(&source));
	return content;
}
