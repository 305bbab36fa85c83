// SPDX-License-Identifier: GPL-2.0-or-later
/* A small file, read whole. */
#include "file.h"

#include "cleanup.h"
#include "secret.h"
#include "text.h"

#include <fcntl.h>
#include <sys/stat.h>

char *file_read(const char *path, size_t most, size_t *length)
{
	/* Not to wait for a pipe's writer. */
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	char *data;
	ssize_t r = 1;

	if (fd < 0 || fstat(fd, &status) < 0)
		return NULL;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	if (status.st_size < (off_t)most)
		most = (size_t)status.st_size;
	data = text_zero(most + 1, 1);
	for (*length = 0; r > 0 && *length < most; *length += (size_t)r) {
		r = read(fd, data + *length, most - *length);
		if (r < 0) {
			secret_free_length(data, most + 1);
			return NULL;
		}
	}
	return data;
}
