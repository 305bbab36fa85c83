// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading what the kernel shows as files. */
#include "base/sysfs.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_TEXT ((size_t)64 * 1024)

static char *path_of(const char *root, const char *format, va_list arguments)
{
	AUTO_FREE char *relative = text_format_arguments(format, arguments);

	return text_format("%s/%s", root, relative);
}

/* Sets @path from the arguments that follow @format. */
#define PATH_OF(path, root, format)                         \
	do {                                                \
		va_list arguments_;                         \
		va_start(arguments_, format);               \
		(path) = path_of(root, format, arguments_); \
		va_end(arguments_);                         \
	} while (0)

/* O_NONBLOCK: do not wait if there is a FIFO in place of an attribute. */
ssize_t sysfs_bytes(const char *path, off_t offset, void *buffer, size_t size)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || (offset && lseek(fd, offset, SEEK_SET) < 0))
		return -1;
	return file_fill(fd, buffer, size, NULL);
}

static char *trimmed(const char *bytes, size_t length)
{
	char *text;

	while (length && (isspace((unsigned char)bytes[length - 1]) || !bytes[length - 1]))
		length--;
	while (length && isspace((unsigned char)*bytes)) {
		bytes++;
		length--;
	}
	if (!length)
		return NULL;
	text = memory_zero(length + 1, 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		bool plain = byte == '\n' || byte == '\t' || (byte >= ' ' && byte < 0x7f);

		text[i] = plain ? (char)byte : '?';
	}
	return text;
}

static char *read_text(const char *path)
{
	char buffer[LONGEST_TEXT];
	ssize_t length = sysfs_bytes(path, 0, buffer, sizeof(buffer));

	return length > 0 ? trimmed(buffer, (size_t)length) : NULL;
}

static char *read_line(const char *path)
{
	AUTO_FREE char *text = read_text(path);

	return text ? trimmed(text, strcspn(text, "\n")) : NULL;
}

char *sysfs_text(const char *root, const char *format, ...)
{
	AUTO_FREE char *path = NULL;

	PATH_OF(path, root, format);
	return read_text(path);
}

char *sysfs_line(const char *root, const char *format, ...)
{
	AUTO_FREE char *path = NULL;

	PATH_OF(path, root, format);
	return read_line(path);
}

uint64_t sysfs_number(const char *root, uint64_t default_number, const char *format, ...)
{
	AUTO_FREE char *path = NULL, *line = NULL;
	unsigned long long number;
	char *end;

	PATH_OF(path, root, format);
	line = read_line(path);
	if (!line || !isdigit((unsigned char)*line))
		return default_number;
	errno = 0;
	number = strtoull(line, &end, 10);
	return errno || *end ? default_number : number;
}

bool sysfs_exists(const char *root, const char *format, ...)
{
	AUTO_FREE char *path = NULL;

	PATH_OF(path, root, format);
	return access(path, F_OK) == 0;
}

char *sysfs_link(const char *root, const char *format, ...)
{
	AUTO_FREE char *path = NULL;
	char target[PATH_MAX];
	ssize_t length;

	PATH_OF(path, root, format);
	length = readlink(path, target, sizeof(target));
	return length > 0 ? trimmed(target, (size_t)length) : NULL;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

char **sysfs_list(const char *root, const char *format, ...)
{
	AUTO_FREE char *path = NULL;
	char **names = NULL;
	struct dirent **entries = NULL;
	int count;

	PATH_OF(path, root, format);
	count = scandir(path, &entries, is_visible, versionsort);
	for (int i = 0; i < count; i++) {
		list_append(&names, text_copy(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return names;
}
