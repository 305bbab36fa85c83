/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small file, read whole: what the image's owner has put into it. (What the
 * kernel shows as files is read by sysfs.h.)
 */
#ifndef P2VD_FILE_H
#define P2VD_FILE_H

#include <stddef.h>

/*
 * The bytes of the regular file @path, a NUL behind them that @length does not
 * count; at most @most of them, and what follows is cut off. NULL with errno
 * when it cannot be read. The caller frees (@length + 1 bytes, should they be
 * wiped: secret_free_length()).
 */
char *file_read(const char *path, size_t most, size_t *length);

/*
 * The first line of what is left in @fd, a pipe perhaps, without its line end.
 * NULL with errno when it cannot be read, EFBIG when it is longer than @most
 * bytes. It may hold secrets: no copy of it stays behind, and the caller gives
 * it to secret_free().
 */
char *file_read_line(int fd, size_t most);

#endif
