/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of a conversion, shared by its parts: conversion_states.c (changes of state),
 * conversion_inventory.c, conversion_look.c and conversion_found.c (p2v.do=inventory),
 * conversion_connect.c (network, connecting), conversion_servers.c and conversion_choose.c (which
 * server), conversion_test.c (testing), conversion_queue.c (queued), conversion_place.c (what it
 * has in the queue), conversion_run.c (exporting to converting), conversion_again.c (another try
 * of virt-v2v), conversion_prepare.c (preparing), conversion_resume.c (a run that a p2vd before
 * this one has begun), conversion_record.c (what it leaves for that), conversion_end.c (finishing
 * and after), and conversion.c, which has the table of states. Only these include this header.
 *
 * A state's enter function starts its work and returns; callbacks call
 * conversion_go() or conversion_fail(), never the next state itself.
 */
#ifndef P2VD_CONVERSION_STATES_H
#define P2VD_CONVERSION_STATES_H

#include "base/files.h"
#include "config/server_view.h"
#include "conversion/choice.h"
#include "conversion/conversion.h"
#include "conversion/hook.h"
#include "conversion/run_record.h"
#include "conversion/scout.h"
#include "disks/disk_map.h"
#include "disks/disk_trouble.h"
#include "disks/smart_question.h"
#include "inventory/collect.h"
#include "inventory/hardware.h"
#include "inventory/settle.h"
#include "server/job.h"
#include "server/queue.h"
#include "server/server.h"
#include "server/v2v_log.h"
#include "server/v2v_step.h"
#include "server/workdir.h"
#include "ssh/connection.h"
#include "ssh/credentials.h"
#include "transfer/transfer.h"

struct conversion {
	sd_event *event;
	const struct config *base; /* as the user has it */
	const struct config *config; /* as it is for the server that is used */
	bool test, look, live;
	const char *directory;
	struct conversion_events events;
	enum conversion_state state, next;
	int code; /* EXIT_DONE until it has failed */
	char *reason;
	sd_event_source *step, *tick, *cancel_limit;

	/* The machine, read once. */
	struct hardware hardware;
	struct hardware_search *search;
	char *name; /* of the guest */
	char **doubts; /* of a look: why a conversion will fail, in sentences; or NULL */
	bool doubted; /* the server, or the way to it, has given one of them: it is over */
	struct settle *settle;
	struct hook *pre;
	struct collect *collect;
	struct disk_maps *maps; /* NULL: all of the disks is copied */
	struct files files; /* what describes it, for the work directory */

	/* Access to the server. */
	struct choosing *choosing; /* of a server */
	struct credentials *credentials; /* choosing's */
	struct connection *connection;
	bool given_up; /* the connection is lost for good */
	unsigned begun_again; /* how many times the conversion was started over */

	/* The run of virt-v2v and all it needs. Made again with each connection, until virt-v2v
	 * is launched. */
	struct server server;
	struct transfer *transfer;
	struct tunnel_login *tunnel_login;
	struct tunnel *trial; /* in the state "testing" */
	unsigned trials;      /* how many there were: each has a socket of its own */
	unsigned trials_lost; /* since the state was entered */
	bool relay;   /* one stands on the server, or its substitute, or is to */
	char *relay_obstacle; /* why it can only be the substitute; or NULL */
	bool sockets; /* sshd forwards sockets for it, not ports */
	bool no_relay;      /* it could not be started, and is not to be tried again */
	bool relay_started;
	bool bandwidth_set; /* p2v.bandwidth has become another one since it was started */
	bool making; /* the relay may be starting, but its answer has not come */
	uint16_t *relay_ports; /* for each disk; NULL: not known */
	struct files late_files; /* that are only known when virt-v2v is launched, or later */
	char *trial_failure;  /* why it did not come up, or NULL */
	char unique[WORKDIR_UNIQUE]; /* of the work directory's name, of all connections */
	struct queue *queue;
	struct queue_place place; /* in it, while it waits */
	bool queued; /* it may have a place or slot there, which end with virt-v2v's run */
	bool waited; /* it was in the state "queued" */
	char *slot;  /* its number; NULL: none */
	struct job *job;
	bool v2v_launched, v2v_ended;
	struct run_record
		record; /* of this run, for a p2vd that is started again; or of the last one */
	char own[WORKDIR_UNIQUE]; /* as unique, of a run that is not gone on with; empty: none */
	bool resuming; /* the last p2vd's run is to go on, until virt-v2v is followed again */
	unsigned try;   /* of virt-v2v, from 1 */
	char *failure;  /* why the one before has failed, or NULL */
	char **before;  /* the files of the guest's name that the server had then; or NULL */
	bool uncleared; /* an earlier try may have left something there, and nothing runs */
	uint64_t lost; /* when the server was lost last, CLOCK_BOOTTIME in microseconds; 0: never */
	struct disk_trouble *trouble; /* asked when something has failed, or virt-v2v has ended */
	char *transfer_failure; /* what had failed then; NULL: virt-v2v has ended, */
	int v2v_code; /* with this code */
	char **bad; /* what of the disks could not be read, in words; or NULL */
	struct smart_question *smart; /* the first of these disks is asked of its health */
	char *health; /* what it has answered; or NULL */
	struct v2v_log *log;
	uint64_t started, copying; /* CLOCK_BOOTTIME in microseconds; 0: not yet */
	uint64_t ended; /* likewise */
	uint64_t bytes; /* read from all disks, when that was last counted */
	uint64_t bytes_before; /* of these, by exports that are there no more */
	bool estimate; /* whether the remaining time can be told */
	bool complete; /* the relay has all that virt-v2v needs of the disks */
	uint64_t searched; /* since when the lost server is looked for, CLOCK_BOOTTIME */
};

/* Enters @next from the event loop, unless the conversion ends or starts over. */
void conversion_go(struct conversion *conversion, enum conversion_state next);

/* Ends the conversion as failed, with exit code @code. Only the first reason counts. */
void conversion_fail(struct conversion *conversion, int code, const char *reason);

/* To be called if the server is lost before virt-v2v is launched: goes back to connecting.
 * Fails instead after a few times, or if the conversion is already over. */
void conversion_begin_again(struct conversion *conversion, int code, const char *reason);

/* Whether the conversion ends or starts over, so that callbacks have nothing to do. */
bool conversion_over(const struct conversion *conversion);

/* For how long a disk has been cut off, where a part of a second counts as one. */
uint64_t conversion_outage_seconds(const struct conversion *conversion);

/* Tells the relay what it may not know yet: where tunnels begin, and how fast it may be. */
void conversion_tell_relay(struct conversion *conversion, struct ssh *ssh);

/* Whether there is another try left. */
bool conversion_can_again(const struct conversion *conversion);

/* Starts virt-v2v again, after it has ended with @code for @reason. False: there is no try left. */
bool conversion_try_again(struct conversion *conversion, int code, const char *reason);

/* As job_events' forsaken. */
void conversion_on_forsaken(void *user, bool restarted);

/* Makes room for another try, in the state "launching". */
void conversion_next_try(struct conversion *conversion);

/* "try 2 of 2"; NULL in the first. The caller frees. */
char *conversion_try_text(const struct conversion *conversion);

/* What the machine is, and which try this is. The caller frees. */
char *conversion_machine_json(const struct conversion *conversion);

/* The job in the work directory @workdir, which tells the conversion how it goes. */
struct job *conversion_new_job(struct conversion *conversion, const char *workdir);

/* Looks whether there is a run to go on with. */
void conversion_resume_find(struct conversion *conversion);

/* When the hardware is known: whether it is the same. If not, all begins anew. */
bool conversion_resume_fits(struct conversion *conversion);

/* Goes on with the run, after each login: to the state "exporting". */
void conversion_resume(struct conversion *conversion);

/* Keeps what a p2vd that is started again has to know. To be called while virt-v2v runs. */
void conversion_record(struct conversion *conversion);

/* What the tunnels need to log in. */
void conversion_make_login(struct conversion *conversion);

/* It is known what of the disks is used. @user: the conversion. */
void conversion_maps_done(void *user);

/* The name that the guest would have if it were made now. The caller frees. */
char *conversion_guest_name(const struct conversion *conversion);

/* The hardware is known; @reasons: what is wrong with it, or NULL. Looks at it further, in place of
 * what a conversion would do next. */
void conversion_look(struct conversion *conversion, char *const *reasons);

/* A conversion would fail for @reason. */
void conversion_doubt(struct conversion *conversion, const char *reason);

/* What was found, for people. (conversion_found.c) */
void conversion_say_found(const struct conversion *conversion);

void conversion_enter_inventory(struct conversion *conversion);
void conversion_enter_network(struct conversion *conversion);
void conversion_enter_connecting(struct conversion *conversion);
void conversion_enter_testing(struct conversion *conversion);
/* After the test: goes to the state "queued", or where the test has brought a slot, or there is no
 * queue, to "preparing". */
void conversion_queue(struct conversion *conversion);

/* Whether no more is to be ended on the server than a place or slot in its queue. */
bool conversion_only_queued(const struct conversion *conversion);

/* The servers of p2v.server, and which of them is used (conversion_choose.c). */
void conversion_choosing_new(struct conversion *conversion);
void conversion_choosing_stop(struct conversion *conversion);
void conversion_choosing_free(struct conversion *conversion);

/* The configuration has changed. */
void conversion_choosing_refresh(struct conversion *conversion);

bool conversion_has_several(const struct conversion *conversion);

/* The server that is used, as p2v.server has it. */
const char *conversion_server_name(const struct conversion *conversion);

/* Likewise; before one is chosen, all. */
const char *conversion_server_shown(const struct conversion *conversion);

/* That which was used by the p2vd before this one; NULL: the first. */
void conversion_server_was(struct conversion *conversion, const char *name);

/* In the state "connecting": false where there are several servers, which are asked first; the state is
 * then entered again. */
bool conversion_choose(struct conversion *conversion);

/* Gets what is needed to log in to the server that is used, and logs in. */
void conversion_log_in(struct conversion *conversion);

/* Goes to another server, as this one will not do for @reason. False: there is no other. */
bool conversion_pass_over(struct conversion *conversion, const char *reason);

/* In the state "queued": asks the other servers now and then. */
void conversion_look_at_others(struct conversion *conversion);

/* A line for the status area, or NULL, unless virt-v2v runs, whose progress it shows then. */
void conversion_tell_waiting(struct conversion *conversion, const char *line);

/* What an earlier run of this machine there has become. */
void conversion_tell_own(const struct server *server);

/* How the guest is to be named. */
void conversion_choose_name(struct conversion *conversion);

/* It waits no longer. */
void conversion_forget_place(struct conversion *conversion);

/* Gives up place or slot; @done, which may be NULL, gets the conversion. */
void conversion_give_back(struct conversion *conversion, struct ssh *ssh, void (*done)(void *user));

/* What the queue has to know. @identity: of machine_identity.h, or NULL. All stays the caller's. */
struct queue_call conversion_queue_call(const struct conversion *conversion, const char *identity);

/* Logs in again to a server that was lost. */
void conversion_look_for_server(struct conversion *conversion);

void conversion_enter_queued(struct conversion *conversion);
void conversion_enter_exporting(struct conversion *conversion);
void conversion_enter_tunnelling(struct conversion *conversion);
void conversion_enter_preparing(struct conversion *conversion);
void conversion_enter_launching(struct conversion *conversion);
void conversion_enter_converting(struct conversion *conversion);
void conversion_enter_finishing(struct conversion *conversion);
void conversion_enter_done(struct conversion *conversion);
void conversion_enter_failed(struct conversion *conversion);

/* To be called when nothing is left to do on the server: enters "done" or "failed". */
void conversion_server_done(struct conversion *conversion);

/* In the state "finishing", where no more than that is to be ended there. */
void conversion_leave_queue(struct conversion *conversion);

/* Ends what runs on the server, if anything does. In the state "finishing". */
void conversion_cancel_job(struct conversion *conversion);

/* Waits no longer for the server to end what runs there: the person is in a hurry. Nothing happens
 * in the first second, in which the server may not have heard of it. */
void conversion_leave_server(struct conversion *conversion);

/* Frees what belongs to one connection: exports and tunnels. */
void conversion_drop_transfer(struct conversion *conversion);

/* Ends and frees everything that runs. */
void conversion_take_down(struct conversion *conversion);

#endif
