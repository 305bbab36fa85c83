// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's end: finishing, done, failed. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "server/v2v.h"
#include "transfer/tunnel_login.h"

#define LEAVE_SECONDS 5 /* for a queue; what has a place there is not worth more time */
#define BAD_TOLD 20 /* places that could not be read, in messages */

/* For people; a pattern where the server has not told it yet. */
static const char *workdir(const struct conversion *conversion)
{
	return conversion->job ? job_workdir(conversion->job) : "/tmp/virt-p2v-*";
}

static int on_cancel_limit(sd_event_source *source, uint64_t now, void *user)
{
	struct conversion *conversion = user;

	(void)source, (void)now;
	if (conversion->complete)
		log_warning("the server does not answer; virt-v2v there has all it needs, and will make the guest unless 'sh %s/end.sh' there ends it",
			    workdir(conversion));
	else if (conversion_only_queued(conversion))
		log_warning("the server does not answer; its queue keeps the place of this machine for %u minutes",
			    QUEUE_PATIENCE / 60);
	else
		log_warning("the server does not answer; virt-v2v there will end by itself after p2v.reconnect_timeout, or by "
			    "'sh %s/end.sh'",
			    workdir(conversion));
	conversion_server_done(conversion);
	return 0;
}

void conversion_leave_server(struct conversion *conversion)
{
	uint64_t now = 0, limit = 0;

	if (conversion_only_queued(conversion)) {
		conversion_server_done(conversion);
		return;
	}
	sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	sd_event_source_get_time(conversion->cancel_limit, &limit);
	if (now + (JOB_CANCEL_SECONDS - 1) * 1000000ULL < limit)
		return;
	log_warning("not waiting for the server, where virt-v2v is still being ended; what is left there: "
		    "'sh %s/end.sh'",
		    workdir(conversion));
	conversion_server_done(conversion);
}

void conversion_cancel_job(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);

	if (!ssh)
		return; /* on_ready() will */
	if (conversion->job && !conversion_only_queued(conversion))
		job_cancel(conversion->job, ssh);
	else
		conversion_leave_queue(conversion);
}

/* Cancels virt-v2v before the tunnels are closed: else it would end with a read error. */
void conversion_enter_finishing(struct conversion *conversion)
{
	uint64_t seconds;
	bool queued;

	if (conversion->transfer) {
		list_free(transfer_progress(conversion->transfer, false));
		conversion->bytes = conversion->bytes_before +
				    transfer_bytes(conversion->transfer); /* with the last ones */
		transfer_stop(conversion->transfer); /* their sockets are removed now */
	}
	conversion->tick = sd_event_source_disable_unref(conversion->tick);
	conversion->events.progress(conversion->events.user, NULL);
	if (!(conversion->v2v_launched || conversion->relay_started || conversion->making ||
	      conversion->uncleared || conversion->queued) ||
	    conversion->v2v_ended || conversion->given_up) {
		conversion_server_done(conversion);
		return;
	}
	queued = conversion_only_queued(conversion);
	log_notice("%s", queued ? "leaving the server's queue" :
				  "ending what runs on the server and removing what it left");
	seconds = queued ? LEAVE_SECONDS : JOB_CANCEL_SECONDS;
	if (sd_event_add_time_relative(conversion->event, &conversion->cancel_limit, CLOCK_BOOTTIME,
				       seconds * 1000000, 0, on_cancel_limit, conversion) < 0)
		abort(); /* no memory */
	if (conversion->making)
		return; /* its answer tells what there is */
	/* What is under way there comes to its end before: launch.sh would go on without us, and
	 * start virt-v2v after this. */
	if (queued && !connection_ssh(conversion->connection))
		conversion_look_for_server(conversion); /* it may be lost for a moment only */
	conversion_cancel_job(conversion);
}

void conversion_drop_transfer(struct conversion *conversion)
{
	disk_trouble_free(steal(conversion->trouble));
	smart_question_free(steal(conversion->smart));
	free(steal(conversion->transfer_failure));
	transfer_free(steal(conversion->transfer));
	tunnel_free(steal(conversion->trial));
	free(steal(conversion->trial_failure));
	tunnel_login_free(steal(conversion->tunnel_login));
}

void conversion_take_down(struct conversion *conversion)
{
	conversion_drop_transfer(conversion);
	job_pause(conversion->job);
	queue_free(steal(conversion->queue));
	connection_free(steal(conversion->connection));
	conversion_choosing_stop(conversion);
	hardware_search_free(steal(conversion->search));
	collect_free(steal(conversion->collect));
	disk_maps_free(steal(conversion->maps));
	hook_free(steal(conversion->pre));
	settle_free(steal(conversion->settle));
}

static void end(struct conversion *conversion)
{
	conversion_take_down(conversion);
	run_record_remove(conversion->directory);
	sd_event_now(conversion->event, CLOCK_BOOTTIME, &conversion->ended);
}

char *conversion_result(const struct conversion *conversion)
{
	return v2v_result(conversion->config, conversion->name);
}

static void tell_bad(const struct conversion *conversion)
{
	size_t count = list_length(conversion->bad);

	for (size_t i = 0; i < count && i < BAD_TOLD; i++)
		log_warning("%s cannot be read: the guest has zeros there", conversion->bad[i]);
	if (count > BAD_TOLD)
		log_warning("%zu more places cannot be read: they are in '%s/bad-sectors' on the server",
			    count - BAD_TOLD, job_workdir(conversion->job));
	if (count && conversion->health)
		log_warning("the disk of the first of these places says of itself: %s",
			    conversion->health);
}

static void say_done(struct conversion *conversion)
{
	AUTO_FREE char *bytes = text_bytes(conversion->bytes);
	AUTO_FREE char *result = conversion_result(conversion);
	AUTO_FREE char *took = text_duration((conversion->ended - conversion->started) / 1000000);
	AUTO_FREE char *try = conversion_try_text(conversion);

	log_notice("done in %s: virt-v2v %s made the guest '%s', %s were read from the disks; logs in '%s' on the server",
		   took, conversion->server.version ?: "", conversion->name, bytes,
		   job_workdir(conversion->job));
	if (try)
		log_notice("it was %s; before it: %s; the log of each earlier try is there, virt-v2v-conversion-log.try-N.txt",
			   try, conversion->failure);
	log_notice("the guest is %s", result);
	tell_bad(conversion);
}

void conversion_enter_done(struct conversion *conversion)
{
	end(conversion);
	if (conversion->look)
		conversion_say_found(conversion);
	else if (conversion->test)
		log_notice("the test has passed: nothing that is known now speaks against the conversion");
	else
		say_done(conversion);
	conversion->events.ended(conversion->events.user, EXIT_DONE, NULL);
}

void conversion_enter_failed(struct conversion *conversion)
{
	end(conversion);
	conversion->events.ended(conversion->events.user, conversion->code, conversion->reason);
}
