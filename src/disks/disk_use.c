// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether the system that p2vd runs on uses a disk. */
#include "disks/disk_use.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A disk with its partitions, or a file. */
struct object {
	const char *root;
	char **nodes;   /* kernel names; a file's path */
	char **numbers; /* of each, "8:1"; "" where unknown */
	bool is_file;
};

/* In these files, \040 stands for a blank. In place. */
static void unescape(char *text)
{
	char *end = text;

	for (const char *c = text; *c; c++) {
		unsigned byte;

		if (*c == '\\' && strspn(c + 1, "01234567") >= 3 &&
		    sscanf(c + 1, "%3o", &byte) == 1) {
			*end++ = (char)byte;
			c += 3;
		} else {
			*end++ = *c;
		}
	}
	*end = '\0';
}

static bool are_same(const char *left, const char *right)
{
	struct stat a, b;

	return !strcmp(left, right) || (!stat(left, &a) && !stat(right, &b) &&
					a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

/* Which of the object's nodes a path means; NULL for none. */
static const char *node_of(const struct object *object, const char *path)
{
	AUTO_FREE char *below = text_format("%s%s", object->root, path);
	AUTO_FREE char *real = realpath(below, NULL);

	for (char **node = object->nodes; *node; node++) {
		AUTO_FREE char *own = disk_node(object->root, *node);

		if (are_same(own, real ?: below))
			return *node;
	}
	return NULL;
}

/* By its number; a file system on several devices has a number of its own. */
static const char *mounted_node(const struct object *object, const char *number, const char *source)
{
	for (size_t i = 0; object->nodes[i]; i++)
		if (!strcmp(object->numbers[i], number))
			return object->nodes[i];
	return node_of(object, source);
}

/* The first use that @use_in finds in a line of the file; NULL for none. */
static char *use_in_file(const struct object *object, const char *name,
			 char *(*use_in)(const struct object *object, char *line))
{
	AUTO_FREE char *path = text_format("%s/proc/%s", object->root, name);
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	char *line = NULL, *use = NULL;
	size_t size = 0;

	while (!use && file && getline(&line, &size, file) > 0)
		use = use_in(object, line);
	free(line);
	return use;
}

static char *mount_in(const struct object *object, char *line)
{
	AUTO_FREE char *number = NULL, *place = NULL, *source = NULL;
	const char *rest = strstr(line, " - ");
	const char *node;

	if (!rest || sscanf(line, "%*s %*s %ms %*s %ms", &number, &place) != 2 ||
	    sscanf(rest, " - %*s %ms", &source) != 1)
		return NULL;
	unescape(place);
	unescape(source);
	text_make_plain(place);
	node = mounted_node(object, number, source);
	return node ? text_format("'%s' is mounted on '%s'", node, place) : NULL;
}

static char *swap_in(const struct object *object, char *line)
{
	const char *node;

	line[strcspn(line, " \t\n")] = '\0';
	unescape(line);
	node = *line == '/' ? node_of(object, line) : NULL;
	return node ? text_format("'%s' is used as swap", node) : NULL;
}

/* What device mapper, MD or bcache have made of it. */
static char *holder_of(const struct object *object, const struct devices *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct device *holder = all->device[i];

		for (char **node = object->nodes; *node; node++)
			if (list_contains(holder->slaves, *node))
				return text_format("'%s' is held by '%s'", *node,
						   holder->mapped ?: holder->disk.name);
	}
	return NULL;
}

/* A loop device that is made of a file, and is used itself. */
static char *loop_of(const struct object *object, const struct devices *all)
{
	for (size_t i = 0; object->is_file && i < all->count; i++) {
		const char *kernel = all->device[i]->disk.kernel;
		AUTO_FREE char *file = kernel ? sysfs_line(object->root,
							   "sys/block/%s/loop/backing_file",
							   kernel) :
						NULL;
		char *use = file && node_of(object, file) ?
				    disk_use(object->root, all->device[i], all) :
				    NULL;

		if (use)
			return use;
	}
	return NULL;
}

static struct object object_of(const char *root, const struct device *device)
{
	const char *kernel = device->disk.kernel;
	struct object object = { .root = root, .is_file = !kernel };

	list_append(&object.nodes, text_copy(kernel ? kernel : device->disk.path));
	list_append(&object.numbers,
		    (kernel ? sysfs_line(root, "sys/block/%s/dev", kernel) : NULL) ?:
										     text_copy(""));
	for (char **name = device->partitions; name && *name; name++) {
		list_append(&object.nodes, text_copy(*name));
		list_append(&object.numbers,
			    sysfs_line(root, "sys/block/%s/%s/dev", kernel, *name) ?:
										     text_copy(""));
	}
	return object;
}

char *disk_use(const char *root, const struct device *device, const struct devices *all)
{
	struct object object = object_of(root, device);
	char *use = holder_of(&object, all);

	if (!use)
		use = use_in_file(&object, "self/mountinfo", mount_in);
	if (!use)
		use = use_in_file(&object, "swaps", swap_in);
	if (!use)
		use = loop_of(&object, all);
	if (!use && device->content && device->content->in_use)
		use = text_format("another program, or the kernel, has it for itself");
	list_free(object.nodes);
	list_free(object.numbers);
	return use;
}
