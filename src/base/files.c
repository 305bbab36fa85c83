// SPDX-License-Identifier: GPL-2.0-or-later
/* Named files in memory. */
#include "base/files.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void files_put(struct files *files, const char *name, char *data, size_t length)
{
	for (size_t i = 0; i < files->count; i++)
		if (!strcmp(files->file[i].name, name)) {
			free(files->file[i].data);
			files->file[i].data = data;
			files->file[i].length = length;
			return;
		}
	APPEND(files->file, files->count, ((struct file){ text_copy(name), data, length }));
}

void files_remove(struct files *files, const char *beginning)
{
	size_t kept = 0;

	for (size_t i = 0; i < files->count; i++) {
		if (!text_begins(files->file[i].name, beginning)) {
			files->file[kept++] = files->file[i];
			continue;
		}
		free(files->file[i].name);
		free(files->file[i].data);
	}
	files->count = kept;
}

void files_clear(struct files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->file[i].name);
		free(files->file[i].data);
	}
	free(files->file);
	*files = (struct files){ 0 };
}
