// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What XFS uses: all but the free extents that xfs_db lists. Only where the log is clean, which
 * xfs_logprint tells: a log that was not replayed may say otherwise.
 */
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "blocks/kinds.h"
#include "blocks/tool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* As Linux defines them in fs/xfs/libxfs/xfs_format.h: those of which we know that they do not
 * change what a free extent is. */
#define KNOWN_READ_ONLY ((uint64_t)0x0f)   /* finobt, rmapbt, reflink, inobtcounts */
#define KNOWN_INCOMPATIBLE ((uint64_t)0xef) /* all up to the parent pointers but "needs repair" */
#define LAZY_COUNT ((uint64_t)2)
#define VERSION_MASK ((uint64_t)15)
#define MOST_GROUPS 100000
#define AT_ONCE 200 /* groups */

enum field {
	VERSION,
	FEATURES2,
	READ_ONLY,
	INCOMPATIBLE,
	LOG_INCOMPATIBLE,
	BLOCKS,
	BLOCK_SIZE,
	GROUPS,
	GROUP_BLOCKS,
	FREE_BLOCKS,
	LOG_START,
	IN_PROGRESS,
	FIELDS,
};

static const char *const fields[FIELDS] = {
	[VERSION] = "versionnum",
	[FEATURES2] = "features2",
	[READ_ONLY] = "features_ro_compat",
	[INCOMPATIBLE] = "features_incompat",
	[LOG_INCOMPATIBLE] = "features_log_incompat",
	[BLOCKS] = "dblocks",
	[BLOCK_SIZE] = "blocksize",
	[GROUPS] = "agcount",
	[GROUP_BLOCKS] = "agblocks",
	[FREE_BLOCKS] = "fdblocks",
	[LOG_START] = "logstart",
	[IN_PROGRESS] = "inprogress",
};

/* Only root may have a device's buffers written, which xfs_db attempts at its end. */
static const char *const forgiven[] = { "xfs_db: Flushing the data device failed, err=13!",
					"xfs_db: flush of device", "V4 filesystems are deprecated",
					NULL };

struct xfs {
	struct inspection *inspection;
	char device[TOOL_DEVICE];
	uint64_t super[FIELDS];
	uint64_t group;      /* whose free blocks are being listed */
	struct extents free; /* in the group's blocks */
	uint64_t free_blocks; /* as listed */
	uint64_t counted;     /* the same as the groups count them */
	uint64_t tree_blocks; /* of the trees that list them, which count as free, too */
};

/* "blocksize = 4096", "versionnum = 0xb4a5" */
static bool field_of(const char *line, const char *name, uint64_t *value)
{
	size_t length = strlen(name);
	char *end;

	if (strncmp(line, name, length) != 0 || strncmp(line + length, " = ", 3) != 0)
		return false;
	if (line[length + 3] < '0' || line[length + 3] > '9')
		return false;
	*value = strtoull(line + length + 3, &end, 0);
	return !*end;
}

static int read_super(struct xfs *xfs, char **reason)
{
	char print[512] = "p";
	const char *argv[] = { "xfs_db", "-r", "-c", "sb 0", "-c", print, xfs->device, NULL };
	unsigned found = 0;
	struct tool tool;
	int r;

	for (int i = 0; i < FIELDS; i++) {
		strcat(print, " ");
		strcat(print, fields[i]);
	}
	r = tool_start(&tool, argv, reason);
	if (r < 0)
		return r;
	while (tool_line(&tool)) {
		if (found == FIELDS || !field_of(tool.line, fields[found], xfs->super + found))
			return tool_nonsense(&tool, reason);
		found++;
	}
	r = tool_end(&tool, forgiven, reason);
	if (r == 0 && found != FIELDS)
		return REFUSE(reason, EUCLEAN, "xfs_db does not tell all of its super block");
	return r;
}

static int check_super(const struct xfs *xfs, char **reason)
{
	const uint64_t *super = xfs->super, version = super[VERSION] & VERSION_MASK;

	if (version != 4 && version != 5)
		return REFUSE(reason, ENOTSUP, "XFS of version %" PRIu64 " is not known", version);
	if (version == 5 && (super[READ_ONLY] & ~KNOWN_READ_ONLY ||
			     super[INCOMPATIBLE] & ~KNOWN_INCOMPATIBLE || super[LOG_INCOMPATIBLE]))
		return REFUSE(reason, ENOTSUP,
			      "it has features that p2vd does not know (%#" PRIx64 " %#" PRIx64
			      " %#" PRIx64 ")",
			      super[READ_ONLY], super[INCOMPATIBLE], super[LOG_INCOMPATIBLE]);
	if (super[IN_PROGRESS])
		return REFUSE(reason, EUCLEAN, "mkfs.xfs was not finished");
	if (!super[LOG_START])
		return REFUSE(reason, ENOTSUP, "its log is on another device");
	if (super[BLOCK_SIZE] < 512 || super[BLOCK_SIZE] > 65536 || !super[GROUPS] ||
	    super[GROUPS] > MOST_GROUPS || !super[GROUP_BLOCKS] || !super[BLOCKS] ||
	    super[GROUPS] > UINT64_MAX / super[GROUP_BLOCKS] ||
	    (super[BLOCKS] - 1) / super[GROUP_BLOCKS] != super[GROUPS] - 1)
		return REFUSE(reason, EUCLEAN, "its super block makes no sense");
	if (super[BLOCKS] > xfs->inspection->piece->size / super[BLOCK_SIZE])
		return REFUSE(reason, EUCLEAN,
			      "it is larger than the partition or volume that it is in");
	return 0;
}

static int check_log(const struct xfs *xfs, char **reason)
{
	const char *argv[] = { "xfs_logprint", "-t", xfs->device, NULL };
	bool clean = false;
	struct tool tool;
	int r = tool_start(&tool, argv, reason);

	if (r < 0)
		return r;
	while (tool_line(&tool))
		clean = clean ||
			(strstr(tool.line, "log tail:") && strstr(tool.line, "state: <CLEAN>"));
	r = tool_end(&tool, forgiven, reason);
	if (r == 0 && !clean)
		return REFUSE(reason, EUCLEAN,
			      "its log has not been replayed: it was not unmounted");
	return r;
}

/* Tells what of that range of a group's blocks is used. */
static void tell_used(void *user, uint64_t block, uint64_t length)
{
	const struct xfs *xfs = user;
	uint64_t start = xfs->group * xfs->super[GROUP_BLOCKS] + block;

	inspection_used(xfs->inspection, start * xfs->super[BLOCK_SIZE],
			length * xfs->super[BLOCK_SIZE]);
}

static uint64_t blocks_in(const struct xfs *xfs, uint64_t group)
{
	uint64_t left = xfs->super[BLOCKS] - group * xfs->super[GROUP_BLOCKS];

	return left < xfs->super[GROUP_BLOCKS] ? left : xfs->super[GROUP_BLOCKS];
}

static void start_group(struct xfs *xfs, uint64_t group)
{
	xfs->group = group;
	extents_start(&xfs->free, blocks_in(xfs, group));
	xfs->free.shift = 0;
}

/* Tells the groups up to @group; the list then begins with that one. */
static void go_to_group(struct xfs *xfs, uint64_t group)
{
	while (xfs->group < group) {
		extents_sort(&xfs->free);
		extents_invert(&xfs->free, tell_used, xfs);
		extents_clear(&xfs->free);
		if (xfs->group + 1 == xfs->super[GROUPS]) {
			xfs->group++;
			return;
		}
		start_group(xfs, xfs->group + 1);
	}
}

/* A line is a group, a block in it, and a length. */
static bool read_line(struct xfs *xfs, const char *line)
{
	uint64_t group, block, length;

	if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64, &group, &block, &length) != 3 ||
	    group < xfs->group || group >= xfs->super[GROUPS])
		return false;
	go_to_group(xfs, group);
	if (block >= xfs->free.size || length > xfs->free.size - block)
		return false;
	extents_add(&xfs->free, block, length);
	xfs->free_blocks += length;
	return true;
}

/* The blocks that each group keeps for its trees come first, in any order. A table of lengths
 * comes behind the last line. */
static int read_free(struct xfs *xfs, char **reason)
{
	const char *argv[] = { "xfs_db", "-r", "-c", "freesp -d", xfs->device, NULL };
	bool begun = false, listed = false;
	struct tool tool;
	int r = tool_start(&tool, argv, reason);

	if (r < 0)
		return r;
	start_group(xfs, 0);
	while (tool_line(&tool)) {
		if (listed)
			continue;
		if (!begun && strstr(tool.line, "agbno"))
			begun = true;
		else if (begun && strstr(tool.line, "extents"))
			listed = true;
		else if (!begun || !read_line(xfs, tool.line))
			return tool_nonsense(&tool, reason);
	}
	r = tool_end(&tool, forgiven, reason);
	if (r == 0 && !listed)
		return REFUSE(reason, EUCLEAN, "xfs_db has not listed all that is free in it");
	go_to_group(xfs, xfs->super[GROUPS]);
	return r;
}

/* The counters of some groups, from @first on. */
static int read_counters(struct xfs *xfs, uint64_t first, uint64_t count, char **reason)
{
	static const char *const names[] = { "freeblks", "flcount", "btreeblks" };
	AUTO_LIST char **argv = NULL;
	unsigned found = 0;
	struct tool tool;
	int r;

	list_append(&argv, text_copy("xfs_db"));
	list_append(&argv, text_copy("-r"));
	for (uint64_t group = first; group < first + count; group++) {
		list_append(&argv, text_format("-cagf %" PRIu64, group));
		list_append(&argv, text_copy("-cp freeblks flcount btreeblks"));
	}
	list_append(&argv, text_copy(xfs->device));
	r = tool_start(&tool, (const char *const *)argv, reason);
	if (r < 0)
		return r;
	for (; tool_line(&tool); found++) {
		uint64_t value;

		if (!field_of(tool.line, names[found % COUNT(names)], &value))
			return tool_nonsense(&tool, reason);
		*(found % COUNT(names) < 2 ? &xfs->counted : &xfs->tree_blocks) += value;
	}
	r = tool_end(&tool, forgiven, reason);
	if (r == 0 && found != count * COUNT(names))
		return REFUSE(reason, EUCLEAN, "xfs_db does not tell the counters of its groups");
	return r;
}

static int check_counters(struct xfs *xfs, char **reason)
{
	uint64_t all = xfs->super[FREE_BLOCKS];
	int r = 0;

	for (uint64_t group = 0; r == 0 && group < xfs->super[GROUPS]; group += AT_ONCE) {
		uint64_t left = xfs->super[GROUPS] - group;

		r = read_counters(xfs, group, left < AT_ONCE ? left : AT_ONCE, reason);
	}
	if (r < 0)
		return r;
	if (xfs->counted != xfs->free_blocks)
		return REFUSE(reason, EUCLEAN,
			      "%" PRIu64 " of its blocks are free, but its groups say %" PRIu64,
			      xfs->free_blocks, xfs->counted);
	/* Usually the trees that list what is free count as free themselves. */
	if (xfs->super[FEATURES2] & LAZY_COUNT)
		all -= xfs->tree_blocks;
	if (all != xfs->free_blocks)
		return REFUSE(reason, EUCLEAN,
			      "%" PRIu64 " of its blocks are free, but it says %" PRIu64,
			      xfs->free_blocks, all);
	return 0;
}

int xfs_inspect(struct inspection *inspection, char **reason)
{
	struct xfs xfs = { .inspection = inspection };
	int r = tool_device(inspection, xfs.device, reason);
	uint64_t end;

	if (r == 0)
		r = read_super(&xfs, reason);
	if (r == 0)
		r = check_super(&xfs, reason);
	if (r == 0)
		r = check_log(&xfs, reason);
	if (r == 0)
		r = read_free(&xfs, reason);
	if (r == 0)
		r = check_counters(&xfs, reason);
	if (r < 0)
		return r;
	end = xfs.super[BLOCKS] * xfs.super[BLOCK_SIZE];
	inspection_used(inspection, end, inspection->piece->size - end);
	return 0;
}
