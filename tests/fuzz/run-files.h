/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every fuzz target includes this at its end. Without libFuzzer (-DLIBFUZZER) it has a
 * main() that runs the target on the files that are named, so that the seed corpus is an
 * ordinary test. It also has functions that some targets share.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A log_sink_t that checks that messages have nothing that a terminal would obey. */
static inline void expect_plain(void *user, int priority, const char *line)
{
	(void)user;
	(void)priority;
	for (; *line; line++)
		if ((unsigned char)*line < ' ')
			abort();
}

#ifndef LIBFUZZER
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		uint8_t *data = malloc(1 << 20);
		size_t size = file && data ? fread(data, 1, 1 << 20, file) : 0;
		/* Exactly as large as the input, so that a sanitizer sees a read beyond its end. */
		uint8_t *exact = malloc(size ? size : 1);

		if (!file || !data || !exact) {
			perror(argv[i]);
			return 1;
		}
		for (size_t j = 0; j < size; j++)
			exact[j] = data[j];
		LLVMFuzzerTestOneInput(exact, size);
		fclose(file);
		free(data);
		free(exact);
	}
	printf("%d inputs\n", argc - 1);
	return 0;
}
#endif
