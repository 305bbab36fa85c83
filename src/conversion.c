// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion: its states and the way between them. */
#include "conversion.h"

#include "cleanup.h"
#include "collect.h"
#include "connection.h"
#include "disks.h"
#include "export.h"
#include "hook.h"
#include "identity.h"
#include "job.h"
#include "log.h"
#include "machine.h"
#include "machine_xml.h"
#include "nics.h"
#include "progress.h"
#include "remote.h"
#include "secret.h"
#include "server.h"
#include "text.h"
#include "transfer.h"
#include "tunnel_login.h"
#include "v2v.h"
#include "v2v_log.h"

#include <inttypes.h>
#include <string.h>

#define PROBE_SECONDS 180
#define TICK_MICROSECONDS 1000000ULL
#define KEY_RETRY_MICROSECONDS 5000000ULL
#define CANCEL_MICROSECONDS 60000000ULL /* to get back to the server and cancel there */

struct conversion {
	sd_event *event;
	const struct config *config;
	struct console *console;
	const char *directory;
	struct conversion_events events;
	enum conversion_state state, next;
	int code;
	char *reason;

	struct machine machine;
	struct disks disks;
	struct nics nics;
	char *name; /* the guest's */
	struct hook *pre;
	struct collect *collect;
	bool pre_done, collected;
	struct workdir_files files;

	struct identity *identity;
	char *key;
	size_t key_length;
	uint64_t key_deadline; /* microseconds of CLOCK_BOOTTIME */
	struct ssh_login login;
	struct connection *connection;
	bool given_up; /* no connection any more */

	struct server server;
	struct transfer *transfer;
	struct tunnel_login *tunnel_login;

	struct job *job;
	bool launched, ended; /* virt-v2v */
	struct v2v_log *log;

	sd_event_source *step, *tick, *key_retry, *cancel_limit;
};

static const char *const names[] = {
	[STATE_INVENTORY] = "inventory",   [STATE_NETWORK] = "network",
	[STATE_CONNECTING] = "connecting", [STATE_TESTING] = "testing",
	[STATE_EXPORTING] = "exporting",   [STATE_TUNNELLING] = "tunnelling",
	[STATE_PREPARING] = "preparing",   [STATE_CONVERTING] = "converting",
	[STATE_FINISHING] = "finishing",   [STATE_DONE] = "done",
	[STATE_FAILED] = "failed",
};

/* ---- the way between states ------------------------------------------ */

static void go(struct conversion *conversion, enum conversion_state next)
{
	conversion->next = next;
	sd_event_source_set_enabled(conversion->step, SD_EVENT_ONESHOT);
}

/* The first reason counts: what breaks while things are taken down follows from it. */
static void fail(struct conversion *conversion, int code, const char *reason)
{
	if (conversion->code != EXIT_DONE || conversion->state >= STATE_FINISHING) {
		log_info("after the end: %s", reason);
		return;
	}
	conversion->code = code;
	conversion->reason = text_copy(reason);
	log_error("%s", reason);
	go(conversion, STATE_FINISHING);
}

/* Whether a callback comes too late to matter. */
static bool over(const struct conversion *conversion)
{
	return conversion->code != EXIT_DONE || conversion->state >= STATE_FINISHING;
}

/* ---- inventory -------------------------------------------------------- */

static void inventory_continue(struct conversion *conversion)
{
	if (conversion->pre_done && conversion->collected && !over(conversion))
		go(conversion, STATE_NETWORK);
}

static void on_collected(void *user)
{
	struct conversion *conversion = user;

	conversion->collected = true;
	inventory_continue(conversion);
}

static char *choose_name(const struct conversion *conversion)
{
	char hostname[256] = "";

	if (conversion->config->name)
		return text_copy(conversion->config->name);
	gethostname(hostname, sizeof hostname - 1);
	return machine_guest_name(&conversion->machine, hostname);
}

static void say_inventory(const struct conversion *conversion)
{
	const struct machine *machine = &conversion->machine;
	AUTO_FREE char *memory = progress_bytes_text(machine->memory);

	log_notice("machine: %s %s, %u CPUs, %s of memory, %s",
		   machine->vendor ? machine->vendor : "unknown vendor",
		   machine->product ? machine->product : "unknown product", machine->cpus, memory,
		   machine->firmware == FIRMWARE_UEFI ? "UEFI" : "BIOS");
	for (size_t i = 0; i < conversion->disks.count; i++) {
		const struct disk *disk = &conversion->disks.disk[i];
		AUTO_FREE char *size = progress_bytes_text(disk->size);

		log_notice("disk %s: %s%s%s", disk->path, size, disk->model ? ", " : "",
			   disk->model ? disk->model : "");
	}
	for (size_t i = 0; i < conversion->nics.count; i++)
		log_notice("network card %s: %s, to network '%s'", conversion->nics.nic[i].name,
			   conversion->nics.nic[i].mac ? conversion->nics.nic[i].mac : "no MAC",
			   conversion->nics.nic[i].network);
	log_notice("the guest will be named '%s'", conversion->name);
}

/* Returns 0, or an exit code with @reason. */
static int read_hardware(struct conversion *conversion, char **reason)
{
	const struct config *config = conversion->config;

	machine_read("", &conversion->machine);
	conversion->name = choose_name(conversion);
	if (disks_find("", config->disks, config->removable, &conversion->disks, reason) < 0)
		return config->disks || config->removable ? EXIT_CONFIGURATION : EXIT_CONVERSION;
	if (nics_find("", config->interfaces, config->network_map, &conversion->nics, reason) < 0)
		return config->interfaces || config->network_map ? EXIT_CONFIGURATION :
								   EXIT_CONVERSION;
	if (!conversion->disks.count) {
		*reason = text_copy("no disk found: is the driver of its controller in the image? "
				    "'lspci -k' in the shell shows controllers and drivers");
		return EXIT_CONVERSION;
	}
	return 0;
}

static void read_inventory(struct conversion *conversion)
{
	AUTO_FREE char *reason = NULL;
	int code = read_hardware(conversion, &reason);

	if (code) {
		fail(conversion, code, reason);
		return;
	}
	say_inventory(conversion);
	conversion->collect = collect_start(conversion->event, &conversion->files, on_collected,
					    conversion);
}

static void on_pre_done(void *user, const char *reason)
{
	struct conversion *conversion = user;

	conversion->pre_done = true;
	if (reason)
		fail(conversion, EXIT_CONVERSION, reason);
	else
		read_inventory(conversion);
}

static void enter_inventory(struct conversion *conversion)
{
	const char *command = conversion->config->pre;

	if (command)
		conversion->pre = hook_start(conversion->event, "p2v.pre", command, NULL,
					     on_pre_done, conversion);
	else
		on_pre_done(conversion, NULL);
}

/* ---- network, connecting ---------------------------------------------- */

static void on_found(void *user)
{
	struct conversion *conversion = user;

	if (!over(conversion))
		go(conversion, STATE_CONNECTING);
}

static void follow_again(struct conversion *conversion, struct ssh *ssh)
{
	log_notice("control connection is back");
	if (conversion->state == STATE_FINISHING)
		job_cancel(conversion->job, ssh);
	else
		job_follow(conversion->job, ssh);
}

static void on_ready(void *user, struct ssh *ssh)
{
	struct conversion *conversion = user;

	if (conversion->launched) {
		follow_again(conversion, ssh);
		return;
	}
	if (!over(conversion))
		go(conversion, STATE_TESTING);
}

static void cleanup_server_done(struct conversion *conversion);

static void on_connection_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state == STATE_FINISHING && conversion->launched) {
		log_warning("virt-v2v may still be at work in '%s' on the server: %s",
			    job_workdir(conversion->job), reason);
		cleanup_server_done(conversion);
		return;
	}
	conversion->given_up = true;
	fail(conversion, conversion->launched ? EXIT_CONVERSION : EXIT_SERVER, reason);
}

/* virt-v2v goes on without us; before that there is nothing to come back to. */
static void on_connection_lost(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state < STATE_CONVERTING) {
		fail(conversion, EXIT_SERVER, reason);
		return;
	}
	if (!conversion->launched || conversion->ended)
		return;
	log_warning("%s; trying to get back", reason);
	connection_login(conversion->connection, &conversion->login);
}

static void enter_network(struct conversion *conversion)
{
	struct connection_events events = {
		.found = on_found,
		.ready = on_ready,
		.failed = on_connection_failed,
		.lost = on_connection_lost,
		.user = conversion,
	};

	conversion->connection = connection_new(conversion->event, conversion->config, &events);
	connection_find(conversion->connection);
}

static void log_in(struct conversion *conversion)
{
	conversion->login = (struct ssh_login){
		.user = conversion->config->username,
		.password = conversion->config->password,
		.key = conversion->key,
		.key_length = conversion->key_length,
	};
	connection_login(conversion->connection, &conversion->login);
}

static void fetch_key(struct conversion *conversion);

static int on_key_retry(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	fetch_key(user);
	return 0;
}

/* What may pass is tried again, as long as a connection would be. */
static void key_failed(struct conversion *conversion, const char *reason, bool again)
{
	uint64_t now = 0;

	sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	if (!again || now >= conversion->key_deadline) {
		fail(conversion, EXIT_SERVER, reason);
		return;
	}
	log_notice("%s; trying again", reason);
	sd_event_source_set_time(conversion->key_retry, now + KEY_RETRY_MICROSECONDS);
	sd_event_source_set_enabled(conversion->key_retry, SD_EVENT_ONESHOT);
}

static void on_key(void *user, char *key, size_t length, const char *reason)
{
	struct conversion *conversion = user;

	if (!key) {
		key_failed(conversion, reason, identity_may_pass(conversion->identity));
		return;
	}
	conversion->key = key;
	conversion->key_length = length;
	if (!over(conversion))
		log_in(conversion);
}

static void fetch_key(struct conversion *conversion)
{
	identity_free(steal(conversion->identity));
	if (!over(conversion))
		conversion->identity =
			identity_fetch(conversion->event, conversion->config->identity, on_key,
				       conversion);
}

static void enter_connecting(struct conversion *conversion)
{
	uint64_t now = 0;

	sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	conversion->key_deadline = now + conversion->config->connect_timeout * 1000000ULL;
	if (conversion->config->identity)
		fetch_key(conversion);
	else
		log_in(conversion);
}

/* ---- testing ----------------------------------------------------------- */

static uint64_t bytes_of_disks(const struct disks *disks)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < disks->count; i++)
		bytes += disks->disk[i].size;
	return bytes;
}

/* What the test found is an error, unless the user said not to test. */
static void judge(struct conversion *conversion, const char *trouble)
{
	if (!trouble)
		return;
	if (conversion->config->skip_test_connection)
		log_warning("%s (going on, as p2v.skip_test_connection says)", trouble);
	else
		fail(conversion, EXIT_SERVER, trouble);
}

static void on_probe(void *user, int status, const char *output, const char *error)
{
	struct conversion *conversion = user;
	AUTO_FREE char *trouble = NULL;

	if (status != 0 && *error)
		log_warning("the test of the server: %s", error);
	server_parse(&conversion->server, output, strlen(output));
	trouble = server_judge(&conversion->server, conversion->config,
			       bytes_of_disks(&conversion->disks));
	judge(conversion, trouble);
	if (over(conversion))
		return;
	log_notice("conversion server: virt-v2v %s%s%s",
		   conversion->server.version ? conversion->server.version : "unknown",
		   conversion->server.system ? " on " : "",
		   conversion->server.system ? conversion->server.system : "");
	go(conversion, STATE_EXPORTING);
}

static void on_forward_tried(void *user, const char *refusal)
{
	struct conversion *conversion = user;
	AUTO_FREE char *trouble = NULL;

	if (refusal)
		trouble = text_format("the server does not let us forward a port (%s): set "
				      "AllowTcpForwarding yes in its sshd_config, and no "
				      "restriction for this key in authorized_keys",
				      refusal);
	judge(conversion, trouble);
}

static void enter_testing(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);
	struct script_value values[V2V_VALUES];
	size_t count = v2v_values(conversion->config, conversion->name, NULL, values);

	ssh_try_forward(ssh, on_forward_tried, conversion);
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_PROBE,
					       .values = values,
					       .count = count,
					       .timeout = PROBE_SECONDS,
					       .done = on_probe,
					       .user = conversion });
}

/* ---- exporting, tunnelling --------------------------------------------- */

static void on_exported(void *user)
{
	struct conversion *conversion = user;

	if (!over(conversion))
		go(conversion, STATE_TUNNELLING);
}

static void on_tunnelled(void *user)
{
	struct conversion *conversion = user;

	if (!over(conversion))
		go(conversion, STATE_PREPARING);
}

/* A disk that went away is a better reason than what followed from it. */
static char *trouble_of_disks(const struct conversion *conversion)
{
	char *trouble = NULL;

	for (size_t i = 0; i < conversion->disks.count && !trouble; i++)
		trouble = disk_trouble(&conversion->disks.disk[i]);
	return trouble;
}

static void on_transfer_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;
	AUTO_FREE char *trouble = trouble_of_disks(conversion);
	AUTO_FREE char *both = trouble ? text_format("%s (%s)", trouble, reason) : NULL;

	fail(conversion, EXIT_CONVERSION, both ? both : reason);
}

static void enter_exporting(struct conversion *conversion)
{
	struct transfer_events events = {
		.exported = on_exported,
		.tunnelled = on_tunnelled,
		.failed = on_transfer_failed,
		.user = conversion,
	};

	conversion->transfer = transfer_new(conversion->event, &conversion->disks,
					    conversion->directory, &events);
	transfer_export(conversion->transfer);
}

static void enter_tunnelling(struct conversion *conversion)
{
	AUTO_FREE char *reason = NULL;

	conversion->tunnel_login =
		tunnel_login_new(conversion->event, connection_ssh(conversion->connection),
				 &conversion->login, conversion->config->port,
				 conversion->machine.aes, conversion->directory, &reason);
	if (conversion->tunnel_login)
		transfer_tunnel(conversion->transfer, conversion->tunnel_login);
	else
		fail(conversion, EXIT_INTERNAL, reason);
}

/* ---- preparing ---------------------------------------------------------- */

static void add_text(struct conversion *conversion, const char *name, char *text)
{
	workdir_files_add(&conversion->files, name, text, strlen(text));
}

static void add_files(struct conversion *conversion)
{
	AUTO_LIST char **arguments = v2v_arguments(conversion->config, &conversion->server,
						   conversion->disks.count);

	add_text(conversion, "name", text_format("%s\n", conversion->name));
	add_text(conversion, "p2v-version", text_copy("p2vd " P2VD_VERSION "\n"));
	add_text(conversion, "physical.xml",
		 machine_xml(&conversion->machine, conversion->config, conversion->name,
			     &conversion->disks, transfer_ports(conversion->transfer),
			     &conversion->nics));
	add_text(conversion, "virt-v2v-wrapper.sh", job_wrapper(conversion->job, arguments));
}

static void on_launched(void *user)
{
	struct conversion *conversion = user;

	if (!over(conversion))
		go(conversion, STATE_CONVERTING);
}

static void on_put(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (reason) {
		fail(conversion, EXIT_CONVERSION, reason);
	} else if (!over(conversion)) {
		conversion->launched = true; /* or perhaps so, if the answer is lost */
		job_launch(conversion->job, connection_ssh(conversion->connection));
	}
}

static void on_log(void *user, const char *data, size_t length)
{
	struct conversion *conversion = user;

	v2v_log_feed(conversion->log, data, length);
}

static void conversion_failed(struct conversion *conversion, int code)
{
	AUTO_FREE char *trouble = trouble_of_disks(conversion);
	const char *explained = server_explain(v2v_log_text(conversion->log));
	AUTO_FREE char *end = code < 0 ? text_copy("it disappeared: killed, or the server restarted") :
					 text_format("exit status %d", code);
	AUTO_FREE char *reason = text_format("virt-v2v failed (%s)%s%s", end,
					     trouble || explained ? ": " : "",
					     trouble   ? trouble :
					     explained ? explained :
							 "");

	log_notice("the last lines of virt-v2v's log, '%s/virt-v2v-conversion-log.txt' on the "
		   "server:",
		   job_workdir(conversion->job));
	v2v_log_say_tail(conversion->log);
	fail(conversion, EXIT_CONVERSION, reason);
}

static void on_v2v_ended(void *user, int code)
{
	struct conversion *conversion = user;

	conversion->ended = code >= 0; /* else what it left is still to be removed */
	v2v_log_end(conversion->log);
	if (over(conversion))
		return;
	if (code == 0)
		go(conversion, STATE_FINISHING);
	else
		conversion_failed(conversion, code);
}

static void on_cancelled(void *user)
{
	cleanup_server_done(user);
}

static void on_job_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state != STATE_FINISHING) {
		fail(conversion, EXIT_CONVERSION, reason);
		return;
	}
	log_warning("%s", reason);
	cleanup_server_done(conversion);
}

static void on_made(void *user, const char *path, const char *reason)
{
	struct conversion *conversion = user;
	struct job_events events = {
		.launched = on_launched,
		.output = on_log,
		.ended = on_v2v_ended,
		.cancelled = on_cancelled,
		.failed = on_job_failed,
		.user = conversion,
	};

	if (!path) {
		fail(conversion, EXIT_CONVERSION, reason);
		return;
	}
	if (over(conversion))
		return;
	log_notice("work directory on the server: %s", path);
	conversion->job = job_new(conversion->config, conversion->name, path, &events);
	add_files(conversion);
	workdir_put(connection_ssh(conversion->connection), path, &conversion->files, on_put,
		    conversion);
}

static void enter_preparing(struct conversion *conversion)
{
	workdir_make(connection_ssh(conversion->connection), on_made, conversion);
}

/* ---- converting ---------------------------------------------------------- */

static int on_tick(sd_event_source *source, uint64_t now, void *user)
{
	struct conversion *conversion = user;
	AUTO_LIST char **lines = transfer_progress(conversion->transfer);

	console_status(conversion->console, lines);
	sd_event_source_set_time(source, now + TICK_MICROSECONDS);
	return 0;
}

static void enter_converting(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);

	sd_event_add_time_relative(conversion->event, &conversion->tick, CLOCK_BOOTTIME,
				   TICK_MICROSECONDS, 0, on_tick, conversion);
	sd_event_source_set_enabled(conversion->tick, SD_EVENT_ON);
	if (ssh)
		job_follow(conversion->job, ssh);
}

/* ---- finishing ------------------------------------------------------------ */

/* The server's part is over: the rest is ours. */
static void cleanup_server_done(struct conversion *conversion)
{
	sd_event_source_set_enabled(conversion->cancel_limit, SD_EVENT_OFF);
	go(conversion, conversion->code == EXIT_DONE ? STATE_DONE : STATE_FAILED);
}

static int on_cancel_limit(sd_event_source *source, uint64_t now, void *user)
{
	struct conversion *conversion = user;

	(void)source, (void)now;
	log_warning("the server does not answer; virt-v2v there will notice that the disks are "
		    "gone, and end by itself");
	cleanup_server_done(conversion);
	return 0;
}

/* Before the tunnels go, so that virt-v2v ends on our word and not by an error. */
static void enter_finishing(struct conversion *conversion)
{
	struct ssh *ssh = conversion->connection ? connection_ssh(conversion->connection) : NULL;

	if (conversion->transfer)
		list_free(transfer_progress(conversion->transfer)); /* the last sample */
	conversion->tick = sd_event_source_disable_unref(conversion->tick);
	console_status(conversion->console, NULL);
	if (!conversion->launched || conversion->ended || conversion->given_up) {
		cleanup_server_done(conversion);
		return;
	}
	log_notice("ending virt-v2v on the server and removing what it left");
	sd_event_source_set_time_relative(conversion->cancel_limit, CANCEL_MICROSECONDS);
	sd_event_source_set_enabled(conversion->cancel_limit, SD_EVENT_ONESHOT);
	if (!ssh)
		return; /* on_ready() comes back to it */
	ssh_stop_command(ssh);
	job_cancel(conversion->job, ssh);
}

static void take_down(struct conversion *conversion)
{
	transfer_free(steal(conversion->transfer));
	connection_free(steal(conversion->connection));
	identity_free(steal(conversion->identity));
	tunnel_login_free(steal(conversion->tunnel_login));
	collect_free(steal(conversion->collect));
	hook_free(steal(conversion->pre));
}

static void enter_done(struct conversion *conversion)
{
	AUTO_FREE char *bytes = progress_bytes_text(transfer_bytes(conversion->transfer));

	take_down(conversion);
	log_notice("done: guest '%s' was made by virt-v2v %s, %s read from the disks; logs in '%s' "
		   "on the server",
		   conversion->name,
		   conversion->server.version ? conversion->server.version : "", bytes,
		   job_workdir(conversion->job));
	conversion->events.ended(conversion->events.user, EXIT_DONE, NULL);
}

static void enter_failed(struct conversion *conversion)
{
	take_down(conversion);
	conversion->events.ended(conversion->events.user, conversion->code, conversion->reason);
}

/* ---- the machine ------------------------------------------------------------ */

static void (*const enter[])(struct conversion *conversion) = {
	[STATE_INVENTORY] = enter_inventory,   [STATE_NETWORK] = enter_network,
	[STATE_CONNECTING] = enter_connecting, [STATE_TESTING] = enter_testing,
	[STATE_EXPORTING] = enter_exporting,   [STATE_TUNNELLING] = enter_tunnelling,
	[STATE_PREPARING] = enter_preparing,   [STATE_CONVERTING] = enter_converting,
	[STATE_FINISHING] = enter_finishing,   [STATE_DONE] = enter_done,
	[STATE_FAILED] = enter_failed,
};

static int on_step(sd_event_source *source, void *user)
{
	struct conversion *conversion = user;

	(void)source;
	conversion->state = conversion->next;
	conversion->events.state(conversion->events.user, conversion->state,
				 names[conversion->state]);
	enter[conversion->state](conversion);
	return 0;
}

struct conversion *conversion_new(sd_event *event, const struct config *config,
				  struct console *console, const char *directory,
				  const struct conversion_events *events)
{
	struct conversion *conversion = text_zero(1, sizeof *conversion);

	*conversion = (struct conversion){
		.event = event,
		.config = config,
		.console = console,
		.directory = directory,
		.events = *events,
		.code = EXIT_DONE,
		.log = v2v_log_new(),
	};
	if (sd_event_add_defer(event, &conversion->step, on_step, conversion) < 0 ||
	    sd_event_add_time_relative(event, &conversion->cancel_limit, CLOCK_BOOTTIME,
				       CANCEL_MICROSECONDS, 0, on_cancel_limit, conversion) < 0 ||
	    sd_event_add_time_relative(event, &conversion->key_retry, CLOCK_BOOTTIME,
				       KEY_RETRY_MICROSECONDS, 0, on_key_retry, conversion) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(conversion->step, SD_EVENT_OFF);
	sd_event_source_set_enabled(conversion->cancel_limit, SD_EVENT_OFF);
	sd_event_source_set_enabled(conversion->key_retry, SD_EVENT_OFF);
	return conversion;
}

void conversion_free(struct conversion *conversion)
{
	if (!conversion)
		return;
	take_down(conversion);
	sd_event_source_disable_unref(conversion->step);
	sd_event_source_disable_unref(conversion->tick);
	sd_event_source_disable_unref(conversion->cancel_limit);
	sd_event_source_disable_unref(conversion->key_retry);
	machine_clear(&conversion->machine);
	disks_clear(&conversion->disks);
	nics_clear(&conversion->nics);
	server_clear(&conversion->server);
	workdir_files_clear(&conversion->files);
	job_free(conversion->job);
	secret_free_length(conversion->key, conversion->key_length);
	free(conversion->name);
	v2v_log_free(conversion->log);
	free(conversion->reason);
	free(conversion);
}

void conversion_start(struct conversion *conversion)
{
	go(conversion, STATE_INVENTORY);
}

void conversion_cancel(struct conversion *conversion, const char *reason)
{
	fail(conversion, EXIT_CONVERSION, reason);
}
