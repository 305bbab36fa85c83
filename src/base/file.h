/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a small file as a whole, or one line or everything from a descriptor. (For
 * the files of the kernel, see sysfs.h.)
 */
#ifndef P2VD_FILE_H
#define P2VD_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Returns the first @most bytes of the regular file @path, or all if there are
 * fewer, and their number in @length. A NUL follows that @length does not count.
 * Returns NULL with errno if the file cannot be read. The caller frees; if the
 * bytes are secret, with secret_free_length() of @length + 1.
 */
char *file_read(const char *path, size_t most, size_t *length);

/*
 * Reads into @data: @most bytes, or up to the end. With @stop, the read that brings the
 * character *@stop is the last. Returns the number of bytes, or -1 with errno.
 */
ssize_t file_fill(int fd, char *data, size_t most, const char *stop);

/*
 * Returns the next line of @fd, a file or a pipe, without its newline. Returns
 * NULL with errno if it cannot be read; EFBIG: it is longer than @most bytes. The
 * line may hold secrets: no copy of it stays in memory, and the caller frees it
 * with secret_free().
 */
char *file_read_line(int fd, size_t most);

/*
 * Returns all that is left of @fd, a file or a pipe, and its number of bytes in
 * @length, as file_read() does. Returns NULL with errno if it cannot be read; EFBIG:
 * it is longer than @most bytes.
 */
char *file_read_all(int fd, size_t most, size_t *length);

#endif
