// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk's tunnel: `ssh -N -R`. */
#include "transfer/tunnel.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/own_address.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>
#include <sys/wait.h>

#define UP_MICROSECONDS 60000000ULL
#define AGAIN_MICROSECONDS 1000000ULL /* before the second try; then twice as long each time */

struct tunnel {
	sd_event *event;
	const struct tunnel_login *login;
	struct tunnel_events events;
	struct tunnel_way way; /* its texts are ours */
	char *name; /* "tunnel of 'sda'" */
	struct child *child;
	char *said; /* ssh's last message */
	bool up, in_up; /* up() was called; it is running */
	bool over;      /* failed() was called */
	bool let_in;    /* ssh has logged in */
	bool killed;    /* ssh was ended by a signal */
	struct own_address own; /* of its connection; known when it is up */
	unsigned homeless;      /* how often that was missed, one time after the other */
	sd_event_source *timeout, *again;
	uint64_t pause; /* microseconds, before the next try */
};

uint16_t tunnel_allocated_port(const char *line)
{
	static const char words[] = "Allocated port ";
	const char *found = strstr(line, words);
	unsigned long port = found ? strtoul(found + strlen(words), NULL, 10) : 0;

	return port <= UINT16_MAX ? port : 0;
}

bool tunnel_has_socket(const char *line)
{
	return strstr(line, "remote forward success for: listen ");
}

static const char logged_in[] = "Authenticated to ";

/* What ssh says at the log level DEBUG1 and is no reason for anything. */
static bool is_detail(const char *line)
{
	static const char *const details[] = { "debug1: ", logged_in, "Authenticating to ",
					       "Transferred: ", "Bytes per second: " };

	for (size_t i = 0; i < COUNT(details); i++)
		if (text_begins(line, details[i]))
			return true;
	return false;
}

static void on_line(void *user, const char *line)
{
	struct tunnel *tunnel = user;
	uint16_t port = tunnel_allocated_port(line);
	bool listens = tunnel->way.listen ? tunnel_has_socket(line) : port;
	const char *path;

	log_debug("%s: ssh: %s", tunnel->name, line);
	if (text_begins(line, logged_in))
		tunnel->let_in = true;
	if (listens && !tunnel->up && !tunnel->over) {
		sd_event_source_set_enabled(tunnel->timeout, SD_EVENT_OFF);
		tunnel->up = tunnel->in_up = true;
		tunnel->own = own_address_towards(tunnel_login_address(tunnel->login));
		tunnel->events.up(tunnel->events.user, port);
		tunnel->in_up = false;
		return;
	}
	if (is_detail(line))
		return;
	free(tunnel->said);
	/* The path has the tunnel's number: what is the same each time is said once. */
	path = strstr(line, " for listen path ");
	tunnel->said = path ? text_format("%.*s", (int)(path - line), line) : text_copy(line);
}

bool tunnel_was_refused(const struct tunnel *tunnel)
{
	return tunnel->said && strstr(tunnel->said, "forwarding failed");
}

bool tunnel_was_lost(const struct tunnel *tunnel)
{
	return (tunnel->let_in || tunnel->killed) && !tunnel->up && !tunnel_was_refused(tunnel);
}

static const char *advice(const struct tunnel *tunnel)
{
	/* What says so of a socket may be its directory, which goes with the relay. */
	if (tunnel_was_refused(tunnel) && tunnel->way.connect && tunnel->way.listen)
		return "; either virt-v2v has ended, and its relay takes no more tunnels, or the server's sshd_config was changed: it must have AllowStreamLocalForwarding yes, without DisableForwarding";
	if (tunnel_was_refused(tunnel))
		return "; set AllowTcpForwarding yes and PermitListen any or localhost:* in the server's sshd_config, without DisableForwarding, and neither restrict, no-port-forwarding nor another permitlisten for the key in authorized_keys";
	return tunnel->up ? "; was the network interrupted?" : "";
}

static void fail(struct tunnel *tunnel, char *reason)
{
	AUTO_FREE char *owned = reason;

	assert(!tunnel->over);
	tunnel->over = true;
	sd_event_source_set_enabled(tunnel->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(tunnel->again, SD_EVENT_OFF);
	tunnel->events.failed(tunnel->events.user, owned);
}

/* Whether sshd has closed the connection before the login, as it does with some of many
 * logins at the same time and with an address from which logins have failed. */
static bool turned_away(const struct tunnel *tunnel)
{
	static const char *const said[] = { "Connection closed by ", "Connection reset by ",
					    "kex_exchange_identification: " };

	for (size_t i = 0; tunnel->said && i < COUNT(said); i++)
		if (text_begins(tunnel->said, said[i]))
			return !tunnel->up;
	return false;
}

static void on_ended(void *user, int status)
{
	struct tunnel *tunnel = user;
	AUTO_FREE char *how = child_status_text(status);

	if (tunnel->over)
		return;
	if (turned_away(tunnel)) {
		log_warning("%s: ssh: %s; trying again", tunnel->name, tunnel->said);
		sd_event_source_set_time_relative(tunnel->again, tunnel->pause);
		sd_event_source_set_enabled(tunnel->again, SD_EVENT_ONESHOT);
		tunnel->pause *= 2;
		return;
	}
	tunnel->killed = WIFSIGNALED(status);
	fail(tunnel,
	     text_format("%s %s: ssh, %s%s%s%s", tunnel->name,
			 tunnel->up ? "broke" : "did not come up", how, tunnel->said ? ": " : "",
			 tunnel->said ? tunnel->said : "", advice(tunnel)));
}

static int on_timeout(sd_event_source *source, uint64_t now, void *user)
{
	struct tunnel *tunnel = user;

	(void)source, (void)now;
	fail(tunnel,
	     text_format("%s did not come up in %llu s%s%s%s", tunnel->name,
			 UP_MICROSECONDS / 1000000, tunnel->said ? ": " : "",
			 tunnel->said ? tunnel->said : "",
			 turned_away(tunnel) ?
				 "; see MaxStartups and PerSourcePenalties in the server's sshd_config" :
				 ""));
	return 0;
}

static int start_ssh(struct tunnel *tunnel, char **reason)
{
	AUTO_LIST char **argv = tunnel_login_arguments(tunnel->login, &tunnel->way);
	struct child_options options = {
		.argv = (const char *const *)argv,
		.environment = tunnel_login_environment(tunnel->login),
		.line = on_line,
		.ended = on_ended,
		.user = tunnel,
	};

	child_free(steal(tunnel->child));
	free(steal(tunnel->said));
	return child_start(tunnel->event, &options, &tunnel->child, reason);
}

static int on_again(sd_event_source *source, uint64_t now, void *user)
{
	struct tunnel *tunnel = user;
	char *reason = NULL;

	(void)source, (void)now;
	if (start_ssh(tunnel, &reason) < 0)
		fail(tunnel, reason);
	return 0;
}

int tunnel_start(sd_event *event, const struct tunnel_login *login, const struct tunnel_way *way,
		 const char *disk, const struct tunnel_events *events, struct tunnel **result,
		 char **reason)
{
	struct tunnel *tunnel = memory_zero(1, sizeof(*tunnel));
	int r;

	*tunnel = (struct tunnel){
		.event = event,
		.login = login,
		.events = *events,
		.way = { text_copy(way->listen), text_copy(way->socket), way->connect, way->again },
		.name = disk ? text_format("tunnel of '%s'", disk) :
			       text_copy("the tunnel for the test"),
		.pause = AGAIN_MICROSECONDS,
	};
	if (sd_event_add_time_relative(event, &tunnel->timeout, CLOCK_BOOTTIME, UP_MICROSECONDS, 0,
				       on_timeout, tunnel) < 0 ||
	    sd_event_add_time_relative(event, &tunnel->again, CLOCK_BOOTTIME, 0, 0, on_again,
				       tunnel) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(tunnel->again, SD_EVENT_OFF);
	r = start_ssh(tunnel, reason);
	if (r < 0) {
		tunnel_free(tunnel);
		return r;
	}
	*result = tunnel;
	return 0;
}

void tunnel_look(struct tunnel *tunnel)
{
	AUTO_FREE char *address = NULL;

	if (!tunnel->up || tunnel->over)
		return;
	tunnel->homeless = own_address_is_gone(&tunnel->own) ? tunnel->homeless + 1 : 0;
	if (tunnel->homeless < OWN_ADDRESS_LOOKS)
		return;
	address = own_address_text(&tunnel->own);
	fail(tunnel, text_format("%s broke: this machine does not have the address %s any more",
				 tunnel->name, address));
}

bool tunnel_was_up(const struct tunnel *tunnel)
{
	return tunnel->up;
}

void tunnel_free(struct tunnel *tunnel)
{
	if (!tunnel)
		return;
	assert(!tunnel->in_up);
	sd_event_source_disable_unref(tunnel->timeout);
	sd_event_source_disable_unref(tunnel->again);
	child_free(tunnel->child);
	free((char *)tunnel->way.listen);
	free((char *)tunnel->way.socket);
	free(tunnel->name);
	free(tunnel->said);
	free(tunnel);
}
