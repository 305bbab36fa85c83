/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue on the conversion server, which runs only as many conversions at a time as it has
 * slots. Its other half runs there: src/server/slots.sh, keeper.sh (which probe.sh uses, too) and
 * queue.sh.
 */
#ifndef P2VD_QUEUE_H
#define P2VD_QUEUE_H

#include "server/script.h"
#include "ssh/ssh.h"

#include <stdbool.h>
#include <stdint.h>

/* Seconds for which a place in the queue, or a slot before virt-v2v runs, is kept when nothing is
 * heard of us. */
#define QUEUE_PATIENCE 600

/* How one stands in it. Zeros: not at all. */
struct queue_place {
	unsigned place;   /* from 1 */
	unsigned running; /* how many conversions run */
	unsigned slots;   /* how many can run at a time */
	uint64_t seconds; /* about so long; QUEUE_UNKNOWN */
	char *guests;     /* those that are converted: "web, mail"; or NULL */
};

#define QUEUE_UNKNOWN UINT64_MAX

/* Reads "PLACE RUNNING SLOTS SECONDS GUEST…". False, and zeros, if it is not that. The caller
 * calls queue_place_clear(). */
bool queue_place_read(struct queue_place *place, const char *text);
void queue_place_clear(struct queue_place *place);

/* "place 3 in the server's queue, 2 of 2 slots are taken by web, mail; about 1:30:00". The caller
 * frees. */
char *queue_place_text(const struct queue_place *place);

enum queue_answer {
	QUEUE_WAITS,   /* as a place says */
	QUEUE_GRANTED, /* it has the slot of this number */
	QUEUE_NONE,    /* there can be no queue, for this reason */
	QUEUE_WARNING, /* a text for people; another answer follows */
	QUEUE_NONSENSE,
};

/* Reads a line that queue.sh explains. *@rest: number, reason or text, in @line. @place: zeros but
 * for QUEUE_WAITS; the caller calls queue_place_clear(). */
enum queue_answer queue_read(const char *line, struct queue_place *place, const char **rest);

/* How a machine that takes no place would stand. */
struct queue_look {
	bool ours; /* it has a place or a slot there, from before */
	bool slot; /* a slot */
	unsigned place; /* that it has or would have, from 1 */
	unsigned taken, slots;
	uint64_t seconds; /* as in queue_place */
};

/* Reads "look OURS SLOT PLACE TAKEN SLOTS SECONDS". False, and nothing has changed, if it is not that. */
bool queue_look_read(struct queue_look *look, const char *line);

struct queue;

struct queue_events {
	/* It waits, or has come nearer. Valid in the call only. */
	void (*waits)(void *user, const struct queue_place *place);
	/* It is its turn. @slot: the number, for job_wrapper(); NULL: there is no queue, for
	 * @reason. */
	void (*granted)(void *user, const char *slot, const char *reason);
	void *user;
};

struct queue_call {
	const char *unique; /* of the work directory's name */
	const char *guest; /* its name */
	const char *identity; /* of machine_identity.h, or NULL */
	const char *own; /* a "unique" that this machine has had before; or NULL */
	unsigned slots; /* p2v.slots, or 0 */
	unsigned map_timeout; /* p2v.map_timeout: so long a slot is kept before virt-v2v runs */
};

#define QUEUE_VALUES 4

/* Numbers as text, for queue_values(). */
struct queue_words {
	char slots[12], patience[12], first[12];
};

/* The values by which a script takes a place, but for name, identity and own. All stay the
 * caller's. Returns QUEUE_VALUES. */
size_t queue_values(const struct queue_call *call, struct queue_words *words,
		    struct script_value values[static QUEUE_VALUES]);

/* All of @call is copied. */
struct queue *queue_new(sd_event *event, const struct queue_call *call,
			const struct queue_events *events);

/* No callback is called any more. The place stays for a while. NULL is fine. To be called before
 * or after the session is freed that it was joined over. */
void queue_free(struct queue *queue);

/* Stands in it, or again where it stood. */
void queue_join(struct queue *queue, struct ssh *ssh);

/* To be called when the session is lost, which is then no longer used. NULL is fine. */
void queue_pause(struct queue *queue);

/* Gives up all that this machine has there; done() when that is over, whatever came of it. Of @call
 * unique, identity and own count. */
void queue_leave(struct ssh *ssh, const struct queue_call *call, void (*done)(void *user),
		 void *user);

#endif
