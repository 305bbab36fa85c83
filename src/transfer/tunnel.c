// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk's tunnel: `ssh -N -R`. */
#include "transfer/tunnel.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

#define UP_MICROSECONDS 60000000ULL

struct tunnel {
	struct tunnel_events events;
	char *name; /* "tunnel of 'sda'" */
	struct child *child;
	char *said; /* ssh's last message */
	bool up, in_up; /* up() was called; it is running */
	bool over;      /* failed() was called */
	sd_event_source *timeout;
};

uint16_t tunnel_allocated_port(const char *line)
{
	static const char words[] = "Allocated port ";
	const char *found = strstr(line, words);
	unsigned long port = found ? strtoul(found + strlen(words), NULL, 10) : 0;

	return port <= UINT16_MAX ? port : 0;
}

static void on_line(void *user, const char *line)
{
	struct tunnel *tunnel = user;
	uint16_t port = tunnel->up || tunnel->over ? 0 : tunnel_allocated_port(line);

	log_debug("%s: ssh: %s", tunnel->name, line);
	if (port) {
		sd_event_source_set_enabled(tunnel->timeout, SD_EVENT_OFF);
		tunnel->up = tunnel->in_up = true;
		tunnel->events.up(tunnel->events.user, port);
		tunnel->in_up = false;
		return;
	}
	free(tunnel->said);
	tunnel->said = text_copy(line);
}

bool tunnel_was_refused(const struct tunnel *tunnel)
{
	return tunnel->said && strstr(tunnel->said, "forwarding failed");
}

static const char *advice(const struct tunnel *tunnel)
{
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
	tunnel->events.failed(tunnel->events.user, owned);
}

static void on_ended(void *user, int status)
{
	struct tunnel *tunnel = user;
	AUTO_FREE char *how = child_status_text(status);

	if (tunnel->over)
		return;
	fail(tunnel,
	     text_format("%s %s: ssh, %s%s%s%s", tunnel->name,
			 tunnel->up ? "broke" : "did not come up", how, tunnel->said ? ": " : "",
			 tunnel->said ? tunnel->said : "", advice(tunnel)));
}

static int on_timeout(sd_event_source *source, uint64_t now, void *user)
{
	struct tunnel *tunnel = user;

	(void)source, (void)now;
	fail(tunnel, text_format("%s did not come up in %llu s%s%s", tunnel->name,
				 UP_MICROSECONDS / 1000000, tunnel->said ? ": " : "",
				 tunnel->said ? tunnel->said : ""));
	return 0;
}

int tunnel_start(sd_event *event, const struct tunnel_login *login, const char *socket,
		 const char *name, const struct tunnel_events *events, struct tunnel **result,
		 char **reason)
{
	struct tunnel *tunnel = memory_zero(1, sizeof(*tunnel));
	AUTO_LIST char **argv = tunnel_login_arguments(login, socket);
	struct child_options options = {
		.argv = (const char *const *)argv,
		.environment = tunnel_login_environment(login),
		.line = on_line,
		.ended = on_ended,
		.user = tunnel,
	};
	int r;

	tunnel->events = *events;
	tunnel->name = name ? text_format("tunnel of '%s'", name) :
			      text_copy("the tunnel for the test");
	r = sd_event_add_time_relative(event, &tunnel->timeout, CLOCK_BOOTTIME, UP_MICROSECONDS, 0,
				       on_timeout, tunnel);
	if (r < 0)
		*reason = text_format("cannot watch %s: %s", tunnel->name, strerror(-r));
	else
		r = child_start(event, &options, &tunnel->child, reason);
	if (r < 0) {
		tunnel_free(tunnel);
		return r;
	}
	*result = tunnel;
	return 0;
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
	child_free(tunnel->child);
	free(tunnel->name);
	free(tunnel->said);
	free(tunnel);
}
