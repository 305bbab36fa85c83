/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees of files in a temporary directory, in place of /sys and /proc.
 * A test includes it once; what goes wrong here ends the test with a word.
 */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include "base/memory.h"
#include "base/text.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

/* A new tree; the caller gives it to tree_remove(). */
static UNUSED char *tree_new(void)
{
	const char *directory = getenv("TMPDIR");
	char *root = text_format("%s/p2vd-tree-XXXXXX", directory ? directory : "/tmp");

	if (!mkdtemp(root))
		err(1, "%s", root);
	return root;
}

static UNUSED int tree_remove_one(const char *path, const struct stat *about UNUSED,
				  int type UNUSED, struct FTW *where UNUSED)
{
	return remove(path);
}

static UNUSED void tree_remove(char *root)
{
	nftw(root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(root);
}

static UNUSED char *tree_path(const char *root, const char *name)
{
	char *path = text_format("%s/%s", root, name);

	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err(1, "%s", path);
		*slash = '/';
	}
	return path;
}

static UNUSED void tree_put_bytes(const char *root, const char *name, const void *bytes,
				  size_t length)
{
	char *path = tree_path(root, name);
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes, 1, length, file) != length || fclose(file))
		err(1, "%s", path);
	free(path);
}

static UNUSED void tree_put(const char *root, const char *name, const char *text)
{
	tree_put_bytes(root, name, text, strlen(text));
}

/* A file of @size bytes that has nothing but @bytes at @offset; one that is there keeps its own. */
static UNUSED void tree_put_at(const char *root, const char *name, uint64_t size, uint64_t offset,
			       const void *bytes, size_t length)
{
	char *path = tree_path(root, name);
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (file < 0 || ftruncate(file, (off_t)size) < 0 ||
	    pwrite(file, bytes, length, (off_t)offset) != (ssize_t)length || close(file) < 0)
		err(1, "%s", path);
	free(path);
}

/* @text into the file whose name is made as by printf. */
static UNUSED __attribute__((format(printf, 3, 4))) void tree_set(const char *root,
								  const char *text,
								  const char *format, ...)
{
	char *name = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&name, format, arguments) < 0)
		abort();
	va_end(arguments);
	tree_put(root, name, text);
	free(name);
}

static UNUSED void tree_link(const char *root, const char *name, const char *target)
{
	char *path = tree_path(root, name);

	if (symlink(target, path) < 0)
		err(1, "%s", path);
	free(path);
}

/* A disk of @sectors: sys/block/NAME, a link to sys/devices/PARENT/block/NAME. */
static UNUSED void tree_disk(const char *root, const char *name, const char *parent,
			     const char *sectors)
{
	char *device = text_format("sys/devices/%s/block/%s", parent, name);
	char *target = text_format("../../%s", device + strlen("sys/"));
	char *link = text_format("sys/block/%s", name), *attribute;

	attribute = text_format("%s/size", device);
	tree_put(root, attribute, sectors);
	tree_link(root, link, target + strlen("../"));
	free(attribute);
	free(link);
	free(target);
	free(device);
}

static UNUSED void tree_nic(const char *root, const char *name, const char *index, const char *mac)
{
	const char *const values[][2] = {
		{ "address", mac },
		{ "ifindex", index },
		{ "type", "1\n" },
		{ "device/vendor", "0x8086\n" },
	};

	for (size_t i = 0; i < COUNT(values); i++) {
		char *path = text_format("sys/class/net/%s/%s", name, values[i][0]);

		tree_put(root, path, values[i][1]);
		free(path);
	}
}

static UNUSED void tree_cpu(const char *root, unsigned cpu, unsigned package, unsigned core)
{
	char *path = text_format("sys/devices/system/cpu/cpu%u/topology/physical_package_id", cpu);
	char *value = text_format("%u\n", package);

	tree_put(root, path, value);
	free(path);
	free(value);
	path = text_format("sys/devices/system/cpu/cpu%u/topology/core_id", cpu);
	value = text_format("%u\n", core);
	tree_put(root, path, value);
	free(path);
	free(value);
}

#endif
