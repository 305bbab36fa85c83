/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk of the machine as the relay has it: what virt-v2v waits for is taken from the store,
 * or asked for through whichever link has the least to do. When a link breaks, the others get
 * what it was asked for; when there is none, all waits.
 */
#ifndef P2VD_RELAY_DISK_H
#define P2VD_RELAY_DISK_H

#include "relay/link.h"
#include "relay/pace.h"
#include "relay/read.h"
#include "relay/store.h"
#include "relay/sweep.h"

/* Bytes of one disk that are held in memory: what is under way, what was read ahead, and what
 * virt-v2v has not taken yet. */
#define DISK_MEMORY (56U << 20)

struct disk_options {
	const char *name;   /* for messages */
	const char *export; /* the name that the machine's export has in this run; "": none */
	uint64_t size;      /* bytes */
	bool zero_bad;      /* what cannot be read is given as zeros */
};

struct disk_events {
	/* @length bytes at @offset cannot be read. */
	void (*bad)(void *user, uint64_t offset, uint64_t length);
	/* A link was lost, or refused. */
	void (*lost)(void *user, struct link *link, const char *reason);
	void *user;
};

struct disk;

/* @options and @pace (for all disks) are kept by the caller. */
struct disk *disk_new(struct loop *loop, const struct disk_options *options, struct pace *pace,
		      const struct disk_events *events);
/* After all reads are freed. */
void disk_free(struct disk *disk);

/* Keeps what comes in @store, which belongs to the disk from now on. */
void disk_keep_in(struct disk *disk, struct store *store);
struct store *disk_store(const struct disk *disk);

/* Only what is used, as @map says, is read and fetched from now on, all of it in the background as
 * soon as virt-v2v has opened the disk and there is a store. Once at most; @map belongs to the
 * disk. */
void disk_take_map(struct disk *disk, struct map *map);

/* How far that is; NULL: there is no map. Belongs to the disk. */
const struct sweep *disk_sweep(const struct disk *disk);

/* Whether all that is used is in the store. */
bool disk_is_complete(const struct disk *disk);

/* Virt-v2v has opened it. */
void disk_open(struct disk *disk);

/* Whether virt-v2v copies it, and whether no processor is idle meanwhile (@hurried). */
void disk_copy(struct disk *disk, bool copying, bool hurried);

/* Whether somebody waits for something of it. */
bool disk_is_waited_for(const struct disk *disk);

/* Changes what the options say of it. */
void disk_zero_bad(struct disk *disk, bool zero);

/* Bytes in which the disk is asked for and stored: a power of two, so that the store's bitmap
 * stays below 32 MiB. */
uint32_t disk_block(uint64_t size);

/* What virt-v2v sees. */
const struct nbd_export *disk_export(const struct disk *disk);

/* A connection to the machine, by an open socket. False if there are LINKS_MAX (links.h) already.
 */
bool disk_link(struct disk *disk, int fd, struct link **link);

/* Whether there is a link, silent or not. */
bool disk_is_linked(const struct disk *disk);

/* Links that answer: those that have been silent for long do not count. */
unsigned disk_links_up(const struct disk *disk);

/* Whether a request for so many bytes may be taken up now. If not, room is made for it. */
bool disk_has_room(struct disk *disk, uint64_t length);

/* Takes up a request. The read is the caller's. Where nothing is missing in it, it is complete
 * already, and @done will not be called. */
struct read *disk_ask(struct disk *disk, const struct nbd_request *request,
		      void (*done)(void *user, struct read *read), void *user);

/* Asks for what is pending and reads ahead. To be called in each turn of the loop. Returns the
 * milliseconds after which it has to be called again, or -1: with the next event. */
int disk_work(struct disk *disk);

/* Bytes that came from the machine. */
uint64_t disk_received(const struct disk *disk);

#endif
