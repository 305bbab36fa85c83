/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Named files in memory, on their way to a directory elsewhere. Zeroed to begin with. */
#ifndef P2VD_FILES_H
#define P2VD_FILES_H

#include <stddef.h>

struct file {
	char *name; /* a plain file name, or tunnels/ and one (relay/tunnels.h) */
	char *data;
	size_t length; /* bytes */
};

struct files {
	struct file *file;
	size_t count;
};

/* Adds a file, or replaces the data of the one with this name. @name is copied; @data
 * now belongs to @files. */
void files_put(struct files *files, const char *name, char *data, size_t length);

/* Frees all files whose name begins with @beginning. */
void files_remove(struct files *files, const char *beginning);

/* Frees all files. What is left is empty and can be used again. */
void files_clear(struct files *files);

#endif
