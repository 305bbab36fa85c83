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

/* In scripts.S, each with a NUL at its end. */
extern const char script_begin[], script_common[], script_slots[], script_queue[], script_leave[],
	script_probe[], script_workdir[], script_relay[], script_substitute[], script_again[],
	script_launch[], script_follow[], script_status[], script_cancel[], script_wrapper[];

static const struct {
	const char *body, *second; /* @second stands behind it; or NULL */
	bool slots;                /* slots.sh stands in front */
} scripts[] = {
	[SCRIPT_PROBE] = { script_probe, NULL, false },
	[SCRIPT_WORKDIR] = { script_workdir, script_relay, false },
	[SCRIPT_SUBSTITUTE] = { script_substitute, NULL, false },
	[SCRIPT_LAUNCH] = { script_again, script_launch, false },
	[SCRIPT_FOLLOW] = { script_follow, NULL, false },
	[SCRIPT_STATUS] = { script_status, NULL, false },
	[SCRIPT_CANCEL] = { script_cancel, NULL, true },
	[SCRIPT_WRAPPER] = { script_wrapper, NULL, true },
	[SCRIPT_QUEUE] = { script_queue, NULL, true },
	[SCRIPT_LEAVE] = { script_leave, NULL, true },
};

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

char *script_render(enum script script, const struct script_value *values, size_t count,
		    char *const *arguments)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		abort(); /* no memory */
	fputs("#!/bin/sh\n", stream);
	/* A variable that the login's environment has would stay there with its new value. */
	for (size_t i = 0; i < count; i++)
		fprintf(stream, "%s%s%s", i ? " " : "unset ", values[i].name,
			i + 1 == count ? "\n" : "");
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
	fputs(script_begin, stream);
	fputs(script_common, stream);
	if (scripts[script].slots)
		fputs(script_slots, stream);
	fputs(scripts[script].body, stream);
	fputs(scripts[script].second ?: "", stream);
	if (fclose(stream))
		abort();
	return text;
}
