// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scripts that run on the conversion server: their text is in the daemon's
 * data (scripts.S), quoted values are put in front of it.
 */
#include "server/script.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define EMBEDDED(symbol) extern const char script_##symbol[], script_##symbol##_end[]
EMBEDDED(common);
EMBEDDED(probe);
EMBEDDED(workdir);
EMBEDDED(put);
EMBEDDED(launch);
EMBEDDED(follow);
EMBEDDED(status);
EMBEDDED(cancel);
EMBEDDED(wrapper);

static const struct {
	const char *file;
	const char *body, *end;
	bool common; /* needs common.sh in front of it */
} scripts[] = {
	[SCRIPT_PROBE] = { "probe.sh", script_probe, script_probe_end, true },
	[SCRIPT_WORKDIR] = { "workdir.sh", script_workdir, script_workdir_end, false },
	[SCRIPT_PUT] = { "put.sh", script_put, script_put_end, false },
	[SCRIPT_LAUNCH] = { "launch.sh", script_launch, script_launch_end, false },
	[SCRIPT_FOLLOW] = { "follow.sh", script_follow, script_follow_end, true },
	[SCRIPT_STATUS] = { "status.sh", script_status, script_status_end, true },
	[SCRIPT_CANCEL] = { "cancel.sh", script_cancel, script_cancel_end, true },
	[SCRIPT_WRAPPER] = { "virt-v2v-wrapper.sh", script_wrapper, script_wrapper_end, true },
};

const char *script_name(enum script script)
{
	return scripts[script].file;
}

/* In single quotes, sh takes everything literally but a single quote: it is put outside
 * of them, escaped. */
static void put_quoted(FILE *stream, const char *text)
{
	putc('\'', stream);
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stream);
		else
			putc(*text, stream);
	putc('\'', stream);
}

/* Closes the stream. Its text is missing only when there is no memory. */
static char *finish(FILE *stream, char **text)
{
	if (fclose(stream) || !*text)
		abort();
	return *text;
}

char *script_quote(const char *text)
{
	char *quoted = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&quoted, &size);

	if (!stream)
		abort();
	put_quoted(stream, text);
	return finish(stream, &quoted);
}

char *script_render(enum script script, const struct script_value *values, size_t count,
		    char *const *arguments)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		abort();
	fputs("#!/bin/sh\n", stream);
	for (size_t i = 0; i < count; i++) {
		fprintf(stream, "%s=", values[i].name);
		put_quoted(stream, values[i].value ? values[i].value : "");
		putc('\n', stream);
	}
	fputs("set --", stream);
	for (; arguments && *arguments; arguments++) {
		putc(' ', stream);
		put_quoted(stream, *arguments);
	}
	putc('\n', stream);
	if (scripts[script].common)
		fwrite(script_common, 1, (size_t)(script_common_end - script_common), stream);
	fwrite(scripts[script].body, 1, (size_t)(scripts[script].end - scripts[script].body),
	       stream);
	return finish(stream, &text);
}
