// SPDX-License-Identifier: GPL-2.0-or-later
/* One socket on which HTTP is spoken. */
#include "fleet/http_socket.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/text.h"
#include "fleet/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE 15              /* seconds in which nothing comes */
#define SWEEP 5000000ULL     /* microseconds between two looks at how long connections take */
#define HEAD_MOST 32768      /* bytes of memory of a connection, most of it for its head */

/* A connection, known to us for one reason: the library limits how long nothing comes, not how
 * long somebody takes who sends a byte now and then. */
struct peer {
	struct peer *next, **link;
	int fd;
	int64_t since; /* of its request, by the steady clock */
	bool waits, cut;
};

struct http_socket {
	struct http_socket_options options;
	struct MHD_Daemon *daemon;
	struct peer *first;
	sd_event_source *io, *timer, *sweep, *again;
};

void *http_socket_owner(const struct http_socket *listening)
{
	return listening->options.owner;
}

bool http_socket_is_control(const struct http_socket *listening)
{
	return listening->options.control;
}

/* ---- connections ---------------------------------------------------------------------- */

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http_socket *listening = user;
	struct peer *peer = *context;
	const union MHD_ConnectionInfo *info;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (!peer)
			return;
		*peer->link = peer->next;
		if (peer->next)
			peer->next->link = peer->link;
		free(peer);
		*context = NULL;
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	peer = memory_zero(1, sizeof(*peer));
	peer->fd = info ? info->connect_fd : -1;
	peer->since = moment_steady();
	peer->next = listening->first;
	peer->link = &listening->first;
	if (peer->next)
		peer->next->link = &peer->next;
	listening->first = peer;
	*context = peer;
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void http_socket_wait(struct MHD_Connection *connection, bool waits)
{
	struct peer *peer = peer_of(connection);

	if (!peer)
		return;
	peer->waits = waits;
	peer->since = moment_steady();
}

/* A request is over: the next one on this connection has its own time. */
static void on_completed(void *user, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct http_socket *listening = user;
	struct peer *peer = peer_of(connection);

	if (peer)
		peer->since = moment_steady();
	listening->options.completed(listening->options.owner, connection, context, code);
}

static int on_sweep(sd_event_source *source, uint64_t time, void *user)
{
	struct http_socket *listening = user;
	int64_t now = moment_steady();

	for (struct peer *peer = listening->first; peer; peer = peer->next)
		if (!peer->cut && peer->fd >= 0 && now - peer->since > HTTP_SLOWEST * 1000 &&
		    !peer->waits) {
			peer->cut = true;
			shutdown(peer->fd, SHUT_RDWR);
		}
	sd_event_source_set_time(source, time + SWEEP);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

/* ---- the event loop ---------------------------------------------------------------------- */

static void run(struct http_socket *listening)
{
	int64_t milliseconds;

	MHD_run(listening->daemon);
	milliseconds = MHD_get_timeout64s(listening->daemon);
	if (milliseconds < 0) {
		sd_event_source_set_enabled(listening->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(listening->timer, (uint64_t)milliseconds * 1000);
	sd_event_source_set_enabled(listening->timer, SD_EVENT_ONESHOT);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *user)
{
	(void)source, (void)fd, (void)events;
	run(user);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	run(user);
	return 0;
}

static int on_again(sd_event_source *source, void *user)
{
	(void)source;
	run(user);
	return 0;
}

void http_socket_again(struct http_socket *listening)
{
	sd_event_source_set_enabled(listening->again, SD_EVENT_ONESHOT);
}

/* ---- life time ------------------------------------------------------------------------------ */

static void on_message(void *user, const char *format, va_list arguments)
{
	char *text = text_format_arguments(format, arguments);

	(void)user;
	text[strcspn(text, "\r\n")] = '\0';
	log_debug("HTTP: %s", text);
	free(text);
}

static struct MHD_Daemon *start(struct http_socket *listening)
{
	const struct http_socket_options *options = &listening->options;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
			 MHD_USE_NO_THREAD_SAFETY | (options->certificate ? MHD_USE_TLS : 0);
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->key },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (!options->certificate)
		tls[0] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	return MHD_start_daemon(flags, 0, NULL, NULL, options->request, listening,
				MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL,
				MHD_OPTION_LISTEN_SOCKET, options->fd, MHD_OPTION_CONNECTION_LIMIT,
				(unsigned)HTTP_ALL, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
				(unsigned)HTTP_SAME, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MOST,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, listening,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, listening,
				MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

int http_socket_new(const struct http_socket_options *options, struct http_socket **listening,
		    char **reason)
{
	struct http_socket *new = memory_zero(1, sizeof(*new));
	const union MHD_DaemonInfo *info;

	*listening = NULL;
	new->options = *options;
	if (sd_event_add_time_relative(options->event, &new->sweep, CLOCK_BOOTTIME, SWEEP, 0,
				       on_sweep, new) < 0 ||
	    sd_event_add_time_relative(options->event, &new->timer, CLOCK_BOOTTIME, 0, 1000,
				       on_timer, new) < 0 ||
	    sd_event_add_defer(options->event, &new->again, on_again, new) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(new->timer, SD_EVENT_OFF);
	sd_event_source_set_enabled(new->again, SD_EVENT_OFF);
	new->daemon = start(new);
	info = new->daemon ? MHD_get_daemon_info(new->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (!info ||
	    sd_event_add_io(options->event, &new->io, info->epoll_fd, EPOLLIN, on_io, new) < 0) {
		if (!new->daemon)
			close(options->fd);
		http_socket_free(new);
		return REFUSE(reason, EINVAL, "%s",
			      options->certificate ?
				      "HTTP cannot be served: are certificate and key good, and do they belong together?" :
				      "HTTP cannot be served");
	}
	*listening = new;
	return 0;
}

void http_socket_free(struct http_socket *listening)
{
	if (!listening)
		return;
	sd_event_source_disable_unref(listening->io);
	sd_event_source_disable_unref(listening->timer);
	sd_event_source_disable_unref(listening->sweep);
	sd_event_source_disable_unref(listening->again);
	if (listening->daemon) {
		/* Answers that were given a moment ago get out. */
		MHD_run(listening->daemon);
		MHD_stop_daemon(listening->daemon);
	}
	free(listening);
}
