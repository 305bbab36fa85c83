// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scripts that run on the conversion server: their text is in the daemon's
 * data (scripts.S), quoted values are put in front of it.
 */
#include "server/script.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* In scripts.S, each with a NUL at its end. */
extern const char script_begin[], script_common[], script_slots[], script_keeper[], script_queue[],
	script_leave[], script_probe[], script_workdir[], script_relay[], script_substitute[],
	script_again[], script_launch[], script_follow[], script_status[], script_cancel[],
	script_wrapper[];

static const struct {
	const char *body, *second; /* @second stands behind it; or NULL */
	enum { PLAIN, SLOTS, KEEPER } queue; /* slots.sh stands in front; and keeper.sh */
} scripts[] = {
	[SCRIPT_PROBE] = { script_probe, NULL, KEEPER },
	[SCRIPT_WORKDIR] = { script_workdir, script_relay, PLAIN },
	[SCRIPT_SUBSTITUTE] = { script_substitute, NULL, PLAIN },
	[SCRIPT_LAUNCH] = { script_again, script_launch, PLAIN },
	[SCRIPT_FOLLOW] = { script_follow, NULL, PLAIN },
	[SCRIPT_STATUS] = { script_status, NULL, PLAIN },
	[SCRIPT_CANCEL] = { script_cancel, NULL, SLOTS },
	[SCRIPT_WRAPPER] = { script_wrapper, NULL, SLOTS },
	[SCRIPT_QUEUE] = { script_queue, NULL, KEEPER },
	[SCRIPT_LEAVE] = { script_leave, NULL, SLOTS },
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
	if (scripts[script].queue != PLAIN)
		fputs(script_slots, stream);
	if (scripts[script].queue == KEEPER)
		fputs(script_keeper, stream);
	fputs(scripts[script].body, stream);
	fputs(scripts[script].second ?: "", stream);
	if (fclose(stream))
		abort();
	return text;
}
