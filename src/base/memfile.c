// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that exists only in memory. */
#include "base/memfile.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <sys/mman.h>
#include <sys/stat.h>

int memfile_new(const char *name, const void *data, size_t length)
{
	AUTO_CLOSE int fd = memfd_create(name, MFD_CLOEXEC);
	const char *rest = data;
	int result;

	if (fd < 0 || fchmod(fd, S_IRUSR | S_IWUSR) < 0)
		return -errno;
	while (length) {
		ssize_t written = write(fd, rest, length);

		if (written < 0)
			return -errno;
		rest += written;
		length -= written;
	}
	result = fd;
	fd = -1;
	return result;
}

char *memfile_path(int descriptor)
{
	return text_format("/proc/%d/fd/%d", getpid(), descriptor);
}
