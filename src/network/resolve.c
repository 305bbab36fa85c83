// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The addresses of a host, looked up in a thread.
 *
 * The thread and the event loop share a look-up, and the last one to release it
 * frees it. So the event loop never waits for a thread that waits for a name server.
 * But a thread that has answered is joined: it ends at once, and only then the C
 * library frees what it keeps for the thread (else sanitizers report a leak).
 */
#include "network/resolve.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>

struct lookup {
	atomic_int holders;
	int ready; /* an eventfd */
	char *host;
	char port[8];
	int error;        /* the result of getaddrinfo(3) */
	int system_error; /* its errno */
	struct addrinfo *addresses;
};

struct resolve {
	sd_event_source *source;
	struct lookup *lookup;
	pthread_t thread;
	bool answered, threaded;
	resolve_done_t done;
	void *user;
};

static void let_go(struct lookup *lookup)
{
	if (atomic_fetch_sub(&lookup->holders, 1) > 1)
		return;
	if (lookup->addresses)
		freeaddrinfo(lookup->addresses);
	close(lookup->ready);
	free(lookup->host);
	free(lookup);
}

static void *look_up(void *user)
{
	struct lookup *lookup = user;
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};

	lookup->error = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->addresses);
	lookup->system_error = errno;
	eventfd_write(lookup->ready, 1);
	let_go(lookup);
	return NULL;
}

static char *explain(const struct lookup *lookup)
{
	const char *host = lookup->host;

	switch (lookup->error) {
	case EAI_NONAME:
	case EAI_NODATA:
		return text_format("name '%s' not found", host);
	case EAI_AGAIN:
		return text_format("no name server answered for '%s'", host);
	case EAI_FAIL:
		return text_format("the name server could not answer for '%s'", host);
	case EAI_SYSTEM:
		return text_format("cannot look up '%s': %s", host, strerror(lookup->system_error));
	default:
		return text_format("cannot look up '%s': %s", host, gai_strerror(lookup->error));
	}
}

static int on_ready(sd_event_source *source, int descriptor, uint32_t events, void *user)
{
	struct resolve *resolve = user;
	struct lookup *lookup = resolve->lookup;
	AUTO_FREE char *reason = lookup->error ? explain(lookup) : NULL;

	(void)descriptor;
	(void)events;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	resolve->answered = true;
	/* After its write to the eventfd the thread does not use the addresses any more. */
	resolve->done(resolve->user, steal(lookup->addresses), reason);
	return 0;
}

/* Starts the thread with all signals blocked: the event loop handles them. */
static int start_thread(struct resolve *resolve)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&resolve->thread, NULL, look_up, resolve->lookup);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	resolve->threaded = !error;
	return error;
}

struct resolve *resolve_start(sd_event *event, const char *host, uint16_t port, resolve_done_t done,
			      void *user)
{
	struct resolve *resolve = memory_zero(1, sizeof(*resolve));
	struct lookup *lookup = memory_zero(1, sizeof(*lookup));
	int error;

	*resolve = (struct resolve){ .lookup = lookup, .done = done, .user = user };
	lookup->holders = 2;
	lookup->host = text_copy(host);
	snprintf(lookup->port, sizeof(lookup->port), "%u", port);
	lookup->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (lookup->ready < 0 ||
	    sd_event_add_io(event, &resolve->source, lookup->ready, EPOLLIN, on_ready, resolve) < 0)
		abort(); /* no memory */
	error = start_thread(resolve);
	if (error) {
		lookup->error = EAI_SYSTEM;
		lookup->system_error = error;
		eventfd_write(lookup->ready, 1);
		let_go(lookup);
	}
	return resolve;
}

void resolve_free(struct resolve *resolve)
{
	if (!resolve)
		return;
	/* Before let_go(), which may close the descriptor. */
	sd_event_source_disable_unref(resolve->source);
	if (resolve->threaded && resolve->answered)
		pthread_join(resolve->thread, NULL);
	else if (resolve->threaded)
		pthread_detach(resolve->thread);
	let_go(resolve->lookup);
	free(resolve);
}
