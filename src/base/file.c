// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a small file as a whole, or one line or everything from a descriptor. */
#include "base/file.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

ssize_t file_fill(int fd, char *data, size_t most, const char *stop)
{
	size_t length = 0;

	while (length < most) {
		ssize_t r = read(fd, data + length, most - length);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return r;
		if (r == 0 || (stop && memchr(data + length, *stop, (size_t)r)))
			return (ssize_t)length + r;
		length += (size_t)r;
	}
	return (ssize_t)length;
}

char *file_read(const char *path, size_t most, size_t *length)
{
	/* O_NONBLOCK: do not wait until somebody writes into a FIFO. */
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	char *data;
	ssize_t r;

	if (fd < 0 || fstat(fd, &status) < 0)
		return NULL;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	if (status.st_size < (off_t)most)
		most = (size_t)status.st_size;
	data = memory_zero(most + 1, 1);
	r = file_fill(fd, data, most, NULL);
	if (r < 0) {
		secret_free_length(data, most + 1);
		return NULL;
	}
	*length = (size_t)r;
	return data;
}

char *file_read_line(int fd, size_t most)
{
	char *data = memory_zero(most + 2, 1);
	ssize_t length = file_fill(fd, data, most + 1, "\n");

	if (length >= 0) {
		size_t line = strcspn(data, "\n");

		explicit_bzero(data + line, most + 2 - line);
		if (line <= most)
			return data;
		errno = EFBIG;
	}
	secret_free_length(data, most + 2);
	return NULL;
}

char *file_read_all(int fd, size_t most, size_t *length)
{
	char *data = memory_zero(most + 2, 1);
	ssize_t r = file_fill(fd, data, most + 1, NULL);

	if (r >= 0 && (size_t)r <= most) {
		*length = (size_t)r;
		return data;
	}
	if (r >= 0)
		errno = EFBIG;
	secret_free_length(data, most + 2);
	return NULL;
}
