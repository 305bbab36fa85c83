// SPDX-License-Identifier: GPL-2.0-or-later
/* The work directory on the conversion server. */
#include "server/workdir.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/remote.h"

#include <string.h>

#define MAKE_SECONDS 60
#define PUT_SECONDS 300

struct making {
	void (*done)(void *user, const char *path, const char *reason);
	void *user;
};

struct putting {
	struct ssh *ssh;
	char *path;
	const struct files *files;
	size_t next;
	void (*done)(void *user, const char *reason);
	void *user;
};

bool workdir_is_path(const char *answer)
{
	const char *rest = answer + strlen(WORKDIR_PREFIX);

	return text_begins(answer, WORKDIR_PREFIX) && *rest && text_is_alphanumeric(rest, "-");
}

static void on_made(void *user, int status, const char *output, const char *error)
{
	AUTO_FREE struct making *making = user;
	AUTO_FREE char *reason = NULL;

	if (status == 0 && workdir_is_path(output)) {
		making->done(making->user, output, NULL);
		return;
	}
	reason = remote_reason("create a work directory in /tmp", *error ? error : output);
	making->done(making->user, NULL, reason);
}

void workdir_make(struct ssh *ssh, void (*done)(void *user, const char *path, const char *reason),
		  void *user)
{
	struct making *making = memory_zero(1, sizeof(*making));

	*making = (struct making){ done, user };
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_WORKDIR,
					       .timeout = MAKE_SECONDS,
					       .done = on_made,
					       .dropped = free,
					       .user = making });
}

static void put_next(struct putting *putting);

static void putting_free(void *user)
{
	struct putting *putting = user;

	free(putting->path);
	free(putting);
}

static void put_finish(struct putting *putting, const char *reason)
{
	putting->done(putting->user, reason);
	putting_free(putting);
}

static void on_put(void *user, int status, const char *output, const char *error)
{
	struct putting *putting = user;
	AUTO_FREE char *what = NULL;
	AUTO_FREE char *reason = NULL;

	(void)output;
	if (status == 0) {
		putting->next++;
		put_next(putting);
		return;
	}
	what = text_format("write '%s/%s'", putting->path,
			   putting->files->file[putting->next].name);
	reason = remote_reason(what, error);
	put_finish(putting, reason);
}

static void put_next(struct putting *putting)
{
	const struct file *file;
	AUTO_FREE char *size = NULL;

	if (putting->next == putting->files->count) {
		put_finish(putting, NULL);
		return;
	}
	file = &putting->files->file[putting->next];
	size = text_format("%zu", file->length);
	struct script_value values[] = {
		{ "workdir", putting->path },
		{ "file", file->name },
		{ "size", size },
	};
	remote_run(putting->ssh, &(struct remote_call){ .script = SCRIPT_PUT,
							.values = values,
							.count = COUNT(values),
							.input = file->data,
							.input_length = file->length,
							.timeout = PUT_SECONDS,
							.done = on_put,
							.dropped = putting_free,
							.user = putting });
}

void workdir_put(struct ssh *ssh, const char *path, const struct files *files,
		 void (*done)(void *user, const char *reason), void *user)
{
	struct putting *putting = memory_zero(1, sizeof(*putting));

	*putting = (struct putting){
		.ssh = ssh,
		.path = text_copy(path),
		.files = files,
		.done = done,
		.user = user,
	};
	put_next(putting);
}
