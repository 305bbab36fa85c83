// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's main states: exporting, tunnelling, launching, converting. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/machine_xml.h"
#include "server/relay.h"
#include "server/v2v_failure.h"
#include "transfer/bad_sectors.h"
#include "transfer/stream_count.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define TICK_MICROSECONDS 1000000ULL
#define MEASURED_MICROSECONDS 15000000ULL /* of copying, before a remaining time is shown */

/* ---- what is wrong with the disks ----------------------------------------- */

/* A disk that went away is a better reason than the errors that follow from it. */
static void conclude_transfer(struct conversion *conversion, const char *trouble)
{
	const char *failure = conversion->transfer_failure;
	AUTO_FREE char *both = trouble ? text_format("%s (%s)", trouble, failure) : NULL;

	if (conversion->state == STATE_TUNNELLING && !trouble)
		conversion_begin_again(conversion, EXIT_CONVERSION, failure);
	else
		conversion_fail(conversion, EXIT_CONVERSION, both ? both : failure);
}

/* "exit status 1"; the caller frees. */
static char *end_text(int code)
{
	return code == JOB_CODE_RESTARTED ? text_copy("the server was restarted") :
	       code < 0                   ? text_copy("it disappeared: somebody has killed it") :
					    text_format("exit status %d", code);
}

/* @trouble: of the disks, which no other try mends. */
static void conclude_failure(struct conversion *conversion, int code, const char *trouble)
{
	bool again;
	const char *explained = v2v_failure_explain(v2v_log_text(conversion->log), code, &again);
	AUTO_FREE char *end = end_text(code);
	AUTO_FREE char *try = conversion_try_text(conversion);
	AUTO_FREE char *reason = text_format("virt-v2v failed%s%s (%s)%s%s", try ? " in " : "",
					     try ?: "", end, trouble || explained ? ": " : "",
					     trouble   ? trouble :
					     explained ? explained :
							 "");

	log_notice("virt-v2v's whole log is '%s/virt-v2v-conversion-log.txt' on the server",
		   job_workdir(conversion->job));
	if (again && !trouble && conversion_try_again(conversion, code, reason))
		return;
	if (code == JOB_CODE_RESTARTED)
		log_warning("if the server's /tmp was emptied by the restart, what virt-v2v had half made of '%s' must be removed by hand",
			    conversion->name);
	conversion_fail(conversion, EXIT_CONVERSION, reason);
}

/* Looks at the disks even after success: qemu-nbd reads zeros beyond the end of a disk that
 * became shorter, and virt-v2v takes them for the disk's content. */
static void conclude_success(struct conversion *conversion, const char *trouble)
{
	AUTO_FREE char *reason = NULL;

	if (!trouble) {
		conversion_go(conversion, STATE_FINISHING);
		return;
	}
	reason = text_format("virt-v2v succeeded, but %s: the guest '%s' is not the machine; its files "
			     "are removed where that is possible",
			     trouble, conversion->name);
	conversion->v2v_ended = false; /* so that the state "finishing" removes them */
	job_discard(conversion->job);
	conversion_fail(conversion, EXIT_CONVERSION, reason);
}

/* "sector 8 of the disk 'sda' cannot be read, and 2 more places; SMART: failing; …"; NULL: all could be
 * read. The caller frees. */
static char *bad_sectors(const struct conversion *conversion)
{
	size_t count = list_length(conversion->bad);
	AUTO_FREE char *more = count > 1 ? text_format(", and %zu more places", count - 1) : NULL;

	if (!count)
		return NULL;
	return text_format("%s cannot be read%s; %s%s%s", conversion->bad[0], more ?: "",
			   conversion->health ?: "", conversion->health ? "; " : "",
			   conversion->config->bad_sectors == BAD_SECTORS_FAIL ?
				   "p2v.bad_sectors=zero gives the guest zeros there" :
				   "p2v.bad_sectors_max says how many there may be");
}

static void on_trouble(void *user, const char *trouble)
{
	struct conversion *conversion = user;
	AUTO_FREE char *bad = trouble ? NULL : bad_sectors(conversion);

	if (conversion_over(conversion))
		return;
	if (conversion->transfer_failure)
		conclude_transfer(conversion, trouble);
	else if (conversion->v2v_code == 0)
		conclude_success(conversion, trouble);
	else
		conclude_failure(conversion, conversion->v2v_code, trouble ?: bad);
}

/* The first event that asks about the disks decides how the conversion goes on. */
static void ask_about_disks(struct conversion *conversion)
{
	const struct disks *disks = &conversion->hardware.disks;

	conversion->trouble = disk_trouble_start(conversion->event, disks->disk, disks->count,
						 on_trouble, conversion);
}

static void on_transfer_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion_over(conversion) || conversion->trouble)
		return;
	conversion->transfer_failure = text_copy(reason);
	ask_about_disks(conversion);
}

/* ---- exporting, tunnelling ------------------------------------------------- */

static void on_exported(void *user)
{
	conversion_go(user, STATE_TUNNELLING);
}

static void on_tunnelled(void *user)
{
	conversion_go(user, STATE_LAUNCHING);
}

static void on_told(void *user, const char *path, const uint16_t *ports, const char *reason)
{
	(void)user, (void)ports;
	if (!path)
		log_warning("the relay was not told of a new tunnel or rate: %s", reason);
}

void conversion_tell_relay(struct conversion *conversion, struct ssh *ssh)
{
	if (!conversion->late_files.count)
		return;
	workdir_make(ssh, &(struct workdir_call){ .unique = conversion->unique,
						  .files = &conversion->late_files,
						  .config = conversion->config,
						  .name = conversion->name,
						  .done = on_told,
						  .user = conversion });
}

static void tell_relay_now(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);

	if (conversion->state == STATE_CONVERTING && ssh && !conversion->v2v_ended)
		conversion_tell_relay(conversion, ssh);
}

/* A file for the relay (relay/relay.h). It has been told the first rate when it was started. */
static void put_bandwidth(struct conversion *conversion)
{
	char *text = text_format("%" PRIu64 "\n", conversion->config->bandwidth);

	files_remove(&conversion->late_files, "relay-bandwidth");
	files_put(&conversion->late_files, "relay-bandwidth", text, strlen(text));
}

void conversion_set_bandwidth(struct conversion *conversion)
{
	AUTO_FREE char *rate = text_bytes(conversion->base->bandwidth);

	conversion_choosing_refresh(conversion);
	conversion->bandwidth_set = true;
	if (conversion->relay || conversion->state < STATE_PREPARING)
		log_notice("p2v.bandwidth: from now on %s%s%s",
			   conversion->config->bandwidth ? "at most " : "as fast as it goes",
			   conversion->config->bandwidth ? rate : "",
			   conversion->config->bandwidth ? " per second, all disks together" : "");
	else
		log_warning("without the relay, p2v.bandwidth has no effect");
	put_bandwidth(conversion);
	tell_relay_now(conversion);
}

/* A file for the relay (relay/tunnels.h). It is kept, and told again after each new connection:
 * whether the server had it when the last one broke is not known. */
static void on_port(void *user, size_t disk, unsigned number, uint16_t port)
{
	struct conversion *conversion = user;
	AUTO_FREE char *all = text_format("tunnels/%zu-", disk);
	AUTO_FREE char *name = text_format("%s%u", all, number);
	char *text = text_format("%u\n", port);

	if (!conversion->relay) {
		free(text);
		return;
	}
	files_remove(&conversion->late_files, all);
	files_put(&conversion->late_files, name, text, strlen(text));
	tell_relay_now(conversion);
}

void conversion_enter_exporting(struct conversion *conversion)
{
	struct transfer_events events = {
		.exported = on_exported,
		.tunnelled = on_tunnelled,
		.port = on_port,
		.failed = on_transfer_failed,
		.user = conversion,
	};

	conversion->transfer = transfer_new(conversion->event, &conversion->hardware.disks,
					    conversion->directory, &events);
	transfer_export(conversion->transfer, conversion->relay ? conversion->unique : NULL);
}

static unsigned streams(const struct conversion *conversion)
{
	uint64_t delay = ssh_delay(connection_ssh(conversion->connection));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned here = processors > 0 ? (unsigned)processors : 0;
	unsigned there = conversion->server.processors < UINT_MAX ?
				 (unsigned)conversion->server.processors :
				 0;
	unsigned count = stream_count(conversion->config->streams, conversion->hardware.disks.count,
				      delay, here, there);

	if (conversion->relay)
		log_info("%u %s for each disk (an answer of the server takes %" PRIu64 ".%03" PRIu64
			 " ms; processors here: %u, there: %u)",
			 count, count == 1 ? "tunnel" : "tunnels", delay / 1000, delay % 1000, here,
			 there);
	return count;
}

void conversion_enter_tunnelling(struct conversion *conversion)
{
	struct transfer_way way = {
		.login = conversion->tunnel_login,
		.relay = conversion->relay,
		.workdir = conversion->sockets ? job_workdir(conversion->job) : NULL,
		.patience = conversion->config->reconnect_timeout,
		.streams = streams(conversion),
		.goes_on = conversion->resuming,
		.first = (unsigned)conversion->record.tunnels,
	};

	files_clear(&conversion->late_files);
	if (conversion->bandwidth_set)
		put_bandwidth(conversion);
	transfer_tunnel(conversion->transfer, &way);
	/* virt-v2v may have ended meanwhile, and with it the relay: then no tunnel comes up. */
	if (conversion->resuming)
		conversion_go(conversion, STATE_CONVERTING);
}

/* ---- launching ------------------------------------------------------------- */

/* Only now the ports are known. */
static char *describe_machine(struct conversion *conversion)
{
	const struct hardware *hardware = &conversion->hardware;
	size_t count = hardware->disks.count;
	AUTO_FREE uint16_t *ports = memory_zero(count, sizeof(*ports));

	for (size_t i = 0; i < count; i++)
		ports[i] = conversion->relay ? conversion->relay_ports[i] :
					       transfer_port(conversion->transfer, i);
	return machine_xml(&hardware->machine, conversion->config, conversion->name,
			   &hardware->disks, ports, &hardware->nics);
}

static void launch_again(struct conversion *conversion)
{
	AUTO_FREE char *workdir = text_copy(job_workdir(conversion->job));

	conversion_next_try(conversion);
	job_free(conversion->job);
	conversion->job = conversion_new_job(conversion, workdir);
}

void conversion_enter_launching(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);
	char *xml = describe_machine(conversion);

	if (conversion->v2v_launched)
		launch_again(conversion);
	files_put(&conversion->late_files, "physical.xml", xml, strlen(xml));
	conversion->v2v_launched = true; /* already now: the answer may get lost */
	if (ssh) /* else it will be when the connection is back */
		job_launch(conversion->job, ssh, &conversion->late_files);
}

/* ---- converting --------------------------------------------------------- */

static void on_launched(void *user)
{
	struct conversion *conversion = user;

	files_remove(&conversion->late_files, "physical.xml");
	files_remove(&conversion->late_files, "machine.json");
	conversion_go(conversion, STATE_CONVERTING);
}

static void on_log(void *user, const char *data, size_t length)
{
	struct conversion *conversion = user;

	v2v_log_feed(conversion->log, data, length);
	/* The relay need not keep what virt-v2v reads for the last time. */
	if (v2v_log_step(conversion->log)->copying)
		job_copies(conversion->job);
}

static void on_health(void *user, const char *text)
{
	struct conversion *conversion = user;

	conversion->health = text_copy(text);
	if (!conversion_over(conversion) && !conversion->trouble)
		ask_about_disks(conversion);
}

/* Where something of a disk could not be read, that disk is asked why before all others are. */
static void ask_health(struct conversion *conversion, const char *bad)
{
	const struct disk *disk = bad_sectors_disk(&conversion->hardware.disks, bad);

	if (!disk || conversion->smart)
		ask_about_disks(conversion);
	else
		conversion->smart = smart_question_start(conversion->event, disk, on_health,
							 conversion);
}

static void on_v2v_ended(void *user, int code, const char *bad)
{
	struct conversion *conversion = user;
	bool ended = code == 0 || (code > 0 && !conversion_can_again(conversion));

	/* Nobody needs tunnels any more: the relay ends with virt-v2v (virt-v2v-wrapper.sh). */
	if (ended && conversion->relay && conversion->transfer)
		transfer_stop(conversion->transfer);
	list_free(conversion->bad);
	conversion->bad = bad_sectors_describe(&conversion->hardware.disks, bad, "");

	/* If it disappeared, its files must still be removed, and if there can be another try, the
	 * relay is still there. */
	conversion->v2v_ended = ended;
	v2v_log_end(conversion->log);
	if (conversion_over(conversion) || conversion->trouble)
		return;
	conversion->v2v_code = code;
	ask_health(conversion, bad);
}

static void on_relay(void *user, const char *line)
{
	struct conversion *conversion = user;
	struct relay_report report;

	if (!conversion->transfer || conversion_over(conversion) ||
	    !relay_read_report(line, &report))
		return;
	if (report.of_disk) {
		transfer_map(conversion->transfer, report.disk, report.used, report.fetched);
		return;
	}
	if (report.complete && !conversion->complete)
		log_notice("all that is needed is on the server: virt-v2v can go on without this machine");
	conversion->complete = report.complete;
	transfer_is_spare(conversion->transfer, report.complete);
}

static void on_cancelled(void *user)
{
	conversion_server_done(user);
}

static void on_job_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state != STATE_FINISHING) {
		conversion_fail(conversion, EXIT_SERVER, reason);
		return;
	}
	log_warning("%s", reason);
	conversion_server_done(conversion);
}

struct job *conversion_new_job(struct conversion *conversion, const char *workdir)
{
	struct job_events events = {
		.launched = on_launched,
		.output = on_log,
		.relay = on_relay,
		.ended = on_v2v_ended,
		.forsaken = conversion_on_forsaken,
		.cancelled = on_cancelled,
		.failed = on_job_failed,
		.user = conversion,
	};
	struct job *job = job_new(conversion->event, conversion->config, conversion->name, workdir,
				  &events);

	job_is_try(job, conversion->try, conversion->relay, conversion->server.boot);
	return job;
}

/* "1:02:03  step 6 of 16: Converting …", which fits into 79 columns; the caller frees. */
static char *step_line(const struct conversion *conversion, uint64_t now)
{
	const struct v2v_step *step = v2v_log_step(conversion->log);
	AUTO_FREE char *elapsed = text_duration((now - conversion->started) / 1000000);
	AUTO_FREE char *try = conversion_try_text(conversion);
	const char *comma = try ? ", " : "";

	if (!step->number)
		return text_format("%s  %s%svirt-v2v starts", elapsed, try ?: "", comma);
	return text_format("%s  %s%sstep %u of %u: %.*s", elapsed, try ?: "", comma, step->number,
			   step->count, try ? 36 : 50, step->text);
}

/* Before it copies, virt-v2v reads here and there: its rate then says nothing of the whole. */
static bool can_estimate(struct conversion *conversion, uint64_t now)
{
	if (!v2v_log_step(conversion->log)->copying)
		conversion->copying = 0;
	else if (!conversion->copying)
		conversion->copying = now;
	return conversion->copying && now - conversion->copying >= MEASURED_MICROSECONDS;
}

uint64_t conversion_outage_seconds(const struct conversion *conversion)
{
	if (!conversion->transfer)
		return 0;
	return (transfer_outage(conversion->transfer) + TICK_MICROSECONDS - 1) / TICK_MICROSECONDS;
}

char *conversion_outage(const struct conversion *conversion)
{
	uint64_t seconds = conversion_outage_seconds(conversion);
	AUTO_FREE char *duration = text_duration(seconds);

	return seconds ? text_format("no connection to the server for %s: virt-v2v %s", duration,
				     conversion->complete ? "has all it needs" : "waits") :
			 NULL;
}

/* Only tunnels that are made again have to be known as broken early. */
static void look_at_links(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);

	if (conversion->relay)
		transfer_look(conversion->transfer);
	if (ssh && !conversion->v2v_ended)
		ssh_look(ssh);
}

static int on_tick(sd_event_source *source, uint64_t now, void *user)
{
	struct conversion *conversion = user;
	AUTO_LIST char **disks = NULL;
	AUTO_LIST char **lines = NULL;
	AUTO_FREE char *outage = NULL;

	look_at_links(conversion);
	outage = conversion_outage(conversion);
	conversion->estimate = can_estimate(conversion, now);
	disks = transfer_progress(conversion->transfer, conversion->estimate);
	conversion->bytes = conversion->bytes_before + transfer_bytes(conversion->transfer);
	list_append(&lines, step_line(conversion, now));
	if (outage)
		list_append(&lines, text_copy(outage));
	for (char **disk = disks; disk && *disk; disk++)
		list_append(&lines, text_copy(*disk));
	conversion->events.progress(conversion->events.user, lines);
	conversion_record(conversion);
	sd_event_source_set_time(source, now + TICK_MICROSECONDS);
	return 0;
}

void conversion_enter_converting(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);

	if (conversion->resuming)
		log_notice("going on where the p2vd before this one was");
	conversion->resuming = false;
	conversion_record(conversion);
	sd_event_add_time_relative(conversion->event, &conversion->tick, CLOCK_BOOTTIME,
				   TICK_MICROSECONDS, 0, on_tick, conversion);
	sd_event_source_set_enabled(conversion->tick, SD_EVENT_ON);
	if (!ssh)
		return;
	conversion_tell_relay(conversion, ssh); /* a tunnel may have broken meanwhile */
	job_follow(conversion->job, ssh);
}
