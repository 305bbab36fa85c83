/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the scripts of src/server on this machine, so that a test sees whether what they
 * print is what their reader expects. */
#ifndef TESTS_RUN_SCRIPT_H
#define TESTS_RUN_SCRIPT_H

#include "base/cleanup.h"
#include "base/memfile.h"
#include "base/text.h"
#include "server/script.h"

#include <err.h>
#include <string.h>
#include <sys/wait.h>

/* What @script prints, without white space at its end; its exit status goes to *@status.
 * The caller frees. */
static char *run_script(enum script script, const struct script_value *values, size_t count,
			int *status)
{
	AUTO_FREE char *text = script_render(script, values, count, NULL);
	AUTO_CLOSE int file = memfile_new("script", text, strlen(text));
	AUTO_FREE char *path = memfile_path(file);
	AUTO_FREE char *command = text_format("sh %s </dev/null", path);
	char output[65536];
	size_t length;
	FILE *pipe = popen(command, "re");

	if (!pipe)
		err(1, "%s", command);
	length = fread(output, 1, sizeof(output), pipe);
	*status = WEXITSTATUS(pclose(pipe));
	while (length && output[length - 1] == '\n')
		length--;
	return text_copy_length(output, length);
}

#endif
