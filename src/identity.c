// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The private key that p2v.identity names, fetched by libcurl.
 *
 * curl's multi interface tells which sockets and which time it waits for; both
 * become sources of the event loop, and each of their events goes back to
 * curl. What it ended with is looked at afterwards.
 */
#include "identity.h"

#include "cleanup.h"
#include "secret.h"
#include "text.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define REDIRECTS_MAX 5
#define CONNECT_SECONDS_MAX 15

struct identity {
	sd_event *event;
	sd_event_source *timer;
	CURLM *multi;
	CURL *easy;
	char *shown;
	char *data; /* IDENTITY_SIZE_MAX bytes and room for two more */
	size_t length;
	bool too_long;
	bool may_pass;
	char *refused; /* why nothing is fetched at all */
	char error[CURL_ERROR_SIZE];
	identity_done_t done;
	void *user;
};

char *identity_url_shown(const char *url)
{
	static const CURLUPart hidden[] = { CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS,
					    CURLUPART_QUERY, CURLUPART_FRAGMENT };
	CURLU *parts = curl_url();
	char *text = NULL, *shown = NULL;

	if (parts && !curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME)) {
		for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
			curl_url_set(parts, hidden[i], NULL, 0);
		if (!curl_url_get(parts, CURLUPART_URL, &text, 0))
			shown = text_copy(text);
	}
	curl_free(text);
	curl_url_cleanup(parts);
	return shown ? shown : text_copy("the key's URL");
}

static size_t receive(char *data, size_t size, size_t count, void *user)
{
	struct identity *identity = user;
	size_t length = size * count;

	if (length > IDENTITY_SIZE_MAX - identity->length) {
		identity->too_long = true;
		return 0;
	}
	memcpy(identity->data + identity->length, data, length);
	identity->length += length;
	return length;
}

/* What curl's code means here: whether it may pass, and, where curl's own
 * words do not do, others. */
static const char *explain(struct identity *identity, CURLcode code, long status)
{
	identity->may_pass = false;
	if (identity->too_long || code == CURLE_FILESIZE_EXCEEDED)
		return "it is too long for a key";
	if (code == CURLE_HTTP_RETURNED_ERROR) {
		identity->may_pass = status == 408 || status == 429 || status >= 500;
		return status == 401 || status == 403 ? "the web server does not allow it" :
		       status == 404 || status == 410 ? "the web server does not have it" : NULL;
	}
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return "the web server's certificate is not trusted: does it belong to that name, is its "
		       "authority known here, is this machine's clock right";
	if (code == CURLE_TOO_MANY_REDIRECTS)
		return "the web server sends us in circles";
	if (code == CURLE_UNSUPPORTED_PROTOCOL)
		return "only https, http, ftp, tftp and file are allowed, and no way from https to others";
	if (code == CURLE_LOGIN_DENIED || code == CURLE_REMOTE_ACCESS_DENIED)
		return "the server does not allow it";
	if (code == CURLE_REMOTE_FILE_NOT_FOUND || code == CURLE_TFTP_NOTFOUND ||
	    code == CURLE_FILE_COULDNT_READ_FILE)
		return "there is no such file";
	identity->may_pass = code != CURLE_URL_MALFORMAT;
	return NULL;
}

static char *failure(struct identity *identity, CURLcode code)
{
	long status = 0;
	const char *explained;

	curl_easy_getinfo(identity->easy, CURLINFO_RESPONSE_CODE, &status);
	explained = explain(identity, code, status);
	if (code == CURLE_HTTP_RETURNED_ERROR)
		return text_format("cannot fetch the key '%s': HTTP status %ld%s%s", identity->shown, status,
				   explained ? ", " : "", explained ? explained : "");
	if (!explained)
		explained = *identity->error ? identity->error : curl_easy_strerror(code);
	return text_format("cannot fetch the key '%s': %s", identity->shown, explained);
}

/* The transfer is over; the fetch may be gone afterwards. */
static void finish(struct identity *identity, CURLcode code)
{
	AUTO_FREE char *reason = NULL;
	AUTO_FREE char *wrong = NULL;

	if (code != CURLE_OK) {
		reason = failure(identity, code);
	} else {
		size_t length = identity_trim(identity->data, identity->length);

		if (!identity_check(identity->data, length, &wrong)) {
			identity->data[length] = '\0';
			identity->done(identity->user, steal(identity->data), length, NULL);
			return;
		}
		reason = text_format("'%s' %s", identity->shown, wrong);
	}
	identity->done(identity->user, NULL, 0, reason);
}

/* Tells curl of an event, then sees whether that was the last one. */
static int act(struct identity *identity, curl_socket_t socket, int events)
{
	int running = 0, left = 0;
	CURLMsg *message;

	curl_multi_socket_action(identity->multi, socket, events, &running);
	while ((message = curl_multi_info_read(identity->multi, &left)))
		if (message->msg == CURLMSG_DONE) {
			finish(identity, message->data.result);
			break;
		}
	return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *user)
{
	struct identity *identity = user;

	(void)source;
	(void)usec;
	if (!identity->refused)
		return act(identity, CURL_SOCKET_TIMEOUT, 0);
	/* Freed with the fetch, perhaps in the call itself. */
	AUTO_FREE char *reason = steal(identity->refused);

	identity->done(identity->user, NULL, 0, reason);
	return 0;
}

static int on_socket(sd_event_source *source, int descriptor, uint32_t events, void *user)
{
	(void)source;
	return act(user, descriptor,
		   (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
		   (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
}

/* curl: when it wants to be called next, -1 for not at all. */
static int want_time(CURLM *multi, long milliseconds, void *user)
{
	struct identity *identity = user;

	(void)multi;
	if (milliseconds < 0)
		return sd_event_source_set_enabled(identity->timer, SD_EVENT_OFF) < 0 ? -1 : 0;
	if (sd_event_source_set_time_relative(identity->timer, (uint64_t)milliseconds * 1000) < 0 ||
	    sd_event_source_set_enabled(identity->timer, SD_EVENT_ONESHOT) < 0)
		return -1;
	return 0;
}

/* curl: what it waits for on @socket; @ours is what we keep with that socket. */
static int want_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *ours)
{
	struct identity *identity = user;
	sd_event_source *source = ours;
	uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		sd_event_source_disable_unref(source);
		curl_multi_assign(identity->multi, socket, NULL);
		return 0;
	}
	if (source)
		return sd_event_source_set_io_events(source, events) < 0 ? -1 : 0;
	if (sd_event_add_io(identity->event, &source, socket, events, on_socket, identity) < 0)
		return -1;
	curl_multi_assign(identity->multi, socket, source);
	return 0;
}

/* curl would wait for a pipe's writer, or list a directory. */
static char *check_file(const char *url)
{
	CURLU *parts = curl_url();
	char *path = NULL, *reason = NULL;
	struct stat status;

	if (!parts || curl_url_set(parts, CURLUPART_URL, url, 0) ||
	    curl_url_get(parts, CURLUPART_PATH, &path, CURLU_URLDECODE))
		reason = text_format("cannot fetch the key: its URL cannot be read");
	else if (stat(path, &status) < 0)
		reason = text_format("cannot fetch the key '%s': %s", path, strerror(errno));
	else if (!S_ISREG(status.st_mode))
		reason = text_format("cannot fetch the key '%s': it is no regular file", path);
	curl_free(path);
	curl_url_cleanup(parts);
	return reason;
}

static void set_options(struct identity *identity, const char *url)
{
	CURL *easy = identity->easy;
	bool encrypted = !strncasecmp(url, "https:", 6);

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http,ftp,tftp,file");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, encrypted ? "https" : "https,http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
	/* The name is looked up in a thread: do not wait for it when we give up. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)IDENTITY_SECONDS_MAX);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS_MAX);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE, (long)IDENTITY_SIZE_MAX);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "p2vd/" P2VD_VERSION);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, identity->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, identity);

	curl_multi_setopt(identity->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(identity->multi, CURLMOPT_SOCKETDATA, identity);
	curl_multi_setopt(identity->multi, CURLMOPT_TIMERFUNCTION, want_time);
	curl_multi_setopt(identity->multi, CURLMOPT_TIMERDATA, identity);
}

struct identity *identity_fetch(sd_event *event, const char *url, identity_done_t done, void *user)
{
	struct identity *identity = text_zero(1, sizeof *identity);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	*identity = (struct identity){
		.event = sd_event_ref(event),
		.multi = curl_multi_init(),
		.easy = curl_easy_init(),
		.shown = identity_url_shown(url),
		.data = text_zero(IDENTITY_SIZE_MAX + 2, 1),
		.done = done,
		.user = user,
	};
	if (!identity->multi || !identity->easy ||
	    sd_event_add_time_relative(event, &identity->timer, CLOCK_MONOTONIC, 0, 0, on_time,
				       identity) < 0)
		abort(); /* no memory */
	if (!strncasecmp(url, "file:", 5))
		identity->refused = check_file(url);
	if (identity->refused)
		return identity;
	set_options(identity, url);
	/* Sets the timer; all else follows from it, in the event loop. */
	curl_multi_add_handle(identity->multi, identity->easy);
	return identity;
}

bool identity_may_pass(const struct identity *identity)
{
	return identity->may_pass;
}

void identity_free(struct identity *identity)
{
	if (!identity)
		return;
	curl_multi_remove_handle(identity->multi, identity->easy);
	curl_easy_cleanup(identity->easy);
	/* Closes the connections, and calls want_socket() for each. */
	curl_multi_cleanup(identity->multi);
	sd_event_source_disable_unref(identity->timer);
	secret_free_length(identity->data, IDENTITY_SIZE_MAX + 2);
	free(identity->shown);
	free(identity->refused);
	sd_event_unref(identity->event);
	free(identity);
}
