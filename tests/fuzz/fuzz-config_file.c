// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as the file that p2v.config names: read, and made into a configuration. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/secret.h"
#include "config/config.h"
#include "config/config_file.h"
#include "run-files.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *reason = NULL;
	struct cmdline words;
	struct config config;

	if (config_file_read(&words, (const char *)data, size, false, &reason) < 0) {
		/* A message of ours is one line. */
		if (!*reason || strpbrk(reason, "\r\n") || words.count)
			abort();
		return 0;
	}
	if (reason || words.unclosed)
		abort();
	for (size_t i = 0; i < words.count; i++)
		if (strncmp(words.word[i].name, "p2v.", 4) || !words.word[i].line)
			abort();
	log_set_sink(expect_plain, NULL);
	config_init(&config);
	config_read(&config, &words);
	if (config.configuration)
		abort();
	config_clear(&config);
	cmdline_clear(&words);
	secret_forget_all();
	return 0;
}
