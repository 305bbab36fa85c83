/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion: the states from looking at the hardware to the finished guest.
 *
 * Every change of state goes through the event loop, so that no part is freed while its
 * callback runs.
 */
#ifndef P2VD_CONVERSION_H
#define P2VD_CONVERSION_H

#include "config/config.h"
#include "server/queue.h"
#include "server/server.h"
#include "transfer/progress.h"

#include <systemd/sd-event.h>
#include <systemd/sd-json.h>

/* p2vd's exit codes: p2vd(8), EXIT STATUS. */
enum {
	EXIT_DONE = 0,
	EXIT_CONVERSION = 1,
	EXIT_CONFIGURATION = 2,
	EXIT_SERVER = 3,
	EXIT_INTERNAL = 4,
};

enum conversion_state {
	STATE_INVENTORY,  /* running p2v.pre; reading what the machine is */
	STATE_NETWORK,    /* waiting for a route to the server */
	STATE_CONNECTING, /* key, control connection, login */
	STATE_TESTING,    /* can the server convert this machine? */
	STATE_QUEUED,     /* waiting until the server has a slot free */
	STATE_PREPARING,  /* making the work directory; starting the relay */
	STATE_EXPORTING,  /* starting a qemu-nbd per disk */
	STATE_TUNNELLING, /* starting an ssh -R per disk */
	STATE_LAUNCHING,  /* starting virt-v2v */
	STATE_CONVERTING, /* virt-v2v runs */
	STATE_FINISHING,  /* ending what runs on the server */
	STATE_DONE,
	STATE_FAILED,
};

struct conversion;

/* All of it must live as long as the conversion. */
struct conversion_setup {
	const struct config *config;
	bool test; /* end when the server is tested: export no disk */
	bool look; /* with test: look through the machine, whatever the server says of it */
	bool live; /* the machine's own system runs, not the image, so its disks may be in use */
	const char *directory; /* for sockets; no other p2vd uses it */
};

struct conversion_events {
	void (*state)(void *user, enum conversion_state state, const char *name);
	/* The server has answered. @hostkey: its fingerprint. All is valid in the call only. */
	void (*tested)(void *user, const struct server *server, const char *address,
		       const char *hostkey);
	/* Disks have been read on, or virt-v2v is at another step. @lines: how far all is, for
	 * people, each of at most 79 columns; NULL: that is over. Valid in the call only. */
	void (*progress)(void *user, char *const *lines);
	/* The last call. @code: EXIT_…; @reason: why it failed, or NULL. */
	void (*ended)(void *user, int code, const char *reason);
	/* As in retry.h. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/* How far a conversion is. The pointers are valid until the event loop goes on; NULL or 0 is
 * what is not known yet. */
struct conversion_status {
	enum conversion_state state;
	const char *name; /* of the state */
	unsigned number, count; /* of it, among those that a success passes; 0: at the end */
	uint64_t elapsed; /* seconds */
	uint64_t outage; /* seconds since a disk has been cut off from the server; 0: none is */
	const char *server; /* as p2v.server has it; of several the one that is chosen */
	const char *guest; /* its name */
	const char *workdir; /* on the server */
	const struct v2v_step *step;
	size_t disks; /* 0: they are not exported */
	bool estimate; /* whether the remaining time of a disk can be told */
	uint64_t bytes; /* read from all disks */
	unsigned try, tries; /* of virt-v2v: which this is, from 1, and how many there can be */
	const char *failure; /* why the try before has failed */
	const struct queue_place *place; /* in the server's queue; place is 0: it does not wait */
};

/* Begins with the first state, from the event loop. */
struct conversion *conversion_start(sd_event *event, const struct conversion_setup *setup,
				    const struct conversion_events *events);
void conversion_free(struct conversion *conversion);

void conversion_status(struct conversion *conversion, struct conversion_status *status);

/* "no connection to the server for 0:35: virt-v2v waits"; NULL while there is one. The caller
 * frees. */
char *conversion_outage(const struct conversion *conversion);

/* How far one of the disks is, and its name. */
const struct progress *conversion_disk(const struct conversion *conversion, size_t index,
				       const char **name);

/* What the server has answered; nothing is set where it has not yet. */
const struct server *conversion_server(const struct conversion *conversion);

/* What a look at the machine has found, as REPORTS in p2vd(8) says. NULL: it was none, or has not
 * ended well. The caller unrefs. (conversion_found.c) */
sd_json_variant *conversion_found(const struct conversion *conversion);

/* The configuration's p2v.bandwidth is another one: the relay is told. */
void conversion_set_bandwidth(struct conversion *conversion);

/* Where the guest lies, after a success. The caller frees. (conversion_end.c) */
char *conversion_result(const struct conversion *conversion);

/* Ends it as failed, and ends all that runs for it. ended() is called later. A second call, a
 * second after the first or later, does not wait for the server. */
void conversion_cancel(struct conversion *conversion, const char *reason);

#endif
