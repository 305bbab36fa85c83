// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's way to the server: network, connecting, testing. */
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "server/remote.h"
#include "server/v2v.h"

#include <string.h>

#define PROBE_SECONDS 180

static void on_found(void *user)
{
	struct conversion *conversion = user;

	if (!conversion_over(conversion))
		conversion_go(conversion, STATE_CONNECTING);
}

static void follow_again(struct conversion *conversion, struct ssh *ssh)
{
	log_notice("control connection is back");
	if (conversion->state == STATE_FINISHING)
		job_cancel(conversion->job, ssh);
	else if (conversion->state == STATE_PREPARING)
		job_launch(conversion->job, ssh); /* does nothing where it was done */
	else
		job_follow(conversion->job, ssh);
}

static void on_ready(void *user, struct ssh *ssh)
{
	struct conversion *conversion = user;

	if (!conversion->first_host_key)
		conversion->first_host_key = ssh_fingerprint(ssh);
	conversion->login.known.first = conversion->first_host_key;
	if (conversion->launched) {
		follow_again(conversion, ssh);
		return;
	}
	if (!conversion_over(conversion))
		conversion_go(conversion, STATE_TESTING);
}

static void on_connection_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state == STATE_FINISHING && conversion->launched) {
		log_warning("virt-v2v may still be at work in '%s' on the server: %s",
			    job_workdir(conversion->job), reason);
		conversion_server_done(conversion);
		return;
	}
	conversion->given_up = true;
	conversion_fail(conversion, conversion->launched ? EXIT_CONVERSION : EXIT_SERVER, reason);
}

/* virt-v2v goes on without us; before that all is done anew. */
static void on_connection_lost(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (!conversion->launched) {
		conversion_begin_again(conversion, EXIT_SERVER, reason);
		return;
	}
	if (conversion->ended)
		return;
	log_warning("%s; trying to get back", reason);
	connection_login(conversion->connection, &conversion->login);
}

/* While virt-v2v is at work, the status area shows how far it is. */
static void on_waiting(void *user, const char *line)
{
	struct conversion *conversion = user;

	if (!conversion->launched && !conversion_over(conversion))
		conversion->events.waiting(conversion->events.user, line);
}

void conversion_enter_network(struct conversion *conversion)
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
	connection_find(conversion->connection);
}

static void log_in(struct conversion *conversion)
{
	conversion->login = (struct ssh_login){
		.user = conversion->config->username,
		.password = conversion->config->password,
		.key = conversion->key,
		.key_length = conversion->key_length,
		.known = {
			.text = conversion->known_hosts,
			.length = conversion->known_hosts_length,
			.fingerprints = conversion->config->hostkeys,
			.first = conversion->first_host_key,
			.host = conversion->config->server,
			.port = conversion->config->port,
		},
	};
	connection_login(conversion->connection, &conversion->login);
}

/* Without the file any server will do; with one that cannot be read, none. */
static bool read_known_hosts(struct conversion *conversion)
{
	AUTO_FREE char *reason = NULL;

	free(steal(conversion->known_hosts));
	conversion->known_hosts = file_read(KNOWN_HOSTS_FILE, KNOWN_HOSTS_SIZE_MAX,
					    &conversion->known_hosts_length);
	if (conversion->known_hosts || errno == ENOENT || errno == ENOTDIR)
		return true;
	reason = text_format("cannot read '" KNOWN_HOSTS_FILE "': %s", strerror(errno));
	conversion_fail(conversion, EXIT_CONFIGURATION, reason);
	return false;
}

/* What may pass is tried again, as long as a connection would be. */
static void key_failed(struct conversion *conversion, const char *reason, bool again)
{
	AUTO_FREE char *over = NULL;

	if (again && !conversion_over(conversion)) {
		over = retry_later(conversion->key_retry, reason);
		if (!over)
			return;
	}
	retry_rest(conversion->key_retry);
	conversion_fail(conversion, EXIT_SERVER, over ? over : reason);
}

static void on_key(void *user, char *key, size_t length, const char *reason)
{
	struct conversion *conversion = user;

	if (!key) {
		key_failed(conversion, reason, identity_is_temporary(conversion->identity));
		return;
	}
	conversion->key = key;
	conversion->key_length = length;
	retry_rest(conversion->key_retry);
	if (!conversion_over(conversion))
		log_in(conversion);
}

static void fetch_key(void *user)
{
	struct conversion *conversion = user;

	identity_free(steal(conversion->identity));
	if (!conversion_over(conversion))
		conversion->identity = identity_fetch(conversion->event,
						      conversion->config->identity, on_key,
						      conversion);
}

static void begin_key(struct conversion *conversion)
{
	struct retry_events events = { .again = fetch_key,
				       .waiting = on_waiting,
				       .user = conversion };

	if (!conversion->key_retry)
		conversion->key_retry = retry_new(conversion->event, conversion->config, "the key",
						  &events);
	retry_begin(conversion->key_retry, RETRY_SERVER);
}

void conversion_enter_connecting(struct conversion *conversion)
{
	conversion_drop_transfer(conversion);
	job_free(steal(conversion->job));
	server_clear(&conversion->server);
	if (!read_known_hosts(conversion))
		return;
	if (conversion->config->identity && !conversion->key)
		begin_key(conversion);
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
		conversion_fail(conversion, EXIT_SERVER, trouble);
}

/* What is known only now: cards have their links, and there is another clock.
 * The RTC is read when the server's answer comes, so both are of one moment. */
static void complete_inventory(struct conversion *conversion)
{
	struct clock *clock = &conversion->machine.clock;
	AUTO_FREE char *text = NULL;

	for (size_t i = 0; i < conversion->nics.count; i++)
		nic_read_link("", &conversion->nics.nic[i]);
	*clock = clock_compare(clock_rtc(""), conversion->server.time);
	text = clock_text(clock);
	log_notice("the machine's clock: %s", text);
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
	if (conversion_over(conversion))
		return;
	log_notice("conversion server: virt-v2v %s%s%s",
		   conversion->server.version ? conversion->server.version : "unknown",
		   conversion->server.system ? " on " : "",
		   conversion->server.system ? conversion->server.system : "");
	complete_inventory(conversion);
	conversion_go(conversion, STATE_EXPORTING);
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

void conversion_enter_testing(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);
	struct script_value values[V2V_VALUES];
	conversion_choose_name(conversion);
	size_t count = v2v_values(conversion->config, conversion->name, NULL, values);

	ssh_try_forward(ssh, on_forward_tried, conversion);
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_PROBE,
					       .values = values,
					       .count = count,
					       .timeout = PROBE_SECONDS,
					       .done = on_probe,
					       .user = conversion });
}
