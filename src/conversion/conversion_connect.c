// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's states on the way to the server: network, connecting. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"

static void on_found(void *user)
{
	conversion_go(user, STATE_CONNECTING);
}

/* Whether something runs on the server that goes on without us. While it is prepared, it can as
 * well be begun again; at the end, it has to be ended. */
static bool is_on_server(const struct conversion *conversion)
{
	return conversion->v2v_launched ||
	       (conversion->state == STATE_FINISHING &&
		(conversion->relay_started || conversion->uncleared || conversion->queued));
}

static void follow_again(struct conversion *conversion, struct ssh *ssh)
{
	log_notice("control connection is back");
	if (conversion->state == STATE_FINISHING) {
		conversion_cancel_job(conversion);
	} else if (conversion->state == STATE_LAUNCHING) {
		job_launch(conversion->job, ssh, &conversion->late_files);
	} else if (!conversion->trouble) { /* else virt-v2v has ended, and the next state is near */
		conversion_tell_relay(conversion, ssh);
		job_follow(conversion->job, ssh);
	}
}

static void on_ready(void *user, struct ssh *ssh)
{
	struct conversion *conversion = user;

	credentials_pin(conversion->credentials, ssh);
	if (conversion->resuming && conversion->state < STATE_FINISHING) {
		conversion_resume(conversion);
		return;
	}
	if (is_on_server(conversion)) {
		follow_again(conversion, ssh);
		return;
	}
	conversion_go(conversion, STATE_TESTING);
}

/* Where virt-v2v goes on without us, there is a result to come back for, however late. Not when the
 * server is there and refuses us. */
static bool look_on(struct conversion *conversion, const char *reason)
{
	uint64_t now = 0;

	sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	if (conversion->state != STATE_CONVERTING || !conversion->complete ||
	    now - conversion->searched < conversion->config->reconnect_timeout * 1000000ULL)
		return false;
	log_warning("%s; virt-v2v has all it needs and goes on without this machine, which looks for the server until it is back",
		    reason);
	conversion_look_for_server(conversion);
	return true;
}

static void tell_left(const struct conversion *conversion, const char *reason)
{
	const char *workdir = conversion->job ? job_workdir(conversion->job) : "/tmp/virt-p2v-*";

	if (conversion_only_queued(conversion))
		log_warning("the server's queue keeps the place of this machine for %u minutes: %s",
			    QUEUE_PATIENCE / 60, reason);
	else if (conversion->complete)
		log_warning("virt-v2v has all it needs and goes on without this machine until the guest is made, or 'sh %s/end.sh' on the server ends it; the file 'status' there has its exit code, and 99 until then: %s",
			    workdir, reason);
	else
		log_warning("virt-v2v may still be running on the server, 'sh %s/end.sh' there ends it: %s",
			    workdir, reason);
}

static void on_connection_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (look_on(conversion, reason))
		return;
	if (is_on_server(conversion))
		tell_left(conversion, reason);
	if (conversion->state == STATE_FINISHING) {
		conversion_server_done(conversion);
		return;
	}
	if (conversion_pass_over(conversion, reason))
		return;
	conversion->given_up = true;
	conversion_fail(conversion, conversion->v2v_launched ? EXIT_CONVERSION : EXIT_SERVER,
			reason);
}

/* Once virt-v2v runs, it goes on without a control connection, and p2vd connects again.
 * Before that, the conversion starts over. */
static void on_connection_lost(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state == STATE_FINISHING && !is_on_server(conversion)) {
		conversion_server_done(conversion);
		return;
	}
	sd_event_now(conversion->event, CLOCK_BOOTTIME, &conversion->lost);
	conversion->making = false;
	queue_pause(conversion->queue);
	if (conversion->state == STATE_QUEUED)
		conversion->begun_again = 0; /* it may wait for days */
	if (!is_on_server(conversion) ||
	    (conversion->resuming && conversion->state < STATE_FINISHING)) {
		conversion_begin_again(conversion, EXIT_SERVER, reason);
		return;
	}
	job_pause(conversion->job);
	if (conversion->v2v_ended)
		return;
	log_warning("%s; connecting again", reason);
	conversion_look_for_server(conversion);
}

static void on_waiting(void *user, const char *line)
{
	conversion_tell_waiting(user, line);
}

static void make_connection(struct conversion *conversion)
{
	struct connection_events events = {
		.found = on_found,
		.ready = on_ready,
		.failed = on_connection_failed,
		.lost = on_connection_lost,
		.waiting = on_waiting,
		.user = conversion,
	};

	conversion->connection = connection_new(conversion->event, conversion->config, &events);
}

/* Of several servers some may never be found: each is looked for when it is asked. That of a run
 * that goes on is looked for as after an outage. */
void conversion_enter_network(struct conversion *conversion)
{
	if (conversion_has_several(conversion) || conversion->resuming) {
		conversion_go(conversion, STATE_CONNECTING);
		return;
	}
	make_connection(conversion);
	connection_find(conversion->connection);
}

void conversion_enter_connecting(struct conversion *conversion)
{
	conversion_drop_transfer(conversion);
	server_clear(&conversion->server);
	if (!conversion_choose(conversion))
		return;
	if (!conversion->connection)
		make_connection(conversion);
	conversion_log_in(conversion);
}
