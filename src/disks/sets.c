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

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NOT_CONVERTED SIZE_MAX

/* A disk or partition that belongs to a set. */
struct part {
	char *node;       /* "sda2" */
	const char *disk; /* kernel name of the disk that it is on, or is */
	size_t owner; /* that disk's index among those that are converted, or NOT_CONVERTED */
	struct member member;
};

/* What sets_find() was given, and the parts that it has found. */
struct search {
	const char *root;
	char *const *all;
	struct disk *disk;
	size_t count;
	char ***warnings;
	struct part *part;
	size_t parts;
};

/* ---- reading --------------------------------------------------------------- */

static size_t owner_of(const struct search *search, const char *disk)
{
	for (size_t i = 0; i < search->count; i++)
		if (lun_is_disk(search->root, disk, &search->disk[i]))
			return i;
	return NOT_CONVERTED;
}

static void read_part(struct search *search, const char *disk, const char *node, size_t owner)
{
	struct part part = { NULL, disk, owner, { 0 } };

	if (!member_read(&part.member, search->root, node))
		return;
	part.node = text_copy(node);
	APPEND(search->part, search->parts, part);
}

static void read_disk(struct search *search, const char *disk)
{
	const size_t owner = owner_of(search, disk);
	AUTO_LIST char **entries = sysfs_list(search->root, "sys/block/%s", disk);

	read_part(search, disk, disk, owner);
	for (size_t i = 0; entries && entries[i]; i++)
		if (sysfs_exists(search->root, "sys/block/%s/%s/partition", disk, entries[i]))
			read_part(search, disk, entries[i], owner);
}

/* ---- what belongs together -------------------------------------------------- */

/* An LVM volume that keeps no text of its group gets the group's id and name from
 * another volume's text that lists it. */
static void name_group(struct search *search, struct member *bare)
{
	for (size_t i = 0; i < search->parts && !bare->id; i++) {
		const struct member *other = &search->part[i].member;

		if (!list_contains(other->ids, bare->own_id))
			continue;
		bare->id = text_copy(other->id);
		bare->name = text_copy(other->name);
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

/* Takes @sentence over. The same warning may come from every part of a set: it is kept once. */
static void warn(const struct search *search, char *sentence)
{
	if (list_contains(*search->warnings, sentence))
		free(sentence);
	else
		list_append(search->warnings, sentence);
}

/* @disk has a part of @set, @node; @ours, which is converted, has another one. */
static void warn_of_left_out(const struct search *search, const char *disk, const char *node,
			     const char *set, size_t ours)
{
	AUTO_FREE char *name = disk_plain_name(disk);

	warn(search,
	     text_format("disk '%s' is not converted, but '%s' on it is part of %s, as is a part of '%s': the guest will lack it; add '%s' to p2v.disks",
			 name, node, set, search->disk[ours].name, name));
}

static bool has_volume(const struct search *search, const char *id)
{
	for (size_t i = 0; i < search->parts; i++)
		if (search->part[i].member.own_id && !strcmp(search->part[i].member.own_id, id))
			return true;
	return false;
}

/* The image assembles no arrays and mappings, so a volume on one cannot be seen. That does
 * not mean that it is missing. */
static bool is_stacked(const char *device)
{
	return text_begins(device, "/dev/md") || text_begins(device, "/dev/dm-") ||
	       text_begins(device, "/dev/mapper/");
}

static void warn_of_missing_volumes(const struct search *search, const struct part *ours,
				    const char *set)
{
	const struct member *member = &ours->member;

	for (size_t i = 0; member->ids && member->ids[i]; i++)
		if (!has_volume(search, member->ids[i]) && !is_stacked(member->devices[i]))
			warn(search,
			     text_format("the %s on '%s' has a physical volume that this machine does not show, last seen as '%s': is a disk or its controller's driver missing?",
					 set, ours->node, member->devices[i]));
}

static void judge_part(const struct search *search, const struct part *ours)
{
	AUTO_FREE char *set = set_text(&ours->member), *the_set = text_format("the %s", set);
	unsigned found = 0;

	assert(ours->owner < search->count);
	list_append(&search->disk[ours->owner].sets, text_format("%s: %s", ours->node, set));
	for (size_t i = 0; i < search->parts; i++) {
		const struct part *other = &search->part[i];

		if (!is_one_set(&ours->member, &other->member))
			continue;
		found++;
		if (other->owner == NOT_CONVERTED)
			warn_of_left_out(search, other->disk, other->node, the_set, ours->owner);
	}
	if (ours->member.kind == MEMBER_LVM)
		warn_of_missing_volumes(search, ours, set);
	else if (found < ours->member.count)
		warn(search,
		     text_format("the %s on '%s' has %u members, but this machine shows %u: it was degraded, or a disk is missing",
				 set, ours->node, ours->member.count, found));
}

/* ---- what the kernel has assembled ------------------------------------------ */

/* The kernel name of the disk that @node is or lies on; NULL for none of all. */
static const char *disk_of_node(const struct search *search, const char *node)
{
	for (char *const *disk = search->all; disk && *disk; disk++)
		if (!strcmp(*disk, node) ||
		    sysfs_exists(search->root, "sys/block/%s/%s/partition", *disk, node))
			return *disk;
	return NULL;
}

/* @holder: the kernel name of an array or mapping, made of @slaves. */
static void judge_assembled(const struct search *search, const char *holder, char *const *slaves)
{
	AUTO_FREE char *mapped = sysfs_line(search->root, "sys/block/%s/dm/name", holder);
	AUTO_FREE char *set = text_format("'%s'", mapped ? mapped : holder);
	size_t ours = NOT_CONVERTED;

	for (size_t i = 0; slaves[i]; i++) {
		const char *disk = disk_of_node(search, slaves[i]);
		size_t owner = disk ? owner_of(search, disk) : NOT_CONVERTED;

		if (owner == NOT_CONVERTED)
			continue;
		ours = owner;
		list_append(&search->disk[owner].sets,
			    text_format("%s: held by %s", slaves[i], set));
	}
	for (size_t i = 0; ours != NOT_CONVERTED && slaves[i]; i++) {
		const char *disk = disk_of_node(search, slaves[i]);

		if (disk && owner_of(search, disk) == NOT_CONVERTED)
			warn_of_left_out(search, disk, slaves[i], set, ours);
	}
}

static void find_assembled(const struct search *search)
{
	AUTO_LIST char **names = sysfs_list(search->root, "sys/block");

	for (size_t i = 0; names && names[i]; i++) {
		AUTO_LIST char **slaves = sysfs_list(search->root, "sys/block/%s/slaves", names[i]);

		if (slaves && !disk_is_multipath(search->root, names[i]))
			judge_assembled(search, names[i], slaves);
	}
}

void sets_find(const char *root, char *const *all, struct disk *disk, size_t count,
	       char ***warnings)
{
	struct search search = { root, all, disk, count, warnings, NULL, 0 };

	for (size_t i = 0; all && all[i]; i++)
		read_disk(&search, all[i]);
	for (size_t i = 0; i < search.parts; i++)
		if (search.part[i].member.kind == MEMBER_LVM)
			name_group(&search, &search.part[i].member);
	for (size_t i = 0; i < search.parts; i++)
		if (search.part[i].owner != NOT_CONVERTED)
			judge_part(&search, &search.part[i]);
	for (size_t i = 0; i < search.parts; i++) {
		free(search.part[i].node);
		member_clear(&search.part[i].member);
	}
	free(search.part);
	find_assembled(&search);
}
