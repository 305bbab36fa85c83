// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's states before the transfer: network, connecting, testing. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/machine_identity.h"
#include "server/remote.h"
#include "server/requirements.h"
#include "server/v2v.h"

#include <string.h>

#define PROBE_SECONDS 240

static void on_found(void *user)
{
	conversion_go(user, STATE_CONNECTING);
}

static void follow_again(struct conversion *conversion, struct ssh *ssh)
{
	log_notice("control connection is back");
	if (conversion->state == STATE_FINISHING)
		job_cancel(conversion->job, ssh);
	else if (conversion->state == STATE_PREPARING)
		job_launch(conversion->job, ssh); /* does nothing if virt-v2v was started */
	else
		job_follow(conversion->job, ssh);
}

static void on_ready(void *user, struct ssh *ssh)
{
	struct conversion *conversion = user;

	credentials_pin(conversion->credentials, ssh);
	if (conversion->v2v_launched) {
		follow_again(conversion, ssh);
		return;
	}
	conversion_go(conversion, STATE_TESTING);
}

static void on_connection_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state == STATE_FINISHING && conversion->v2v_launched) {
		log_warning("virt-v2v may still be running on the server, 'sh %s/end.sh' there ends it: %s",
			    job_workdir(conversion->job), reason);
		conversion_server_done(conversion);
		return;
	}
	conversion->given_up = true;
	conversion_fail(conversion, conversion->v2v_launched ? EXIT_CONVERSION : EXIT_SERVER,
			reason);
}

static void log_in(struct conversion *conversion)
{
	connection_login(conversion->connection, credentials_login(conversion->credentials));
}

/* Once virt-v2v runs, it goes on without a control connection, and p2vd connects again.
 * Before that, the conversion starts over. */
static void on_connection_lost(void *user, const char *reason)
{
	struct conversion *conversion = user;

	if (!conversion->v2v_launched) {
		conversion_begin_again(conversion, EXIT_SERVER, reason);
		return;
	}
	job_pause(conversion->job);
	if (conversion->v2v_ended)
		return;
	log_warning("%s; connecting again", reason);
	log_in(conversion);
}

/* While virt-v2v runs, the status area shows its progress instead. */
static void on_waiting(void *user, const char *line)
{
	struct conversion *conversion = user;

	if (!conversion->v2v_launched && !conversion_over(conversion))
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

static void on_credentials(void *user)
{
	struct conversion *conversion = user;

	if (!conversion_over(conversion))
		log_in(conversion);
}

static void on_credentials_failed(void *user, enum credentials_failure failure, const char *reason)
{
	conversion_fail(user, failure == CREDENTIALS_KNOWN_HOSTS ? EXIT_CONFIGURATION : EXIT_SERVER,
			reason);
}

void conversion_enter_connecting(struct conversion *conversion)
{
	struct credentials_events events = {
		.ready = on_credentials,
		.failed = on_credentials_failed,
		.waiting = on_waiting,
		.user = conversion,
	};

	conversion_drop_transfer(conversion);
	job_free(steal(conversion->job));
	server_clear(&conversion->server);
	if (!conversion->credentials)
		conversion->credentials = credentials_new(conversion->event, conversion->config,
							  &events);
	credentials_get(conversion->credentials);
}

/* ---- testing ----------------------------------------------------------- */

static uint64_t bytes_of_disks(const struct disks *disks)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < disks->count; i++)
		bytes += disks->disk[i].size;
	return bytes;
}

/* Treats what the test has found as an error, or as a warning if the user wants so. */
static void judge(struct conversion *conversion, const char *trouble)
{
	if (!trouble)
		return;
	if (conversion->config->skip_test_connection)
		log_warning("%s (going on because of p2v.skip_test_connection)", trouble);
	else
		conversion_fail(conversion, EXIT_SERVER, trouble);
}

/* Adds what is known only now: the links of the cards, and the clock's basis. The RTC is
 * read when the server's answer with its time comes, so that both are of one moment. */
static void complete_inventory(struct conversion *conversion)
{
	struct clock *clock = &conversion->hardware.machine.clock;
	AUTO_FREE char *text = NULL;

	for (size_t i = 0; i < conversion->hardware.nics.count; i++)
		nic_read_link("", &conversion->hardware.nics.nic[i]);
	*clock = clock_compare(clock_rtc(""), conversion->server.time);
	text = clock_text(clock);
	log_notice("the machine's clock: %s", text);
}

/* Each is "WORKDIR SINCE" or "WORKDIR WHY". */
static void tell_own(const struct server *server)
{
	for (char *const *own = server->ended; own && *own; own++)
		log_warning("a conversion of this machine had not ended on the server, and was ended now; what it had half "
			    "made was removed (work directory and begin: %s)",
			    *own);
	for (char *const *own = server->unended; own && *own; own++)
		log_warning("a conversion of this machine has not ended on the server, and cannot be ended (work directory "
			    "and reason: %s)",
			    *own);
}

static void on_probe(void *user, int status, const char *output, const char *error)
{
	struct conversion *conversion = user;
	AUTO_FREE char *trouble = NULL;

	if (status != 0 && *error)
		log_warning("the test of the server: %s", error);
	server_parse(&conversion->server, output, strlen(output));
	tell_own(&conversion->server);
	trouble = requirements_unmet(&conversion->server, conversion->config,
				     bytes_of_disks(&conversion->hardware.disks));
	judge(conversion, trouble);
	if (conversion_over(conversion))
		return;
	log_notice("conversion server: virt-v2v %s%s%s", conversion->server.version ?: "unknown",
		   conversion->server.system ? " on " : "", conversion->server.system ?: "");
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

/* Only now, when the network is up: it may bring a host name. */
static void choose_name(struct conversion *conversion)
{
	char hostname[256] = "";

	free(conversion->name);
	gethostname(hostname, sizeof(hostname) - 1);
	conversion->name = text_copy(conversion->config->name) ?:
				   machine_guest_name(&conversion->hardware.machine, hostname);
	log_notice("the guest will be named '%s'", conversion->name);
}

void conversion_enter_testing(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);
	struct script_value values[V2V_VALUES + 1];
	AUTO_FREE char *identity = machine_identity(&conversion->hardware);
	size_t count;

	choose_name(conversion);
	count = v2v_values(conversion->config, conversion->name, NULL, values);
	values[count++] = (struct script_value){ "identity", identity };
	ssh_try_forward(ssh, on_forward_tried, conversion);
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_PROBE,
					       .values = values,
					       .count = count,
					       .timeout = PROBE_SECONDS,
					       .done = on_probe,
					       .user = conversion });
}
