// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk's tunnel: `ssh -N -R`. */
#include "tunnel.h"

#include "child.h"
#include "cleanup.h"
#include "lines.h"
#include "log.h"
#include "text.h"

#include <string.h>

#define UP_MICROSECONDS 60000000ULL
#define KEEPALIVE_SECONDS 15
#define KEEPALIVES_LOST 8 /* the link is given up after two minutes of silence */

/* What is fastest first: with AES in the CPU, GCM needs 0.6 of chacha20's time
 * (figures in HACKING.md); without, the other way round. */
#define CIPHERS_AES                                                                             \
	"aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,"          \
	"aes128-ctr,aes192-ctr,aes256-ctr"
#define CIPHERS_PLAIN                                                                           \
	"chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,"          \
	"aes128-ctr,aes192-ctr,aes256-ctr"

struct tunnel {
	struct tunnel_events events;
	char *name;
	struct child *child;
	struct lines lines;
	char *said; /* ssh's last message */
	bool up;
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
	uint16_t port = tunnel->up ? 0 : tunnel_allocated_port(line);

	log_debug("ssh of '%s': %s", tunnel->name, line);
	if (port) {
		tunnel->up = true;
		sd_event_source_set_enabled(tunnel->timeout, SD_EVENT_OFF);
		tunnel->events.up(tunnel->events.user, tunnel, port);
		return;
	}
	free(tunnel->said);
	tunnel->said = text_copy(line);
}

static void on_output(void *user, const char *data, size_t length)
{
	struct tunnel *tunnel = user;

	lines_feed(&tunnel->lines, data, length, on_line, tunnel);
}

static const char *advice(const struct tunnel *tunnel)
{
	if (tunnel->said && strstr(tunnel->said, "forwarding failed"))
		return "; set AllowTcpForwarding yes in the server's sshd_config";
	return tunnel->up ? "; was the network interrupted?" : "";
}

static void on_ended(void *user, int status)
{
	struct tunnel *tunnel = user;
	AUTO_FREE char *how = child_status_text(status);
	AUTO_FREE char *reason = NULL;

	lines_end(&tunnel->lines, on_line, tunnel);
	sd_event_source_set_enabled(tunnel->timeout, SD_EVENT_OFF);
	reason = text_format("tunnel of '%s' %s: ssh, %s%s%s%s", tunnel->name,
			     tunnel->up ? "broke" : "did not come up", how,
			     tunnel->said ? ": " : "", tunnel->said ? tunnel->said : "",
			     advice(tunnel));
	tunnel->events.failed(tunnel->events.user, tunnel, reason);
}

static int on_timeout(sd_event_source *source, uint64_t now, void *user)
{
	struct tunnel *tunnel = user;
	AUTO_FREE char *reason =
		text_format("tunnel of '%s' did not come up in %llu s%s%s", tunnel->name,
			    UP_MICROSECONDS / 1000000, tunnel->said ? ": " : "",
			    tunnel->said ? tunnel->said : "");

	(void)source, (void)now;
	tunnel->events.failed(tunnel->events.user, tunnel, reason);
	return 0;
}

static void option(char ***argv, char *text)
{
	list_append(argv, text_copy("-o"));
	list_append(argv, text);
}

static void login_options(char ***argv, const struct tunnel_login *login)
{
	list_append(argv, text_copy("-l"));
	list_append(argv, text_copy(login->user));
	option(argv, text_format("Port=%u", login->port));
	option(argv, text_copy("HostKeyAlias=" TUNNEL_HOST_ALIAS));
	option(argv, text_copy("CheckHostIP=no"));
	option(argv, text_copy("StrictHostKeyChecking=yes"));
	option(argv, text_format("UserKnownHostsFile=%s", login->known_hosts));
	option(argv, text_copy("GlobalKnownHostsFile=none"));
	option(argv, text_copy("UpdateHostKeys=no"));
	option(argv, text_copy("IdentityAgent=none"));
	option(argv, text_copy("NumberOfPasswordPrompts=1"));
	if (login->identity) {
		option(argv, text_copy("IdentitiesOnly=yes"));
		option(argv, text_format("IdentityFile=%s", login->identity));
		option(argv, text_copy("PreferredAuthentications=publickey"));
	} else {
		option(argv, text_copy("PreferredAuthentications=password,keyboard-interactive"));
	}
}

static char **arguments(const struct tunnel_login *login, const char *socket)
{
	char **argv = NULL;

	list_append(&argv, text_copy("ssh"));
	list_append(&argv, text_copy("-NT"));
	list_append(&argv, text_copy("-F"));
	list_append(&argv, text_copy("none"));
	login_options(&argv, login);
	option(&argv, text_copy("LogLevel=INFO"));
	option(&argv, text_copy("ControlPath=none"));
	option(&argv, text_copy("Compression=no"));
	option(&argv, text_copy("ConnectTimeout=30"));
	option(&argv, text_copy("ExitOnForwardFailure=yes"));
	option(&argv, text_format("ServerAliveInterval=%d", KEEPALIVE_SECONDS));
	option(&argv, text_format("ServerAliveCountMax=%d", KEEPALIVES_LOST));
	option(&argv, text_format("Ciphers=%s", login->aes ? CIPHERS_AES : CIPHERS_PLAIN));
	list_append(&argv, text_copy("-R"));
	list_append(&argv, text_format("127.0.0.1:0:%s", socket));
	list_append(&argv, text_copy("--"));
	list_append(&argv, text_copy(login->address));
	return argv;
}

int tunnel_start(sd_event *event, const struct tunnel_login *login, const char *socket,
		 const char *name, const struct tunnel_events *events, struct tunnel **result,
		 char **reason)
{
	struct tunnel *tunnel = text_zero(1, sizeof *tunnel);
	AUTO_LIST char **argv = arguments(login, socket);
	struct child_options options = {
		.argv = (const char *const *)argv,
		.environment = login->environment,
		.output = on_output,
		.ended = on_ended,
		.user = tunnel,
	};
	int r;

	tunnel->events = *events;
	tunnel->name = text_copy(name);
	r = sd_event_add_time_relative(event, &tunnel->timeout, CLOCK_BOOTTIME, UP_MICROSECONDS, 0,
				       on_timeout, tunnel);
	if (r < 0)
		*reason = text_format("cannot watch the tunnel of '%s': %s", name, strerror(-r));
	else
		r = child_start(event, &options, &tunnel->child, reason);
	if (r < 0) {
		tunnel_free(tunnel);
		return r;
	}
	*result = tunnel;
	return 0;
}

void tunnel_free(struct tunnel *tunnel)
{
	if (!tunnel)
		return;
	sd_event_source_disable_unref(tunnel->timeout);
	child_free(tunnel->child);
	free(tunnel->name);
	free(tunnel->said);
	free(tunnel);
}
