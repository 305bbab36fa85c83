/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run of virt-v2v on the conversion server: started detached from any
 * session, followed by its log, ended when we give up. A lost session costs
 * nothing: with the next one it is followed from where its log was read to.
 */
#ifndef P2VD_JOB_H
#define P2VD_JOB_H

#include "config/config.h"
#include "ssh/ssh.h"

struct job;

struct job_events {
	void (*launched)(void *user);
	/* virt-v2v's log, as it comes. */
	void (*output)(void *user, const char *data, size_t length);
	/* It has ended with exit code @code, or -1 when nobody knows. */
	void (*ended)(void *user, int code);
	/* cancel() is through: nothing of it is left on the server. */
	void (*cancelled)(void *user);
	/* It could not be launched, followed or cancelled. */
	void (*failed)(void *user, const char *reason);
	void *user;
};

/* @config and @name (the guest's) are kept by the caller; @workdir is copied. */
struct job *job_new(const struct config *config, const char *name, const char *workdir,
		    const struct job_events *events);
void job_free(struct job *job);

/* The text of virt-v2v-wrapper.sh, which runs virt-v2v with @arguments. The
 * caller frees. */
char *job_wrapper(const struct job *job, char *const *arguments);

const char *job_workdir(const struct job *job);

void job_launch(struct job *job, struct ssh *ssh);
void job_follow(struct job *job, struct ssh *ssh);

/* Ends it and removes what it left. Of one that has ended the guest stays,
 * unless job_discard() came first. */
void job_cancel(struct job *job, struct ssh *ssh);
void job_discard(struct job *job);

#endif
