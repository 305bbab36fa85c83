/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion's relay: all of its disks in one process, so that they share one rate, one
 * start and one end. Between virt-v2v and the tunnels on the conversion server.
 */
#ifndef P2VD_RELAY_H
#define P2VD_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct relay_disk {
	const char *name;   /* for messages: sda */
	uint64_t size;      /* bytes */
	const char *export; /* the name of the machine's export in this run; "": it has none */
};

struct relay_options {
	const char *directory;    /* the work directory: tunnels, log, what it is told */
	const char *store;        /* where to make stores; NULL: nowhere */
	const char *output;       /* where the guest's files go; NULL: unknown */
	uint64_t bandwidth;       /* bytes per second of all disks together; 0: no limit */
	bool zero_bad;            /* what cannot be read is given as zeros */
	uint64_t bad_max;         /* places that may be bad before that ends */
	unsigned patience;        /* seconds without a tunnel before it gives up */
	unsigned connections;     /* of virt-v2v to a disk, at most */
	const struct relay_disk *disks;
	size_t disk_count;
};

/*
 * What is in the directory while it runs:
 *	tunnels/DISK-NUMBER	made by sshd or p2vd, see tunnels.h; tunnels/ is there before
 *	relay.log		what it has to say, a line each
 *	map-DISK		when it is there: what is used of the disk, see map.h
 *	relay-progress		how far all is, see report.h
 *	bad-sectors		what cannot be read: NAME OFFSET LENGTH, in bytes
 *	relay-bandwidth		when it is there: another rate, in bytes per second
 *	copying			when it is there: virt-v2v reads the disk for the last time
 *	try			when it is there: how often virt-v2v was started. With each
 *				other number its connections are counted anew
 */
struct relay;

/* Opens a port for each disk. Returns NULL with a sentence in @reason that the caller frees. */
struct relay *relay_new(const struct relay_options *options, char **reason);
uint16_t relay_port(const struct relay *relay, size_t disk);

/* Serves until SIGTERM, until a disk has been without a tunnel for options.patience, or until the
 * directory is removed. Returns an exit status: 1 in the second case, else 0. */
int relay_run(struct relay *relay);
void relay_free(struct relay *relay);

#endif
