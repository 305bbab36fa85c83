/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run of virt-v2v on the conversion server: started, followed by its log, and
 * ended when we give up. No login session is its parent: when the connection is
 * lost it goes on, and over the next one its log is read on from where it was.
 */
#ifndef P2VD_JOB_H
#define P2VD_JOB_H

#include "base/files.h"
#include "config/config.h"
#include "server/v2v.h"
#include "ssh/ssh.h"

struct job;

/* Seconds that a cancellation takes at most: the server's script has ended all by then, and we do
 * not wait longer for a connection that is broken. Of these virt-v2v has 6 to end by itself. */
#define JOB_CANCEL_SECONDS 30

/* In place of an exit code that nobody knows: its processes are gone; so are they because the
 * server was restarted. */
#define JOB_CODE_LOST (-1)
#define JOB_CODE_RESTARTED (-2)

struct job_events {
	void (*launched)(void *user);
	/* The next bytes of virt-v2v's log. */
	void (*output)(void *user, const char *data, size_t length);
	/* How far the relay is: a line of its report (relay/report.h). Now and then. */
	void (*relay)(void *user, const char *line);
	/* It has ended with exit code @code, or one of JOB_CODE_…. @bad: the relay's list of
	 * what could not be read (relay/relay.h), "" for nothing; valid in the call only. */
	void (*ended)(void *user, int code, const char *bad);
	/* It was not launched, for the relay has ended, or the server was restarted. */
	void (*forsaken)(void *user, bool restarted);
	/* job_cancel() has finished: nothing of it is left on the server. */
	void (*cancelled)(void *user);
	/* It could not be launched or cancelled, or nobody can say any more how it stands. */
	void (*failed)(void *user, const char *reason);
	void *user;
};

/* @config is kept by the caller; @name (the guest's) and @workdir are copied. */
struct job *job_new(sd_event *event, const struct config *config, const char *name,
		    const char *workdir, const struct job_events *events);
void job_free(struct job *job);

/* The texts of virt-v2v-wrapper.sh, which runs virt-v2v with @arguments for the guest @name in the
 * slot @slot (queue.h; NULL: without one), and of end.sh, which ends it. The caller frees. */
char *job_wrapper(const struct config *config, const char *name, const char *slot,
		  char *const *arguments);
char *job_ending(const struct config *config, const char *name);

/* How many bytes of its log were given to output(). */
uint64_t job_offset(const struct job *job);

const char *job_workdir(const struct job *job);

/* What it is to know of the conversion: the number of this try, from 1; whether the relay must be
 * there; the server's boot id, which is copied, or NULL. */
void job_is_try(struct job *job, unsigned number, bool relay, const char *boot);

/* Starts it; @files are what virt-v2v reads: physical.xml. Does nothing where it was started.
 * What an earlier try has left is moved out of the way. */
void job_launch(struct job *job, struct ssh *ssh, const struct files *files);
void job_follow(struct job *job, struct ssh *ssh);

/* Virt-v2v copies: who runs on the server is to hear of it, by the log's follower. */
void job_copies(struct job *job);

/* To be called when the session is lost, which the job then no longer uses. NULL is fine. */
void job_pause(struct job *job);

/* Ends it and removes the files that it left. If virt-v2v has already ended, the guest
 * stays, unless job_discard() was called before. */
void job_cancel(struct job *job, struct ssh *ssh);
void job_discard(struct job *job);

/* ---- what the scripts are given, and what they say ------------------------- */

#define JOB_VALUES (V2V_VALUES + 6)

/* The values for SCRIPT_LAUNCH, SCRIPT_STATUS and SCRIPT_CANCEL. @keys: as from
 * v2v_secrets(), for SCRIPT_LAUNCH alone, else NULL. All stay the caller's or the job's.
 * Returns JOB_VALUES. */
size_t job_values(const struct job *job, const char *keys,
		  struct script_value values[static JOB_VALUES]);

enum job_state {
	JOB_RUNNING,
	JOB_ENDED,
	JOB_LOST, /* or never started */
	JOB_RESTARTED, /* it had not ended, and the server was */
	JOB_GONE, /* its work directory is */
	JOB_REFUSED, /* the work directory could not be written before virt-v2v ran */
	JOB_UNKNOWN, /* the answer is not understood */
};

/* Reads the first line of SCRIPT_STATUS. *@code: for ended(). */
enum job_state job_read_status(const char *line, int *code);

#endif
