/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk's export: a read-only qemu-nbd on a UNIX socket.
 *
 * Before qemu-nbd starts, the kernel's read-only flag is set on the disk
 * (BLKROSET), and it stays set: no other program on the machine can write to
 * the disk or its partitions either.
 */
#ifndef P2VD_EXPORT_H
#define P2VD_EXPORT_H

#include "disks/disks.h"

#include <systemd/sd-event.h>

struct export;

struct export_events {
	/* The socket answers as an NBD server. At most once. */
	void (*ready)(void *user);
	/* It did not start, or ended by itself; only export_free() is left to do.
	 * The last callback. */
	void (*failed)(void *user, const char *reason);
	void *user;
};

/*
 * Starts serving @disk (kept by the caller) on a socket in @directory, which
 * only root may enter: the socket itself is open to everybody. A client has to ask for the
 * export's @name; "" is the name that clients ask for which know none. Returns 0 and the
 * export, or -errno with @reason.
 */
int export_start(sd_event *event, const char *directory, const struct disk *disk, const char *name,
		 const struct export_events *events, struct export **export, char **reason);

/* Ends qemu-nbd and removes the socket. NULL is fine. */
void export_free(struct export *export);

/* The path of its socket. Belongs to @export. */
const char *export_socket(const struct export *export);

/* Bytes that qemu-nbd has read from the disk so far. Holes, and what nobody asked for,
 * do not count; what was asked for twice counts twice. */
uint64_t export_bytes_read(const struct export *export);

#endif
