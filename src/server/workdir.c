// SPDX-License-Identifier: GPL-2.0-or-later
/* The work directory on the conversion server. */
#include "server/workdir.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/remote.h"

#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>

#define MAKE_SECONDS 300

struct making {
	void (*done)(void *user, const char *path, const char *reason);
	void *user;
};

void workdir_unique(char unique[static WORKDIR_UNIQUE])
{
	sd_id128_t id;

	if (sd_id128_randomize(&id) < 0)
		abort(); /* the kernel has no random numbers */
	snprintf(unique, WORKDIR_UNIQUE, "%.8s", SD_ID128_TO_STRING(id));
}

bool workdir_is_path(const char *answer)
{
	const char *rest = answer + strlen(WORKDIR_PREFIX);

	return text_begins(answer, WORKDIR_PREFIX) && *rest && text_is_alphanumeric(rest, "-");
}

char *workdir_refused(const char *what, const char *said)
{
	AUTO_FREE char *reason = remote_reason(what, said);

	return text_format("%s; '/tmp' there must be writable for our user, with free space and inodes, which a quota may limit, too",
			   reason);
}

static void on_made(void *user, int status, const char *output, const char *error)
{
	AUTO_FREE struct making *making = user;
	AUTO_FREE char *reason = NULL;

	if (status == 0 && workdir_is_path(output)) {
		making->done(making->user, output, NULL);
		return;
	}
	reason = workdir_refused("create a work directory in /tmp", *error ? error : output);
	making->done(making->user, NULL, reason);
}

/* The script's value and its input: a line for each file, and their contents. */
static void pack(const struct files *files, char **list, char **contents, size_t *length)
{
	size_t ignored;
	FILE *lines = open_memstream(list, &ignored);
	FILE *bytes = open_memstream(contents, length);

	if (!lines || !bytes)
		abort(); /* no memory */
	for (const struct file *file = files->file; file < files->file + files->count; file++) {
		fprintf(lines, "%zu %s\n", file->length, file->name);
		fwrite(file->data, 1, file->length, bytes);
	}
	if (fclose(lines) || fclose(bytes))
		abort();
}

void workdir_make(struct ssh *ssh, const char *unique, const struct files *files,
		  void (*done)(void *user, const char *path, const char *reason), void *user)
{
	struct making *making = memory_zero(1, sizeof(*making));
	AUTO_FREE char *list = NULL;
	AUTO_FREE char *contents = NULL;
	size_t length;

	*making = (struct making){ done, user };
	pack(files, &list, &contents, &length);
	remote_run(ssh, &(struct remote_call){
				.script = SCRIPT_WORKDIR,
				.values = (struct script_value[]){ { "unique", unique },
								   { "files", list } },
				.count = 2,
				.input = contents,
				.input_length = length,
				.timeout = MAKE_SECONDS,
				.done = on_made,
				.dropped = free,
				.user = making,
			});
}
