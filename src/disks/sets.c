// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets of disks, and what a guest will lack of them. */
#include "disks/sets.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/content.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NOT_CONVERTED SIZE_MAX

/* A disk or partition that belongs to a set. */
struct part {
	const char *node; /* "sda2" */
	const struct disk *disk; /* what it is on, or is */
	size_t owner; /* that disk's index among those that are converted, or NOT_CONVERTED */
	struct member *member;
};

/* What sets_find() was given, and the parts that it has found. */
struct search {
	const struct devices *all;
	const struct devices *looked;
	size_t count;
	char ***warnings;
	struct part *part;
	size_t parts;
};

static void take_parts(struct search *search, size_t which)
{
	const struct device *device = search->looked->device[which];

	for (size_t i = 0; device->content && i < device->content->parts; i++) {
		struct part part = {
			.node = device->content->part[i].node,
			.disk = &device->disk,
			.owner = which < search->count ? which : NOT_CONVERTED,
			.member = &device->content->part[i].member,
		};

		APPEND(search->part, search->parts, part);
	}
}

/* ---- what belongs together -------------------------------------------------- */

/* An LVM volume that keeps no text of its group gets the group's id and name from
 * another volume's text that lists it. */
static void name_group(struct search *search, struct member *bare)
{
	for (size_t i = 0; i < search->parts && !bare->id; i++) {
		const struct member *other = search->part[i].member;

		if (!list_contains(other->ids, bare->own_id))
			continue;
		bare->id = text_copy(other->id);
		bare->name = text_copy(other->name);
	}
}

/* Some makers' firmware RAIDs have no id that we know: then those of a maker are one set. */
static bool is_one_set(const struct member *left, const struct member *right)
{
	if (left->kind != right->kind || !left->id != !right->id)
		return false;
	return left->id ? !strcmp(left->id, right->id) :
			  left->kind == MEMBER_FIRMWARE_RAID && left->type == right->type;
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
static void warn_of_left_out(const struct search *search, const struct disk *disk, const char *node,
			     const char *set, size_t ours)
{
	warn(search,
	     text_format("disk '%s' is not converted, but '%s' on it is part of %s, as is a part of '%s': the guest will lack it; add '%s' to p2v.disks",
			 disk->name, node, set, search->looked->device[ours]->disk.name,
			 disk->name));
}

static bool has_volume(const struct search *search, const char *id)
{
	for (size_t i = 0; i < search->parts; i++)
		if (search->part[i].member->own_id && !strcmp(search->part[i].member->own_id, id))
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
	const struct member *member = ours->member;

	for (size_t i = 0; member->ids && member->ids[i]; i++)
		if (!has_volume(search, member->ids[i]) && !is_stacked(member->devices[i]))
			warn(search,
			     text_format("the %s on '%s' has a physical volume that this machine does not show, last seen as '%s': is a disk or its controller's driver missing?",
					 set, ours->node, member->devices[i]));
}

/* Whether a set whose number of members is not known has more than one. */
static bool needs_others(const struct member *member)
{
	return !member->count &&
	       (member->kind == MEMBER_FIRMWARE_RAID || member->kind == MEMBER_BCACHE);
}

static void judge_part(const struct search *search, const struct part *ours)
{
	AUTO_FREE char *set = set_text(ours->member), *the_set = text_format("the %s", set);
	unsigned found = 0;

	assert(ours->owner < search->count);
	list_append(&search->looked->device[ours->owner]->disk.sets,
		    text_format("%s: %s", ours->node, set));
	for (size_t i = 0; i < search->parts; i++) {
		const struct part *other = &search->part[i];

		if (!is_one_set(ours->member, other->member))
			continue;
		found++;
		if (other->owner == NOT_CONVERTED)
			warn_of_left_out(search, other->disk, other->node, the_set, ours->owner);
	}
	if (ours->member->kind == MEMBER_LVM)
		warn_of_missing_volumes(search, ours, set);
	else if (found < ours->member->count)
		warn(search,
		     text_format("the %s on '%s' has %u members, but this machine shows %u: it was degraded, or a disk is missing",
				 set, ours->node, ours->member->count, found));
	else if (found < 2 && needs_others(ours->member))
		warn(search,
		     text_format("the %s on '%s' has other members, but this machine shows none: it was degraded, or a disk is missing",
				 set, ours->node));
}

/* ---- what the kernel has assembled ------------------------------------------ */

/* Which of the disks @node is or lies on; SIZE_MAX for none. */
static size_t disk_of_node(const struct search *search, const char *node)
{
	for (size_t i = 0; i < search->looked->count; i++) {
		const struct device *device = search->looked->device[i];

		if (device->disk.kernel &&
		    (!strcmp(device->disk.kernel, node) || list_contains(device->partitions, node)))
			return i;
	}
	return SIZE_MAX;
}

/* @holder: an array or mapping, made of disks and partitions. */
static void judge_assembled(const struct search *search, const struct device *holder)
{
	AUTO_FREE char *set = text_format("'%s'",
					  holder->mapped ? holder->mapped : holder->disk.name);
	size_t ours = NOT_CONVERTED;

	for (char **slave = holder->slaves; *slave; slave++) {
		const size_t which = disk_of_node(search, *slave);

		if (which >= search->count)
			continue;
		ours = which;
		list_append(&search->looked->device[which]->disk.sets,
			    text_format("%s: held by %s", *slave, set));
	}
	for (char **slave = holder->slaves; ours != NOT_CONVERTED && *slave; slave++) {
		const size_t which = disk_of_node(search, *slave);

		if (which >= search->count && which < search->looked->count)
			warn_of_left_out(search, &search->looked->device[which]->disk, *slave, set,
					 ours);
	}
}

static void find_assembled(const struct search *search)
{
	for (size_t i = 0; i < search->all->count; i++) {
		const struct device *device = search->all->device[i];

		if (device->slaves && !device->multipath)
			judge_assembled(search, device);
	}
}

void sets_find(const struct devices *all, const struct devices *looked, size_t count,
	       char ***warnings)
{
	struct search search = { all, looked, count, warnings, NULL, 0 };

	for (size_t i = 0; i < looked->count; i++)
		take_parts(&search, i);
	for (size_t i = 0; i < search.parts; i++)
		if (search.part[i].member->kind == MEMBER_LVM)
			name_group(&search, search.part[i].member);
	for (size_t i = 0; i < search.parts; i++)
		if (search.part[i].owner != NOT_CONVERTED)
			judge_part(&search, &search.part[i]);
	free(search.part);
	find_assembled(&search);
}
