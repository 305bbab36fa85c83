/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transfer of all disks: an export and a tunnel for each, and how far each
 * has been read.
 */
#ifndef P2VD_TRANSFER_H
#define P2VD_TRANSFER_H

#include "disks/disks.h"
#include "transfer/tunnel.h"

struct transfer;

struct transfer_events {
	void (*exported)(void *user);  /* every export answers */
	void (*tunnelled)(void *user); /* every tunnel is up */
	void (*failed)(void *user, const char *reason);
	void *user;
};

/* @disks and @directory (for sockets) are kept by the caller. */
struct transfer *transfer_new(sd_event *event, const struct disks *disks, const char *directory,
			      const struct transfer_events *events);

/* Ends every tunnel, then every export. Not in a callback. NULL is fine. */
void transfer_free(struct transfer *transfer);

void transfer_export(struct transfer *transfer);

/* @login is kept by the caller. */
void transfer_tunnel(struct transfer *transfer, const struct tunnel_login *login);

/* For each disk the port on the server's loopback. */
const uint16_t *transfer_ports(const struct transfer *transfer);

/* Takes a sample of what was read and returns a line per disk for people. */
char **transfer_progress(struct transfer *transfer);

/* Bytes read from all disks together by the last sample. */
uint64_t transfer_bytes(const struct transfer *transfer);

#endif
