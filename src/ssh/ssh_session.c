// SPDX-License-Identifier: GPL-2.0-or-later
/* An SSH session: what all of its stages need. */
#include "ssh/ssh_session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

const char *ssh_error(struct ssh *ssh)
{
	char *message = NULL;

	libssh2_session_last_error(ssh->session, &message, NULL, 0);
	return message && *message ? message : "unknown error";
}

void ssh_fail(struct ssh *ssh, enum ssh_failure failure, char *reason)
{
	AUTO_FREE char *owned = reason;

	ssh->stage = STAGE_DEAD;
	sd_event_source_set_enabled(ssh->io, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->beat, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->pause, SD_EVENT_OFF);
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

/* libssh2 does not tell which algorithms the server offers. */
static void keep_hello(struct ssh *ssh, const char *data, size_t length)
{
	size_t left = SSH_HELLO_MOST - ssh->hello_length;

	if (ssh->stage != STAGE_HANDSHAKE)
		return;
	if (!ssh->hello)
		ssh->hello = memory_zero(SSH_HELLO_MOST, 1);
	memcpy(ssh->hello + ssh->hello_length, data, length < left ? length : left);
	ssh->hello_length += length < left ? length : left;
}

/* libssh2 reads as long as the socket has data. A server that never stops sending would
 * keep the event loop from everything else: allow RECEIVE_MOST bytes per turn. */
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
	keep_hello(ssh, buffer, (size_t)r);
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

/* libssh2 1.11 frees a password's packet without wiping it. Its memory is malloc()'s own all the
 * same: with an ECDSA key it frees some of it by free(). */
static void *on_allocate(size_t count, void **abstract)
{
	(void)abstract;
	return memory_zero(count, 1);
}

static void on_free(void *data, void **abstract)
{
	(void)abstract;
	secret_free_length(data, malloc_usable_size(data));
}

static void *on_resize(void *data, size_t count, void **abstract)
{
	void *result = on_allocate(count, abstract);
	size_t old = data ? malloc_usable_size(data) : 0;

	if (data)
		memcpy(result, data, old < count ? old : count);
	on_free(data, abstract);
	return result;
}

void ssh_start_session(struct ssh *ssh)
{
	ssh->session = libssh2_session_init_ex(on_allocate, on_free, on_resize, ssh);
	if (!ssh->session)
		abort(); /* no memory */
	libssh2_session_callback_set2(ssh->session, LIBSSH2_CALLBACK_RECV,
				      (libssh2_cb_generic *)on_receive);
	libssh2_session_callback_set2(ssh->session, LIBSSH2_CALLBACK_DISCONNECT,
				      (libssh2_cb_generic *)on_disconnect);
	libssh2_session_set_blocking(ssh->session, 0);
	libssh2_session_flag(ssh->session, LIBSSH2_FLAG_COMPRESS, 0);
}

void ssh_close_socket(struct ssh *ssh)
{
	ssh->io = sd_event_source_disable_unref(ssh->io);
	ssh->budget = SIZE_MAX;
	if (ssh->fd >= 0) /* so that libssh2_session_free() cannot wait for the server */
		shutdown(ssh->fd, SHUT_RDWR);
	if (ssh->session)
		libssh2_session_free(ssh->session);
	ssh->session = NULL;
	if (ssh->fd >= 0)
		close(ssh->fd);
	ssh->fd = -1;
	free(steal(ssh->hello));
	ssh->hello_length = 0;
}

int ssh_address_failed(struct ssh *ssh, const char *why)
{
	free(ssh->last_error);
	ssh->last_error = text_format("%s: %s", ssh->numeric, why);
	log_info("no connection to %s", ssh->last_error);
	ssh_close_socket(ssh);
	ssh->address = ssh->address->ai_next;
	ssh->stage = STAGE_ADDRESS;
	return 0;
}

int ssh_lost(struct ssh *ssh, const char *doing)
{
	ssh_fail(ssh, SSH_LOST,
		 text_format("control connection to %s lost while %s: %s", ssh->numeric, doing,
			     ssh_error(ssh)));
	return LIBSSH2_ERROR_SOCKET_DISCONNECT;
}
