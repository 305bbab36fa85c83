// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A conversion's state "testing". A tunnel to nothing comes first, by the program and with
 * the login of the disks' tunnels: what a server refuses them must show before the disks are
 * exported. While it is up, the server tells where the forwarded port listens, and what it
 * can do.
 */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/machine_identity.h"
#include "server/relay.h"
#include "server/remote.h"
#include "server/requirements.h"
#include "server/v2v.h"
#include "transfer/tunnel_login.h"

#include <inttypes.h>
#include <string.h>

#define PROBE_SECONDS 240
#define TRIALS_LOST_MOST 2

/* The server will not do: another one may. */
static void refuse(struct conversion *conversion, const char *trouble)
{
	if (!conversion_pass_over(conversion, trouble))
		conversion_fail(conversion, EXIT_SERVER, trouble);
}

/* Treats what the test has found as an error, or as a warning if the user wants so. */
static void judge(struct conversion *conversion, const char *trouble)
{
	if (!trouble)
		return;
	if (conversion->config->skip_test_connection)
		log_warning("%s (going on because of p2v.skip_test_connection)", trouble);
	else
		refuse(conversion, trouble);
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

/* A forwarded socket lies in a directory that no other user of the server can enter.
 * Where the server forwards a port to the network, not even p2v.skip_test_connection lets
 * the disks through: nobody would see that they are read. */
static void judge_forward(struct conversion *conversion)
{
	AUTO_FREE char *exposed = requirements_exposed(&conversion->server);

	judge(conversion, conversion->trial_failure);
	if (exposed)
		refuse(conversion, exposed);
	else if (!conversion->sockets && !conversion->trial_failure &&
		 !conversion->server.listeners)
		judge(conversion,
		      "the server has forwarded a port, but its /proc/net/tcp does not show on which "
		      "address: whether others can read the disks is not known");
}

static void tell_facts(struct conversion *conversion)
{
	struct ssh *ssh = connection_ssh(conversion->connection);
	AUTO_FREE char *hostkey = ssh_fingerprint(ssh);

	conversion->events.tested(conversion->events.user, &conversion->server, ssh_address(ssh),
				  hostkey);
}

/* What becomes of it is known when the substitute has been tried; a test goes not that far. */
static void learn_obstacle(struct conversion *conversion)
{
	free(conversion->relay_obstacle);
	conversion->relay_obstacle = relay_obstacle(&conversion->server);
	if (conversion->relay_obstacle && conversion->test)
		log_warning("p2v-relay cannot be used on the server: %s; qemu-nbd would be tried in its place",
			    conversion->relay_obstacle);
}

static void on_probe(void *user, int status, const char *output, const char *error)
{
	struct conversion *conversion = user;
	AUTO_FREE char *trouble = NULL;
	AUTO_FREE char *no_shell = NULL;

	/* The test has failed meanwhile, and the servers are asked anew, by connections of their
	 * own: this one is still there. */
	if (conversion->state != STATE_TESTING)
		return;
	tunnel_free(steal(conversion->trial));
	server_parse(&conversion->server, output, strlen(output));
	conversion->queued = conversion->queued || conversion->server.queue;
	/* Comes first: such an account is often not allowed to forward a port either. */
	no_shell = requirements_no_shell(&conversion->server, conversion->config->username, error);
	if (no_shell) {
		refuse(conversion, no_shell);
		return;
	}
	if (status != 0 && *error)
		log_warning("the test of the server: %s", error);
	conversion_tell_own(&conversion->server);
	if (conversion->server.complete)
		conversion->uncleared = false;
	learn_obstacle(conversion);
	tell_facts(conversion);
	judge_forward(conversion);
	trouble = requirements_unmet(&conversion->server, conversion->config,
				     disks_bytes(&conversion->hardware.disks));
	judge(conversion, trouble);
	if (conversion_over(conversion))
		return;
	if (conversion->relay && !conversion->sockets)
		log_warning("the server forwards no sockets, so programs of all its users can connect to the disks' ports: "
			    "set AllowStreamLocalForwarding yes in its sshd_config");
	log_notice("conversion server: virt-v2v %s%s%s", conversion->server.version ?: "unknown",
		   conversion->server.system ? " on " : "", conversion->server.system ?: "");
	complete_inventory(conversion);
	if (conversion->test)
		conversion_go(conversion, STATE_FINISHING);
	else
		conversion_queue(conversion);
}

/* How many seconds ago the server was lost, if an earlier try may have left something there; else
 * NULL. The caller frees. */
static char *age_of_loss(const struct conversion *conversion)
{
	uint64_t now = 0;

	if (!conversion->uncleared || !conversion->lost)
		return NULL;
	sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	return text_format("%" PRIu64, (now - conversion->lost) / 1000000);
}

static void probe(struct conversion *conversion, const char *port, const char *socket)
{
	struct script_value values[V2V_VALUES + QUEUE_VALUES + 8];
	struct queue_words words;
	AUTO_FREE char *before = list_join(conversion->before, "\n");
	AUTO_FREE char *age = age_of_loss(conversion);
	/* By it the server ends what it has of this machine; a look changes nothing there. */
	AUTO_FREE char *identity = conversion->look ? NULL :
						      machine_identity(&conversion->hardware);
	size_t count = v2v_values(conversion->config, conversion->name, NULL, values);
	struct queue_call call = conversion_queue_call(conversion, identity);

	if (!conversion->test)
		count += queue_values(&call, &words, values + count);
	values[count++] = (struct script_value){ "identity", identity };
	values[count++] = (struct script_value){ "port", port };
	values[count++] = (struct script_value){ "socket", socket };
	values[count++] = (struct script_value){ "store", conversion->config->store };
	values[count++] = (struct script_value){ "again", conversion->uncleared ?
								  conversion->unique :
								  NULL };
	values[count++] = (struct script_value){ "before", before };
	values[count++] = (struct script_value){ "age", age };
	values[count++] = (struct script_value){ "own", conversion->own };
	remote_run(connection_ssh(conversion->connection),
		   &(struct remote_call){ .script = SCRIPT_PROBE,
					  .values = values,
					  .count = count,
					  .timeout = PROBE_SECONDS,
					  .done = on_probe,
					  .user = conversion });
}

static char *trial_socket(const struct conversion *conversion)
{
	return text_format("/tmp/.virt-p2v-trial-%s-%u", conversion->unique, conversion->trials);
}

static void on_trial_up(void *user, uint16_t port)
{
	struct conversion *conversion = user;
	AUTO_FREE char *number = port ? text_format("%u", port) : NULL;
	AUTO_FREE char *socket = port ? NULL : trial_socket(conversion);

	if (!conversion_over(conversion))
		probe(conversion, number, socket);
}

static void on_trial_failed(void *user, const char *reason);

/* Nobody listens at the socket here: what connects to the server's end is turned away. */
static void start_trial(struct conversion *conversion)
{
	AUTO_FREE char *socket = text_format("%s/nothing.sock", conversion->directory);
	AUTO_FREE char *listen = NULL;
	struct tunnel_way way = { .socket = socket };
	struct tunnel_events events = {
		.up = on_trial_up,
		.failed = on_trial_failed,
		.user = conversion,
	};
	AUTO_FREE char *reason = NULL;

	conversion->trials++;
	if (conversion->sockets)
		way.listen = listen = trial_socket(conversion);
	if (tunnel_start(conversion->event, conversion->tunnel_login, &way, NULL, &events,
			 &conversion->trial, &reason) < 0)
		conversion_fail(conversion, EXIT_INTERNAL, reason);
}

/* Before it was up, or while the probe runs. */
static void on_trial_failed(void *user, const char *reason)
{
	struct conversion *conversion = user;
	bool was_up = tunnel_was_up(conversion->trial);

	if (!was_up && !conversion_over(conversion) && tunnel_was_refused(conversion->trial)) {
		if (conversion->sockets) {
			conversion->sockets = false;
			tunnel_free(steal(conversion->trial));
			start_trial(conversion);
			return;
		}
		if (tunnel_login_by_number(conversion->tunnel_login)) {
			tunnel_free(steal(conversion->trial));
			start_trial(conversion);
			return;
		}
	}
	/* An accident, as when the link is cut just now: it says nothing about the server. */
	if (!conversion_over(conversion) && tunnel_was_lost(conversion->trial) &&
	    conversion->trials_lost < TRIALS_LOST_MOST) {
		conversion->trials_lost++;
		log_warning("%s; trying again", reason);
		tunnel_free(steal(conversion->trial));
		start_trial(conversion);
		return;
	}
	if (was_up) { /* the server allows it, so this was no refusal */
		conversion_begin_again(conversion, EXIT_SERVER, reason);
		return;
	}
	conversion->trial_failure = text_copy(reason);
	if (!conversion_over(conversion))
		probe(conversion, NULL, NULL);
}

void conversion_make_login(struct conversion *conversion)
{
	AUTO_FREE char *reason = NULL;

	conversion->tunnel_login = tunnel_login_new(conversion->event,
						    connection_ssh(conversion->connection),
						    credentials_login(conversion->credentials),
						    conversion->config->port,
						    conversion->hardware.machine.aes,
						    conversion->directory, &reason);
	if (!conversion->tunnel_login)
		conversion_fail(conversion, EXIT_INTERNAL, reason);
	else if (conversion->config->compress)
		tunnel_login_compress(conversion->tunnel_login);
}

void conversion_enter_testing(struct conversion *conversion)
{
	conversion->sockets = !conversion->no_relay;
	conversion->relay = !conversion->no_relay;
	conversion->trials_lost = 0;
	conversion_choose_name(conversion);
	conversion_make_login(conversion);
	if (!conversion_over(conversion))
		start_trial(conversion);
}
