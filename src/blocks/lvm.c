// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A physical volume of LVM2: what is used is its metadata, and the extents of logical volumes.
 * Volumes that people see, and that are no more than extents in a row or striped, become pieces of
 * their own.
 */
#include "blocks/lvm.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "blocks/kinds.h"

#include <string.h>

#define SECTOR 512
#define MOST_STRIPES 128

struct group {
	const struct piece *piece; /* the physical volume */
	uint64_t base; /* where that begins on the disk, in bytes */
	struct lvm_label label;
	const struct lvm_node *group;
	const char *own; /* the physical volume's name in the text */
	uint64_t extent; /* bytes */
	uint64_t start, count; /* of the physical volume's extents: in bytes, and their number */
	char **involved; /* volumes that others are made of, or are snapshots of */
	struct pieces *pieces;
};

static bool is_volume(const struct group *group, const char *name)
{
	return lvm_child(lvm_child(group->group, "physical_volumes"), name);
}

static bool same_id(const char *text, const char *id)
{
	for (; text && *text; text++)
		if (*text != '-' && *text != *id++)
			return false;
	return text && !*id;
}

/* Finds the physical volume itself in the text. */
static int find_own(struct group *group, char **reason)
{
	const struct lvm_node *volumes = lvm_child(group->group, "physical_volumes");
	uint64_t start;

	for (size_t i = 0; volumes && i < volumes->children; i++) {
		const struct lvm_node *volume = volumes->child + i;

		if (!same_id(lvm_value(volume, "id"), group->label.id))
			continue;
		group->own = volume->key;
		if (!lvm_number(volume, "pe_start", &start) ||
		    !lvm_number(volume, "pe_count", &group->count) || start > UINT64_MAX / SECTOR ||
		    start * SECTOR != group->label.data)
			return REFUSE(reason, EUCLEAN, "LVM's label and its metadata differ");
		group->start = start * SECTOR;
		if (group->start > group->piece->size ||
		    group->count > (group->piece->size - group->start) / group->extent)
			return REFUSE(reason, EUCLEAN,
				      "LVM's extents reach beyond the end of the physical volume");
		return 0;
	}
	return REFUSE(reason, EUCLEAN, "LVM's metadata does not name this physical volume");
}

static bool is_striped(const struct lvm_node *segment)
{
	const char *type = lvm_value(segment, "type");

	return type && !strcmp(type, "striped");
}

static bool is_segment(const struct lvm_node *node)
{
	return !node->value && text_begins(node->key, "segment");
}

/* A segment that is not linear or striped: the volumes that it names are parts of something else.
 * If it names a physical volume, pvmove has not ended. */
static int find_involved(struct group *group, const struct lvm_node *segment, char **reason)
{
	for (size_t i = 0; i < segment->children; i++)
		for (char **value = segment->child[i].value; value && *value; value++) {
			if (is_volume(group, *value))
				return REFUSE(reason, ENOTSUP,
					      "LVM is moving extents in it (pvmove)");
			list_append(&group->involved, text_copy(*value));
		}
	return 0;
}

static int find_all_involved(struct group *group, char **reason)
{
	const struct lvm_node *volumes = lvm_child(group->group, "logical_volumes");
	int r = 0;

	for (size_t i = 0; volumes && i < volumes->children; i++) {
		const struct lvm_node *volume = volumes->child + i;

		for (size_t j = 0; r == 0 && j < volume->children; j++)
			if (is_segment(volume->child + j) && !is_striped(volume->child + j))
				r = find_involved(group, volume->child + j, reason);
	}
	return r;
}

/* Why the volume is used wholly; NULL: it need not be. Static. */
static const char *doubt(const struct group *group, const struct lvm_node *volume)
{
	const struct lvm_node *status = lvm_child(volume, "status");

	for (size_t i = 0; i < volume->children; i++)
		if (is_segment(volume->child + i) && !is_striped(volume->child + i))
			return "it is neither linear nor striped (a snapshot, cache, RAID…)";
	if (list_contains(group->involved, volume->key))
		return "it is part of another volume, or has a snapshot";
	for (char **word = status ? status->value : NULL; word && *word; word++)
		if (!list_contains((char *[]){ "READ", "WRITE", "VISIBLE", "FIXED_MINOR", NULL },
				   *word))
			return "it is in a state that p2vd does not know";
	if (!status || !list_contains(status->value, "VISIBLE"))
		return "LVM hides it: it is a part of something else";
	return NULL;
}

struct stripes {
	uint64_t at[MOST_STRIPES]; /* on the disk, in bytes */
	size_t count; /* those that lie here */
	bool elsewhere; /* others lie on another physical volume */
	uint64_t each; /* bytes of one */
	uint64_t size; /* of what lies on one stripe in a row, in bytes */
};

static int read_stripes(const struct group *group, const struct lvm_node *segment,
			struct stripes *stripes, char **reason)
{
	const struct lvm_node *list = lvm_child(segment, "stripes");
	size_t count = list ? list_length(list->value) / 2 : 0;
	uint64_t extents, declared, first;

	*stripes = (struct stripes){ 0 };
	if (!lvm_number(segment, "extent_count", &extents) ||
	    !lvm_number(segment, "stripe_count", &declared) || !count || declared != count ||
	    count > MOST_STRIPES || list_length(list->value) % 2 || extents % count ||
	    extents / count > UINT32_MAX)
		return REFUSE(reason, EUCLEAN, "LVM's metadata has a segment that makes no sense");
	extents /= count;
	stripes->each = extents * group->extent;
	if (count > 1 && (!lvm_number(segment, "stripe_size", &stripes->size) || !stripes->size ||
			  stripes->size > UINT32_MAX))
		return REFUSE(reason, EUCLEAN, "LVM's metadata has a stripe that makes no sense");
	stripes->size *= SECTOR;
	if (count > 1 && stripes->each % stripes->size)
		return REFUSE(reason, EUCLEAN, "LVM's metadata has a stripe that makes no sense");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list->value[2 * i], group->own) != 0) {
			stripes->elsewhere = true;
			continue;
		}
		if (!lvm_is_number(list->value[2 * i + 1], &first) || first > group->count ||
		    extents > group->count - first)
			return REFUSE(reason, EUCLEAN,
				      "LVM's metadata has a segment beyond the end of the physical volume");
		stripes->at[stripes->count++] = group->base + group->start + first * group->extent;
	}
	return 0;
}

/* Adds the segment to the piece: as it is, or, where the piece is used wholly, what of it lies
 * here. */
static void add_segment(struct piece *piece, const struct stripes *stripes)
{
	if (!piece->reason) {
		piece_add(piece, stripes->each * stripes->count, stripes->size, stripes->at,
			  stripes->count);
		piece->size += stripes->each * stripes->count;
		return;
	}
	for (size_t i = 0; i < stripes->count; i++) {
		piece_add(piece, stripes->each, 0, stripes->at + i, 1);
		piece->size += stripes->each;
	}
}

/* Its segments have to stand in the text in the order of their extents. */
static int add_volume(struct group *group, const struct lvm_node *volume, char **reason)
{
	struct piece *piece = pieces_add(group->pieces,
					 text_format("volume %s/%s", group->group->key,
						     volume->key),
					 0);
	const char *why = doubt(group, volume);
	struct stripes stripes;
	uint64_t next = 0, start, count;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < volume->children; i++) {
			const struct lvm_node *segment = volume->child + i;
			int r;

			if (!is_segment(segment) || !lvm_child(segment, "stripes"))
				continue;
			r = read_stripes(group, segment, &stripes, reason);
			if (r < 0)
				return r;
			if (pass == 1) {
				add_segment(piece, &stripes);
				continue;
			}
			if (stripes.elsewhere)
				why = why ?: "it lies on several physical volumes";
			if (!lvm_number(segment, "start_extent", &start) || start != next ||
			    !lvm_number(segment, "extent_count", &count))
				why = why ?: "its segments are not in order";
			else
				next += count;
			if (pass == 0 && why)
				piece_wholly(piece, why);
		}
	if (why)
		piece_wholly(piece, why);
	if (!piece->size) { /* nothing of it lies here */
		struct pieces last = { group->pieces->piece + --group->pieces->count, 1 };

		free(last.piece->name);
		free(last.piece->reason);
		free(last.piece->segment);
	}
	return 0;
}

static int expand(struct group *group, struct extents *extents, char **reason)
{
	const struct lvm_node *root = group->label.text, *volumes;
	uint64_t sectors, end;
	int r;

	for (size_t i = 0; i < root->children; i++)
		if (!root->child[i].value)
			group->group = group->group ?: root->child + i;
	if (!group->group || !lvm_number(group->group, "extent_size", &sectors) || !sectors ||
	    sectors > UINT32_MAX)
		return REFUSE(reason, EUCLEAN, "LVM's metadata has no volume group");
	group->extent = sectors * SECTOR;
	r = find_own(group, reason);
	if (r == 0)
		r = find_all_involved(group, reason);
	volumes = lvm_child(group->group, "logical_volumes");
	for (size_t i = 0; r == 0 && volumes && i < volumes->children; i++)
		r = add_volume(group, volumes->child + i, reason);
	end = group->start + group->count * group->extent;
	piece_used(group->piece, extents, 0, group->start);
	piece_used(group->piece, extents, end, group->piece->size - end);
	return r;
}

int lvm_expand(const struct piece *piece, int disk, struct pieces *pieces, struct extents *extents,
	       char **reason)
{
	struct group group = { .piece = piece, .pieces = pieces };
	int r;

	if (!piece_in_one(piece, &group.base))
		return REFUSE(reason, ENOTSUP,
			      "p2vd does not look into a physical volume that lies in several parts");
	r = lvm_label_read(piece, disk, &group.label, reason);
	if (r == 0)
		r = expand(&group, extents, reason);
	lvm_text_free(group.label.text);
	list_free(group.involved);
	return r;
}
