/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transfer of all disks: an export for each, their tunnels to the server, and how much of
 * each has been read.
 */
#ifndef P2VD_TRANSFER_H
#define P2VD_TRANSFER_H

#include "disks/disks.h"
#include "transfer/progress.h"
#include "transfer/tunnel.h"

struct transfer;

struct transfer_events {
	void (*exported)(void *user);  /* every export answers */
	void (*tunnelled)(void *user); /* each disk has a tunnel: up() in streams.h */
	void (*port)(void *user, size_t disk, unsigned number, uint16_t port); /* as in streams.h */
	/* An export or a tunnel; only transfer_free() is left to do. The last callback. */
	void (*failed)(void *user, const char *reason);
	void *user;
};

/* @disks (one or more) and @directory (for sockets) are kept by the caller. */
struct transfer *transfer_new(sd_event *event, const struct disks *disks, const char *directory,
			      const struct transfer_events *events);

/* Ends every tunnel, then every export. Not in a callback. NULL is fine. */
void transfer_free(struct transfer *transfer);

/* The name of disk number @index in the run @run, by which nothing else can be taken for it. The
 * caller frees. */
char *transfer_name(const char *run, size_t index);

/* Starts all exports, with the names of the run @run, or without names if @run is NULL. Once. */
void transfer_export(struct transfer *transfer, const char *run);

struct transfer_way {
	const struct tunnel_login *login; /* kept by the caller */
	bool relay;
	const char *workdir;
	unsigned patience;
	bool goes_on;
	unsigned first; /* these five as in streams.h */
	unsigned streams; /* tunnels for each disk, where there is a relay */
};

/* Starts all tunnels. Once, and only after exported(). */
void transfer_tunnel(struct transfer *transfer, const struct transfer_way *way);

/* As streams_stop(). Not in a callback. */
void transfer_stop(struct transfer *transfer);

/* As streams_look(). Not in a callback. */
void transfer_look(struct transfer *transfer);

/* The port of a disk, where there is no relay. Only after tunnelled(). */
uint16_t transfer_port(const struct transfer *transfer, size_t index);

/* As streams_are_spare(). */
void transfer_is_spare(struct transfer *transfer, bool spare);

/* As streams_outage(). */
uint64_t transfer_outage(const struct transfer *transfer);

/* Looks how much was read and returns lines for people (progress_line.h): for all disks, where
 * there are several, and for each; NULL-terminated. @estimate: whether these tell the remaining
 * time. The caller frees. */
char **transfer_progress(struct transfer *transfer, bool estimate);

/* What is used of disk @index, and how much of that is on the server already: this counts from now
 * on, and not what was read. */
void transfer_map(struct transfer *transfer, size_t index, uint64_t used, uint64_t fetched);

/* How far one disk is, as transfer_progress() saw it last. Belongs to @transfer. */
const struct progress *transfer_disk(const struct transfer *transfer, size_t index);

/* Bytes that were read from all disks together when transfer_progress() last looked. */
uint64_t transfer_bytes(const struct transfer *transfer);

#endif
