// SPDX-License-Identifier: GPL-2.0-or-later
/* An SSH session: connecting, and the events that drive it. */
#include "ssh/ssh.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/own_address.h"
#include "base/text.h"
#include "ssh/ssh_session.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_SECONDS 15       /* per address */
#define RECEIVE_MOST (256U << 10) /* bytes, before other events are handled */

static int on_socket(sd_event_source *source, int fd, uint32_t events, void *user);

static void set_socket_options(int fd)
{
	unsigned dead = SSH_SILENCE_SECONDS * 1000;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead, sizeof(dead));
}

static int start_connecting(struct ssh *ssh)
{
	const struct addrinfo *address = ssh->address;

	ssh->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (ssh->fd < 0)
		return -errno;
	set_socket_options(ssh->fd);
	if (connect(ssh->fd, address->ai_addr, address->ai_addrlen) < 0 && errno != EINPROGRESS)
		return -errno;
	return sd_event_add_io(ssh->event, &ssh->io, ssh->fd, EPOLLOUT, on_socket, ssh);
}

/* Tries the next address, or fails if there is none left. */
static int stage_address(struct ssh *ssh)
{
	char numeric[NI_MAXHOST] = "?";
	int r;

	if (!ssh->address) {
		ssh_fail(ssh, SSH_UNREACHABLE, text_copy(ssh->last_error));
		return LIBSSH2_ERROR_SOCKET_NONE;
	}
	getnameinfo(ssh->address->ai_addr, ssh->address->ai_addrlen, numeric, sizeof(numeric), NULL,
		    0, NI_NUMERICHOST);
	free(ssh->numeric);
	ssh->numeric = text_copy(numeric);
	ssh->stage = STAGE_TCP;
	ssh_set_timeout(ssh, CONNECT_SECONDS);
	r = start_connecting(ssh);
	return r < 0 ? ssh_address_failed(ssh, strerror(-r)) : LIBSSH2_ERROR_EAGAIN;
}

static int (*const stages[])(struct ssh *ssh) = {
	[STAGE_ADDRESS] = stage_address,
	[STAGE_TCP] = ssh_stage_tcp,
	[STAGE_HANDSHAKE] = ssh_stage_handshake,
	[STAGE_METHODS] = ssh_stage_methods,
	[STAGE_LOGIN] = ssh_stage_login,
	[STAGE_IDLE] = ssh_stage_idle,
	[STAGE_OPEN] = ssh_stage_open,
	[STAGE_PAUSE] = ssh_stage_pause,
	[STAGE_EXEC] = ssh_stage_exec,
	[STAGE_WRITE] = ssh_stage_write,
	[STAGE_EOF] = ssh_stage_eof,
	[STAGE_READ] = ssh_stage_read,
	[STAGE_CLOSE] = ssh_stage_close,
	[STAGE_FREE] = ssh_stage_free,
};

/* Sets which events of the socket to wait for. libssh2 reads only for a channel, so an
 * idle session must not wait for input, only for the end of the connection. */
static void wait_for_socket(struct ssh *ssh)
{
	int directions = ssh->session ? libssh2_session_block_directions(ssh->session) : 0;
	uint32_t events = EPOLLIN;

	if (ssh->stage == STAGE_TCP)
		events = EPOLLOUT;
	else if (ssh->stage == STAGE_IDLE || ssh->stage == STAGE_PAUSE)
		events = EPOLLRDHUP;
	else if (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		events |= EPOLLOUT;
	sd_event_source_set_io_events(ssh->io, events);
}

/* Runs one stage after the other until one has to wait. */
static void pump(struct ssh *ssh)
{
	ssh->budget = RECEIVE_MOST;
	while (ssh->stage != STAGE_DEAD && stages[ssh->stage](ssh) == 0)
		;
	if (ssh->stage != STAGE_DEAD)
		wait_for_socket(ssh);
}

static int on_socket(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct ssh *ssh = user;

	(void)source, (void)fd;
	if ((ssh->stage == STAGE_IDLE || ssh->stage == STAGE_PAUSE) &&
	    events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		ssh_fail(ssh, SSH_LOST,
			 text_format("%s closed the control connection", ssh->numeric));
	else
		pump(ssh);
	return 0;
}

static int on_resume(sd_event_source *source, void *user)
{
	(void)source;
	pump(user);
	return 0;
}

static int on_timeout(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;
	AUTO_FREE char *said = NULL;

	(void)source, (void)now;
	if (ssh->stage < STAGE_METHODS) {
		ssh_address_failed(ssh, ssh->stage == STAGE_TCP ?
						"no answer (a firewall, or no such machine)" :
						"no SSH greeting in time");
		pump(ssh);
	} else if (ssh->stage < STAGE_IDLE) {
		ssh_fail(ssh, SSH_UNREACHABLE,
			 text_format("%s did not answer the login in %d s", ssh->numeric,
				     SSH_LOGIN_SECONDS));
	} else {
		said = ssh_command_greeting(ssh);
		ssh_fail(ssh, SSH_LOST,
			 text_format("%s did not answer a command in time%s%s", ssh->numeric,
				     said ? "; in place of it came: " : "", said ?: ""));
	}
	return 0;
}

/* Seconds since the last byte was received, which only the kernel knows at every stage. */
static unsigned silence(const struct ssh *ssh)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(ssh->fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		return 0;
	return info.tcpi_last_data_recv / 1000;
}

uint64_t ssh_delay(const struct ssh *ssh)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (!ssh || getsockopt(ssh->fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		return 0;
	/* Not the average: an answer that a command kept waiting says nothing of the line. */
	return info.tcpi_min_rtt;
}

/* Whether libssh2 has sent only a part of a message: of a window adjustment, while it reads. */
static bool is_half_sent(const struct ssh *ssh)
{
	return libssh2_session_block_directions(ssh->session) & LIBSSH2_SESSION_BLOCK_OUTBOUND;
}

/* While libssh2 sends another message, it must not be told to send a keepalive. Such
 * stages have a time limit instead. */
static int on_keepalive(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;
	int next, r = 0;

	(void)now;
	if (ssh->stage == STAGE_IDLE || (ssh->stage == STAGE_READ && !ssh->beat_due)) {
		if (silence(ssh) >= SSH_SILENCE_SECONDS) {
			ssh_fail(ssh, SSH_LOST,
				 text_format("%s has been silent for %u s", ssh->numeric,
					     silence(ssh)));
			return 0;
		}
		if (!is_half_sent(ssh))
			r = libssh2_keepalive_send(ssh->session, &next);
	}
	if (r < 0 && r != LIBSSH2_ERROR_EAGAIN)
		ssh_lost(ssh, "sending a keepalive");
	else
		sd_event_source_set_time_relative(source, SSH_KEEPALIVE_SECONDS * 1000000ULL);
	return 0;
}

/* The script that runs is to hear of us. Not while libssh2 sends something else. */
static int on_beat(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;

	(void)now;
	sd_event_source_set_time_relative(source, ssh->queue->command.beat * 1000000ULL);
	if (is_half_sent(ssh))
		return 0;
	ssh->beat_due = true;
	pump(ssh);
	return 0;
}

static int on_pause_over(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;

	(void)source, (void)now;
	ssh->stage = STAGE_OPEN;
	pump(ssh);
	return 0;
}

void ssh_connect(struct ssh *ssh, const struct addrinfo *addresses)
{
	ssh->address = addresses;
	ssh->stage = STAGE_ADDRESS;
	ssh_resume(ssh);
}

struct ssh *ssh_new(sd_event *event, const struct ssh_login *login, const struct ssh_events *events)
{
	struct ssh *ssh = memory_zero(1, sizeof(*ssh));

	*ssh = (struct ssh){ .event = event, .login = *login, .events = *events, .fd = -1 };
	libssh2_init(0);
	if (sd_event_add_time_relative(event, &ssh->timeout, CLOCK_BOOTTIME, UINT64_MAX / 2, 0,
				       on_timeout, ssh) < 0 ||
	    sd_event_add_time_relative(event, &ssh->keepalive, CLOCK_BOOTTIME,
				       SSH_KEEPALIVE_SECONDS * 1000000ULL, 0, on_keepalive,
				       ssh) < 0 ||
	    sd_event_add_time_relative(event, &ssh->beat, CLOCK_BOOTTIME, 0, 0, on_beat, ssh) < 0 ||
	    sd_event_add_time_relative(event, &ssh->pause, CLOCK_BOOTTIME, 0, 0, on_pause_over,
				       ssh) < 0 ||
	    sd_event_add_defer(event, &ssh->resume, on_resume, ssh) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(ssh->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->resume, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->beat, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->pause, SD_EVENT_OFF);
	return ssh;
}

void ssh_free(struct ssh *ssh)
{
	if (!ssh)
		return;
	ssh_close_socket(ssh);
	sd_event_source_disable_unref(ssh->timeout);
	sd_event_source_disable_unref(ssh->keepalive);
	sd_event_source_disable_unref(ssh->resume);
	sd_event_source_disable_unref(ssh->beat);
	sd_event_source_disable_unref(ssh->pause);
	ssh_drop_operations(ssh);
	free(ssh->numeric);
	free(ssh->last_error);
	free(ssh->farewell);
	free(ssh->refusal);
	free(ssh);
	libssh2_exit();
}

void ssh_look(struct ssh *ssh)
{
	struct own_address own = own_address_of(ssh->fd);
	AUTO_FREE char *address = NULL;

	if (ssh->stage == STAGE_DEAD)
		return;
	ssh->homeless = own_address_is_gone(&own) ? ssh->homeless + 1 : 0;
	if (ssh->homeless < OWN_ADDRESS_LOOKS)
		return;
	address = own_address_text(&own);
	ssh_fail(ssh, SSH_LOST,
		 text_format("this machine does not have the address %s any more", address));
}

const char *ssh_address(const struct ssh *ssh)
{
	return ssh->numeric;
}

bool ssh_gave_both(const struct ssh *ssh)
{
	return ssh->second_factor;
}
