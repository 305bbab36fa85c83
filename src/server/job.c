// SPDX-License-Identifier: GPL-2.0-or-later
/* The run of virt-v2v on the conversion server. */
#include "server/job.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "server/remote.h"
#include "server/workdir.h"

#include <inttypes.h>
#include <string.h>

#define LAUNCH_SECONDS 60
#define STATUS_SECONDS 60
#define BEAT_SECONDS 5
#define SAID_MAX 128 /* bytes of a line beside the log */
#define PAUSE_FIRST 1    /* seconds, before the log is followed again; doubled each time */
#define PAUSE_LONGEST 30
#define RESTS_MOST 2
#define UNKNOWN_MOST 1800 /* seconds, until a server that gives no clear answer is given up */

/* A line for follow.sh; an empty one says only that we are there. */
static const char copying[] = "copying\n";

/* Seconds between TERM and KILL, for the scripts; JOB_CANCEL_SECONDS rests on it. */
static const struct script_value grace = { "grace", "6" };

struct job {
	sd_event *event;
	const struct config *config;
	char *name;
	char *workdir;
	struct job_events events;
	struct ssh *ssh;
	char *boot;      /* the server's boot id, or NULL */
	char try[12];    /* its number */
	bool relay;      /* must be there */
	bool copies;     /* virt-v2v does */
	uint64_t offset; /* bytes of the log that were given to output() */
	char said[SAID_MAX]; /* of a line that follow.sh prints beside the log */
	size_t said_length;
	bool discard;    /* remove the guest as well */
	bool cancelled;  /* what other scripts answer counts no more */
	sd_event_source *timer;
	bool whole;                  /* the log was followed to its end */
	unsigned rests;              /* how often its rest was asked for */
	unsigned pause;              /* the next one, in seconds */
	uint64_t followed, unknown;  /* since when, CLOCK_BOOTTIME in seconds; 0: it is not */
};

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	struct job *job = user;

	(void)source, (void)now;
	job_follow(job, job->ssh);
	return 0;
}

struct job *job_new(sd_event *event, const struct config *config, const char *name,
		    const char *workdir, const struct job_events *events)
{
	struct job *job = memory_zero(1, sizeof(*job));

	*job = (struct job){
		.event = event,
		.pause = PAUSE_FIRST,
		.try = "1",
		.config = config,
		.name = text_copy(name),
		.workdir = text_copy(workdir),
		.events = *events,
	};
	if (sd_event_add_time_relative(event, &job->timer, CLOCK_BOOTTIME, 0, 0, on_timer, job) < 0)
		abort(); /* no memory */
	job_pause(job);
	return job;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	sd_event_source_disable_unref(job->timer);
	free(job->name);
	free(job->workdir);
	free(job->boot);
	free(job);
}

void job_is_try(struct job *job, unsigned number, bool relay, const char *boot)
{
	snprintf(job->try, sizeof(job->try), "%u", number);
	job->relay = relay;
	job->copies = false;
	free(job->boot);
	job->boot = text_copy(boot);
}

const char *job_workdir(const struct job *job)
{
	return job->workdir;
}

uint64_t job_offset(const struct job *job)
{
	return job->offset;
}

char *job_wrapper(const struct config *config, const char *name, const char *slot,
		  char *const *arguments)
{
	struct script_value values[V2V_VALUES + 4];
	size_t count = v2v_values(config, name, NULL, values);
	AUTO_FREE char *patience = text_format("%u", config->reconnect_timeout);
	AUTO_FREE char *retries = text_format("%u", config->retries);

	v2v_hide(values, count);
	values[count++] = grace;
	values[count++] = (struct script_value){ "patience", patience };
	values[count++] = (struct script_value){ "retries", retries };
	values[count++] = (struct script_value){ "slot", slot };
	return script_render(SCRIPT_WRAPPER, values, count, arguments);
}

char *job_ending(const struct config *config, const char *name)
{
	struct script_value values[V2V_VALUES + 1];
	size_t count = v2v_values(config, name, NULL, values);

	v2v_hide(values, count);
	values[count++] = grace;
	return script_render(SCRIPT_CANCEL, values, count, NULL);
}

size_t job_values(const struct job *job, const char *keys,
		  struct script_value values[static JOB_VALUES])
{
	size_t count = v2v_values(job->config, job->name, job->workdir, values);

	values[count++] = (struct script_value){ "keys", keys };
	values[count++] = grace;
	values[count++] = (struct script_value){ "discard", job->discard ? "yes" : "no" };
	values[count++] = (struct script_value){ "try", job->try };
	values[count++] = (struct script_value){ "relay_wanted", job->relay ? "yes" : "no" };
	values[count++] = (struct script_value){ "boot_before", job->boot };
	return count;
}

static const char refused[] = "refused "; /* the reason follows */

enum job_state job_read_status(const char *line, int *code)
{
	int end = 0;

	if (sscanf(line, "ended %d%n", code, &end) == 1 && !line[end])
		return JOB_ENDED;
	*code = JOB_CODE_LOST;
	if (!strcmp(line, "running"))
		return JOB_RUNNING;
	if (!strcmp(line, "restarted")) {
		*code = JOB_CODE_RESTARTED;
		return JOB_RESTARTED;
	}
	if (!strcmp(line, "gone"))
		return JOB_GONE;
	if (text_begins(line, refused) && !strchr(line, '\n'))
		return JOB_REFUSED;
	return strcmp(line, "lost") && strcmp(line, "none") ? JOB_UNKNOWN : JOB_LOST;
}

static void run(struct job *job, enum script script, unsigned timeout,
		void (*done)(void *user, int status, const char *output, const char *error))
{
	struct script_value values[JOB_VALUES];
	size_t count = job_values(job, NULL, values);

	remote_run(job->ssh, &(struct remote_call){ .script = script,
						    .values = values,
						    .count = count,
						    .timeout = timeout,
						    .done = done,
						    .user = job });
}

/* A script that was to do @what has ended: tells @event, or that it failed. */
static void tell(struct job *job, int status, const char *error, const char *what,
		 void (*event)(void *user))
{
	AUTO_FREE char *reason = NULL;

	if (status == 0) {
		event(job->events.user);
		return;
	}
	reason = remote_reason(what, error);
	job->events.failed(job->events.user, reason);
}

static void on_launched(void *user, int status, const char *output, const char *error)
{
	struct job *job = user;

	if (job->cancelled)
		return;
	if (status == 0 && (!strcmp(output, "no-relay") || !strcmp(output, "restarted")))
		job->events.forsaken(job->events.user, *output == 'r');
	else
		tell(job, status, error, "start virt-v2v", job->events.launched);
}

void job_launch(struct job *job, struct ssh *ssh, const struct files *files)
{
	struct script_value values[JOB_VALUES + 1];
	char *keys = v2v_secrets(job->config);
	size_t length, count = job_values(job, keys, values);
	AUTO_FREE char *list = NULL;
	AUTO_FREE char *contents = NULL;

	job->ssh = ssh;
	workdir_pack(files, &list, &contents, &length);
	values[count++] = (struct script_value){ "files", list };
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_LAUNCH,
					       .values = values,
					       .count = count,
					       .input = contents,
					       .input_length = length,
					       .timeout = LAUNCH_SECONDS,
					       .done = on_launched,
					       .user = job });
	secret_free(keys);
}

/* What follow.sh, or some program there, says beside the log: the relay's lines count. */
static void take_said(struct job *job, const char *data, size_t length)
{
	static const char word[] = "relay ";

	for (size_t i = 0; i < length; i++) {
		if (data[i] != '\n') {
			if (job->said_length < SAID_MAX - 1)
				job->said[job->said_length++] = data[i];
			continue;
		}
		job->said[job->said_length] = '\0';
		job->said_length = 0;
		if (text_begins(job->said, word))
			job->events.relay(job->events.user, job->said + strlen(word));
	}
}

static void on_log(void *user, bool error, const char *data, size_t length)
{
	struct job *job = user;

	if (error) {
		if (!job->cancelled)
			take_said(job, data, length);
		return;
	}
	job->offset += length;
	job->events.output(job->events.user, data, length);
}

static uint64_t seconds(const struct job *job)
{
	uint64_t now = 0;

	sd_event_now(job->event, CLOCK_BOOTTIME, &now);
	return now / 1000000;
}

/* It may be running, and yet following its log has ended. */
static void follow_later(struct job *job)
{
	if (seconds(job) - job->followed > 2 * PAUSE_LONGEST)
		job->pause = PAUSE_FIRST;
	sd_event_source_set_time_relative(job->timer, job->pause * 1000000ULL);
	sd_event_source_set_enabled(job->timer, SD_EVENT_ONESHOT);
	job->pause = job->pause < PAUSE_LONGEST / 2 ? 2 * job->pause : PAUSE_LONGEST;
}

/* Whether it is time to give up a server whose answer to status.sh was @answer. */
static bool give_up(struct job *job, const char *answer)
{
	if (!job->unknown) {
		log_warning("the server was asked how virt-v2v stands and answered '%s'; asking again",
			    answer);
		job->unknown = seconds(job);
	}
	return seconds(job) - job->unknown >= UNKNOWN_MOST;
}

static void tell_gone(struct job *job)
{
	AUTO_FREE char *reason =
		text_format("the work directory '%s' on the server was removed: how virt-v2v ends "
			    "cannot be told, and what it has made of '%s' there must be removed by hand; "
			    "keep what cleans /tmp there away from virt-p2v-*",
			    job->workdir, job->name);

	job->events.failed(job->events.user, reason);
}

static void tell_refused(struct job *job, const char *answer)
{
	AUTO_FREE char *reason = workdir_refused("start virt-v2v", answer + strlen(refused));

	job->events.failed(job->events.user, reason);
}

/* virt-v2v can end while its log is not followed: then the rest is read first, which says why. */
static bool wants_rest(struct job *job)
{
	return !job->whole && job->rests++ < RESTS_MOST;
}

static void on_status(void *user, int status, const char *output, const char *error)
{
	struct job *job = user;
	AUTO_FREE char *line = text_copy_length(output, strcspn(output, "\n"));
	const char *rest = output + strlen(line);
	int code;
	enum job_state state = job_read_status(status == 0 ? line : "", &code);

	if (job->cancelled)
		return;
	if (state != JOB_UNKNOWN)
		job->unknown = 0;
	if ((state == JOB_ENDED || state == JOB_LOST) && wants_rest(job))
		job_follow(job, job->ssh);
	else if (state == JOB_RUNNING ||
		 (state == JOB_UNKNOWN && !give_up(job, *error ? error : output)))
		follow_later(job);
	else if (state == JOB_GONE)
		tell_gone(job);
	else if (state == JOB_REFUSED)
		tell_refused(job, line);
	else
		job->events.ended(job->events.user, code, *rest ? rest + 1 : rest);
}

static void on_follow_end(void *user, int status)
{
	struct job *job = user;

	job->whole = status == 0;
	if (job->cancelled)
		return;
	run(job, SCRIPT_STATUS, STATUS_SECONDS, on_status);
}

/* How often the server is to hear of us, in seconds: a few times before it loses patience. */
static unsigned beat(unsigned patience)
{
	unsigned third = patience / 3;

	return third < BEAT_SECONDS ? third : BEAT_SECONDS;
}

void job_follow(struct job *job, struct ssh *ssh)
{
	AUTO_FREE char *offset = text_format("%" PRIu64, job->offset);
	struct script_value values[] = { { "workdir", job->workdir }, { "offset", offset } };
	AUTO_FREE char *script = script_render(SCRIPT_FOLLOW, values, COUNT(values), NULL);

	job_pause(job);
	job->ssh = ssh;
	job->followed = seconds(job);
	job->said_length = 0;
	ssh_run(ssh, &(struct ssh_command){
			     .script = script,
			     .beat = beat(job->config->reconnect_timeout),
			     .beat_line = job->copies ? copying : NULL,
			     .output = on_log,
			     .done = on_follow_end,
			     .user = job,
		     });
}

void job_copies(struct job *job)
{
	if (job->copies)
		return;
	job->copies = true;
	if (job->ssh)
		ssh_change_beat(job->ssh, copying);
}

static void on_cancelled(void *user, int status, const char *output, const char *error)
{
	struct job *job = user;

	if (status == 0 && strstr(output, "and it stays"))
		log_warning("virt-v2v had made all of the guest '%s' before it could be ended: the guest stays",
			    job->name);
	tell(job, status, error, "end virt-v2v", job->events.cancelled);
}

void job_pause(struct job *job)
{
	if (job)
		sd_event_source_set_enabled(job->timer, SD_EVENT_OFF);
}

void job_discard(struct job *job)
{
	job->discard = true;
}

void job_cancel(struct job *job, struct ssh *ssh)
{
	job_pause(job);
	job->cancelled = true;
	job->ssh = ssh;
	run(job, SCRIPT_CANCEL, JOB_CANCEL_SECONDS, on_cancelled);
}
