// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a kernel command line: split, then read as a configuration. */
#include "cleanup.h"
#include "cmdline.h"
#include "log.h"
#include "parameters.h"
#include "run-files.h"
#include "secret.h"
#include "text.h"

#include <string.h>

static void hear(void *user, int priority, const char *line)
{
	(void)user;
	(void)priority;
	/* Nothing that a terminal would act on comes through. */
	for (; *line; line++)
		if ((unsigned char)*line < ' ')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = text_copy_length((const char *)data, size);
	AUTO_FREE char *printed = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&printed, &length);
	struct cmdline cmdline;
	struct config config;

	cmdline_split(&cmdline, (const char *)data, size);
	cmdline_clear(&cmdline);

	log_set_sink(hear, NULL);
	config_init(&config);
	config_parse(&config, text);
	config_print(&config, stream);
	config_clear(&config);
	secret_forget_all();
	fclose(stream);
	return 0;
}
