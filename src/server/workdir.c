// SPDX-License-Identifier: GPL-2.0-or-later
/* The work directory on the conversion server. */
#include "server/workdir.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/relay.h"
#include "server/remote.h"
#include "server/v2v.h"

#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>

#define MAKE_SECONDS 300

struct making {
	void (*done)(void *user, const char *path, const uint16_t *ports, const char *reason);
	void *user;
	size_t disks; /* that the relay is to serve; 0: there is no relay */
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

/* The first line is the path, the others are the relay's. */
static void on_made(void *user, int status, const char *output, const char *error)
{
	AUTO_FREE struct making *making = user;
	AUTO_FREE char *path = text_copy_length(output, strcspn(output, "\n"));
	const char *rest = output + strlen(path) + (output[strlen(path)] == '\n');
	AUTO_FREE char *substitute = relay_read_substitute(&rest);
	AUTO_FREE uint16_t *ports = memory_zero(making->disks + 1, sizeof(*ports));
	AUTO_FREE char *reason = NULL;

	if (status != 0 || !workdir_is_path(path) || (!making->disks && *rest)) {
		reason = workdir_refused("create a work directory in /tmp",
					 *error ? error : output);
		making->done(making->user, NULL, NULL, reason);
	} else if (!making->disks) {
		making->done(making->user, path, NULL, NULL);
	} else if (relay_read_ports(rest, ports, making->disks)) {
		making->done(making->user, path, ports, substitute);
	} else {
		making->done(making->user, path, NULL, relay_read_refusal(rest));
	}
}

/* A line for each file, and their contents. */
void workdir_pack(const struct files *files, char **list, char **contents, size_t *length)
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

void workdir_make(struct ssh *ssh, const struct workdir_call *call)
{
	struct script_value values[V2V_VALUES + 5];
	struct making *making = memory_zero(1, sizeof(*making));
	size_t length, disks = list_length(call->disks);
	size_t count = v2v_values(call->config, call->name, NULL, values);
	AUTO_FREE char *number = text_format("%zu", disks);
	AUTO_FREE char *list = NULL;
	AUTO_FREE char *contents = NULL;
	AUTO_LIST char **arguments = NULL;

	*making = (struct making){ call->done, call->user, disks };
	workdir_pack(call->files, &list, &contents, &length);
	values[count++] = (struct script_value){ "unique", call->unique };
	values[count++] = (struct script_value){ "files", list };
	values[count++] = (struct script_value){ "disks", number };
	values[count++] = (struct script_value){ "obstacle", call->obstacle };
	values[count++] = (struct script_value){ "store", call->config->store };
	relay_add_options(&arguments, call->config);
	for (size_t i = 0; i < disks; i++)
		list_append(&arguments, text_copy(call->disks[i]));
	remote_run(ssh, &(struct remote_call){
				.script = SCRIPT_WORKDIR,
				.values = values,
				.count = count,
				.arguments = arguments,
				.input = contents,
				.input_length = length,
				.timeout = MAKE_SECONDS,
				.done = on_made,
				.dropped = free,
				.user = making,
			});
}
