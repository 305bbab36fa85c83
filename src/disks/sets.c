// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets of disks, and what a guest will lack of them. */
#include "disks/sets.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/lun.h"
#include "disks/member.h"

#include <stdlib.h>
#include <string.h>

/* A disk or partition that belongs to a set. */
struct part {
	char *node;  /* "sda2" */
	char *disk;  /* kernel name of the disk it is on */
	size_t owner; /* which of the guest's disks that is, NOBODY for none */
	struct member member;
};

#define NOBODY SIZE_MAX

struct parts {
	struct part *part;
	size_t count;
};

static void clear(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->part[i].node);
		free(parts->part[i].disk);
		member_clear(&parts->part[i].member);
	}
	free(parts->part);
}

/* ---- reading --------------------------------------------------------------- */

static size_t owner_of(const char *root, const char *disk, const struct disks *disks)
{
	for (size_t i = 0; i < disks->count; i++) {
		AUTO_FREE char *name = disk_kernel_name(disks->disk[i].name);

		if (strcmp(disks->disk[i].transport ? disks->disk[i].transport : "", "file") != 0 &&
		    (!strcmp(name, disk) || lun_is_same(root, name, disk)))
			return i;
	}
	return NOBODY;
}

static void read_part(const char *root, const char *disk, const char *node, uint64_t size,
		      size_t owner, struct parts *parts)
{
	const size_t head_size = size < MEMBER_HEAD ? (size_t)size : MEMBER_HEAD;
	const size_t tail_size = size < MEMBER_TAIL ? (size_t)size : MEMBER_TAIL;
	AUTO_FREE uint8_t *head = memory_zero(head_size + 1, 1),
			  *tail = memory_zero(tail_size + 1, 1);
	ssize_t head_length = disk_bytes(root, node, 0, head, head_size);
	ssize_t tail_length = disk_bytes(root, node, size - tail_size, tail, tail_size);
	struct member member;

	if (tail_length != (ssize_t)tail_size)
		tail_length = 0;
	if (member_parse(&member, head, head_length > 0 ? (size_t)head_length : 0, tail,
			 (size_t)tail_length, size))
		APPEND(parts->part, parts->count,
		       ((struct part){ text_copy(node), text_copy(disk), owner, member }));
	else
		member_clear(&member);
}

static void read_disk(const char *root, const char *disk, size_t owner, struct parts *parts)
{
	AUTO_LIST char **entries = sysfs_list(root, "sys/block/%s", disk);

	read_part(root, disk, disk, disk_size(root, disk), owner, parts);
	for (size_t i = 0; entries && entries[i]; i++) {
		uint64_t sectors;

		if (!sysfs_exists(root, "sys/block/%s/%s/partition", disk, entries[i]))
			continue;
		sectors = sysfs_number(root, 0, "sys/block/%s/%s/size", disk, entries[i]);
		if (sectors && sectors <= UINT64_MAX / 512)
			read_part(root, disk, entries[i], sectors * 512, owner, parts);
	}
}

static struct parts read_all(const char *root, char *const *all, const struct disks *disks)
{
	struct parts parts = { 0 };

	for (size_t i = 0; all && all[i]; i++)
		read_disk(root, all[i], owner_of(root, all[i], disks), &parts);
	return parts;
}

/* ---- what belongs together -------------------------------------------------- */

/* A volume that keeps no text of its group is known by the others' texts. */
static void complete(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct member *bare = &parts->part[i].member;

		for (size_t j = 0; j < parts->count && bare->kind == MEMBER_LVM && !bare->id; j++) {
			const struct member *other = &parts->part[j].member;

			if (!list_contains(other->ids, bare->own_id))
				continue;
			bare->id = text_copy(other->id);
			bare->name = text_copy(other->name);
		}
	}
}

static bool is_one_set(const struct member *left, const struct member *right)
{
	return left->kind == right->kind && left->id && right->id && !strcmp(left->id, right->id);
}

/* "MD array 'web:0'" */
static char *set_text(const struct member *member)
{
	const char *name = member->name ? member->name : member->id;

	return text_format("%s%s%s%s", member_kind_text(member->kind), name ? " '" : "",
			   name ? name : "", name ? "'" : "");
}

static void warn(struct disks *disks, char *sentence)
{
	if (list_contains(disks->warnings, sentence))
		free(sentence);
	else
		list_append(&disks->warnings, sentence);
}

static void warn_of_left_out(const struct parts *parts, const struct part *ours,
			     struct disks *disks)
{
	AUTO_FREE char *set = set_text(&ours->member);

	for (size_t i = 0; i < parts->count; i++) {
		const struct part *other = &parts->part[i];
		AUTO_FREE char *name = disk_plain_name(other->disk);

		if (other->owner == NOBODY && is_one_set(&ours->member, &other->member))
			warn(disks,
			     text_format("disk '%s' is not converted, but with '%s' on it is part of the %s, as is '%s': the guest will lack it; add it to p2v.disks",
					 name, other->node, set, disks->disk[ours->owner].name));
	}
}

static bool has_volume(const struct parts *parts, const char *id)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->part[i].member.own_id && !strcmp(parts->part[i].member.own_id, id))
			return true;
	return false;
}

/* Volumes on what we do not assemble are not to be seen, and not missing. */
static bool is_stacked(const char *device)
{
	return text_begins(device, "/dev/md") || text_begins(device, "/dev/dm-") ||
	       text_begins(device, "/dev/mapper/");
}

static void warn_of_missing_volumes(const struct parts *parts, const struct part *ours,
				    struct disks *disks)
{
	AUTO_FREE char *set = set_text(&ours->member);
	const struct member *member = &ours->member;

	for (size_t i = 0; member->ids && member->ids[i]; i++)
		if (!has_volume(parts, member->ids[i]) && !is_stacked(member->devices[i]))
			warn(disks,
			     text_format("the %s on '%s' has a physical volume that this machine does not show, last seen as '%s': is a disk or its controller's driver missing?",
					 set, ours->node, member->devices[i]));
}

static void warn_of_missing_count(const struct parts *parts, const struct part *ours,
				  struct disks *disks)
{
	AUTO_FREE char *set = set_text(&ours->member);
	unsigned found = 0;

	for (size_t i = 0; i < parts->count; i++)
		found += is_one_set(&ours->member, &parts->part[i].member);
	if (found < ours->member.count)
		warn(disks,
		     text_format("the %s on '%s' has %u members, but this machine shows %u: it was degraded, or a disk is missing",
				 set, ours->node, ours->member.count, found));
}

/* ---- what the kernel has assembled ------------------------------------------ */

/* The disk that @node is or lies on. The caller frees. */
static char *disk_of_node(const char *root, const char *node, char *const *all)
{
	for (; all && *all; all++)
		if (!strcmp(*all, node) ||
		    sysfs_exists(root, "sys/block/%s/%s/partition", *all, node))
			return text_copy(*all);
	return NULL;
}

static void judge_assembled(const char *root, const char *holder, char *const *slaves,
			    char *const *all, struct disks *disks)
{
	AUTO_FREE char *mapped = sysfs_line(root, "sys/block/%s/dm/name", holder);
	const char *ours = NULL;

	for (size_t i = 0; slaves[i]; i++) {
		AUTO_FREE char *disk = disk_of_node(root, slaves[i], all);
		size_t owner = disk ? owner_of(root, disk, disks) : NOBODY;

		if (owner == NOBODY)
			continue;
		ours = disks->disk[owner].name;
		list_append(&disks->disk[owner].sets,
			    text_format("%s: held by '%s'", slaves[i], mapped ? mapped : holder));
	}
	for (size_t i = 0; ours && slaves[i]; i++) {
		AUTO_FREE char *disk = disk_of_node(root, slaves[i], all);

		if (disk && owner_of(root, disk, disks) == NOBODY)
			warn(disks,
			     text_format("disk '%s' is not converted, but with '%s' on it is part of '%s', as is '%s': the guest will lack it; add it to p2v.disks",
					 disk, slaves[i], mapped ? mapped : holder, ours));
	}
}

static void find_assembled(const char *root, char *const *all, struct disks *disks)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/block");

	for (size_t i = 0; names && names[i]; i++) {
		AUTO_LIST char **slaves = sysfs_list(root, "sys/block/%s/slaves", names[i]);

		if (slaves && !disk_is_multipath(root, names[i]))
			judge_assembled(root, names[i], slaves, all, disks);
	}
}

void sets_find(const char *root, char *const *all, struct disks *disks)
{
	struct parts parts = read_all(root, all, disks);

	complete(&parts);
	for (size_t i = 0; i < parts.count; i++) {
		const struct part *ours = &parts.part[i];
		AUTO_FREE char *set = set_text(&ours->member);

		if (ours->owner == NOBODY)
			continue;
		list_append(&disks->disk[ours->owner].sets, text_format("%s: %s", ours->node, set));
		warn_of_left_out(&parts, ours, disks);
		if (ours->member.kind == MEMBER_LVM)
			warn_of_missing_volumes(&parts, ours, disks);
		else
			warn_of_missing_count(&parts, ours, disks);
	}
	clear(&parts);
	find_assembled(root, all, disks);
}
