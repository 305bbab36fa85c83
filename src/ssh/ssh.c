// SPDX-License-Identifier: GPL-2.0-or-later
/* The control connection: connecting, and the event loop's side of a session. */
#include "ssh/ssh.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/ssh_session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_SECONDS 15       /* per address */
#define RECEIVE_MOST (256U << 10) /* bytes until other events have their turn */

static void connect_next(struct ssh *ssh);

const char *ssh_error(struct ssh *ssh)
{
	char *message = NULL;

	libssh2_session_last_error(ssh->session, &message, NULL, 0);
	return message && *message ? message : "unknown error";
}

/* Says that the session is dead. */
void ssh_fail(struct ssh *ssh, enum ssh_failure failure, char *reason)
{
	AUTO_FREE char *owned = reason;

	ssh->stage = STAGE_DEAD;
	sd_event_source_set_enabled(ssh->io, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_OFF);
	ssh->events.failed(ssh->events.user, failure, owned);
}

void ssh_set_timeout(struct ssh *ssh, unsigned seconds)
{
	sd_event_source_set_enabled(ssh->timeout, seconds ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
	if (seconds)
		sd_event_source_set_time_relative(ssh->timeout, seconds * 1000000ULL);
}

bool ssh_closed(const struct ssh *ssh)
{
	char byte;
	ssize_t r = recv(ssh->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return r == 0 || (r < 0 && errno != EAGAIN && errno != EINTR);
}

void ssh_resume(struct ssh *ssh)
{
	sd_event_source_set_enabled(ssh->resume, SD_EVENT_ONESHOT);
}

/* libssh2 takes from the socket for as long as there is something, whoever
 * else waits. A server that never stops talking must not get all of our time. */
static ssize_t on_receive(libssh2_socket_t fd, void *buffer, size_t length, int flags,
			  void **abstract)
{
	struct ssh *ssh = *abstract;
	ssize_t r;

	if (!ssh->budget)
		return -EAGAIN;
	r = recv(fd, buffer, length < ssh->budget ? length : ssh->budget, flags);
	if (r < 0)
		return -errno;
	ssh->budget -= r;
	return r;
}

/* RFC 4253, 11.1: a server that ends the session may say why. */
static void on_disconnect(LIBSSH2_SESSION *session, int reason, const char *message, int length,
			  const char *language, int language_length, void **abstract)
{
	struct ssh *ssh = *abstract;

	(void)session, (void)reason, (void)language, (void)language_length;
	free(ssh->farewell);
	ssh->farewell = text_format("%.*s", length, message ? message : "");
}

void ssh_start_session(struct ssh *ssh)
{
	ssh->session = libssh2_session_init_ex(NULL, NULL, NULL, ssh);
	if (!ssh->session)
		abort(); /* no memory */
	libssh2_session_callback_set2(ssh->session, LIBSSH2_CALLBACK_RECV,
				      (libssh2_cb_generic *)on_receive);
	libssh2_session_callback_set2(ssh->session, LIBSSH2_CALLBACK_DISCONNECT,
				      (libssh2_cb_generic *)on_disconnect);
	libssh2_session_set_blocking(ssh->session, 0);
	libssh2_session_flag(ssh->session, LIBSSH2_FLAG_COMPRESS, 0);
}

static void close_socket(struct ssh *ssh)
{
	ssh->io = sd_event_source_disable_unref(ssh->io);
	ssh->budget = SIZE_MAX;
	if (ssh->fd >= 0) /* so that freeing the session cannot wait for the peer */
		shutdown(ssh->fd, SHUT_RDWR);
	if (ssh->session)
		libssh2_session_free(ssh->session);
	ssh->session = NULL;
	if (ssh->fd >= 0)
		close(ssh->fd);
	ssh->fd = -1;
}

/* This address did not answer: the next one, or none is left. */
void ssh_address_failed(struct ssh *ssh, const char *why)
{
	free(ssh->last_error);
	ssh->last_error = text_format("%s: %s", ssh->numeric, why);
	log_info("no connection to %s", ssh->last_error);
	close_socket(ssh);
	ssh->address = ssh->address->ai_next;
	connect_next(ssh);
}

int ssh_lost(struct ssh *ssh, const char *doing)
{
	ssh_fail(ssh, SSH_LOST,
		 text_format("control connection to %s lost while %s: %s", ssh->numeric, doing,
			     ssh_error(ssh)));
	return LIBSSH2_ERROR_SOCKET_DISCONNECT;
}

static int (*const stages[])(struct ssh *ssh) = {
	[STAGE_TCP] = ssh_stage_tcp,         [STAGE_HANDSHAKE] = ssh_stage_handshake,
	[STAGE_METHODS] = ssh_stage_methods, [STAGE_LOGIN] = ssh_stage_login,
	[STAGE_IDLE] = ssh_stage_idle,       [STAGE_OPEN] = ssh_stage_open,
	[STAGE_EXEC] = ssh_stage_exec,       [STAGE_WRITE] = ssh_stage_write,
	[STAGE_EOF] = ssh_stage_eof,         [STAGE_READ] = ssh_stage_read,
	[STAGE_CLOSE] = ssh_stage_close,     [STAGE_FREE] = ssh_stage_free,
	[STAGE_LISTEN] = ssh_stage_listen,   [STAGE_UNLISTEN] = ssh_stage_unlisten,
};

/* What to wake up for. libssh2 reads only on behalf of a channel, so an idle
 * session listens for the connection's end alone. */
static void wait_for_socket(struct ssh *ssh)
{
	int directions = ssh->session ? libssh2_session_block_directions(ssh->session) : 0;
	uint32_t events = EPOLLIN;

	if (ssh->stage == STAGE_TCP)
		events = EPOLLOUT;
	else if (ssh->stage == STAGE_IDLE)
		events = EPOLLRDHUP;
	else if (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		events |= EPOLLOUT;
	sd_event_source_set_io_events(ssh->io, events);
}

/* One stage after the other until one has to wait. */
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
	if (ssh->stage == STAGE_IDLE && events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
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

	(void)source, (void)now;
	if (ssh->stage == STAGE_TCP)
		ssh_address_failed(ssh, "no answer (a firewall, or no such machine)");
	else if (ssh->stage < STAGE_METHODS)
		ssh_address_failed(ssh, "no SSH greeting in time");
	else if (ssh->stage < STAGE_IDLE)
		ssh_fail(ssh, SSH_UNREACHABLE,
			 text_format("%s did not answer the login in %d s", ssh->numeric,
				     SSH_LOGIN_SECONDS));
	else
		ssh_fail(ssh, SSH_LOST,
			 text_format("%s did not answer a command in time", ssh->numeric));
	return 0;
}

/* Seconds since the last byte came. The kernel knows, in whatever stage we are. */
static unsigned silence(const struct ssh *ssh)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(ssh->fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		return 0;
	return info.tcpi_last_data_recv / 1000;
}

/* In the middle of another message libssh2 must not be asked to send one; those
 * have a time limit instead. */
static int on_keepalive(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;
	int next, r = 0;

	(void)now;
	if (ssh->stage == STAGE_IDLE || ssh->stage == STAGE_READ) {
		if (silence(ssh) >= SSH_SILENCE_SECONDS) {
			ssh_fail(ssh, SSH_LOST,
				 text_format("%s has been silent for %u s", ssh->numeric,
					     silence(ssh)));
			return 0;
		}
		r = libssh2_keepalive_send(ssh->session, &next);
	}
	if (r < 0 && r != LIBSSH2_ERROR_EAGAIN)
		ssh_lost(ssh, "keeping it alive");
	else
		sd_event_source_set_time_relative(source, SSH_KEEPALIVE_SECONDS * 1000000ULL);
	return 0;
}

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

static void connect_next(struct ssh *ssh)
{
	char numeric[NI_MAXHOST] = "?";
	int r;

	if (!ssh->address) {
		ssh_fail(ssh, SSH_UNREACHABLE, text_copy(ssh->last_error));
		return;
	}
	getnameinfo(ssh->address->ai_addr, ssh->address->ai_addrlen, numeric, sizeof(numeric), NULL,
		    0, NI_NUMERICHOST);
	free(ssh->numeric);
	ssh->numeric = text_copy(numeric);
	ssh->stage = STAGE_TCP;
	ssh_set_timeout(ssh, CONNECT_SECONDS);
	r = start_connecting(ssh);
	if (r < 0)
		ssh_address_failed(ssh, strerror(-r));
}

void ssh_connect(struct ssh *ssh, const struct addrinfo *addresses)
{
	ssh->address = addresses;
	connect_next(ssh);
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
	    sd_event_add_defer(event, &ssh->resume, on_resume, ssh) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(ssh->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->resume, SD_EVENT_OFF);
	return ssh;
}

void ssh_free(struct ssh *ssh)
{
	if (!ssh)
		return;
	close_socket(ssh);
	sd_event_source_disable_unref(ssh->timeout);
	sd_event_source_disable_unref(ssh->keepalive);
	sd_event_source_disable_unref(ssh->resume);
	ssh_drop_operations(ssh);
	free(ssh->numeric);
	free(ssh->last_error);
	free(ssh->farewell);
	free(ssh);
	libssh2_exit();
}

const char *ssh_address(const struct ssh *ssh)
{
	return ssh->numeric;
}
