// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fetching a small file by its URL, and sending one, with libcurl.
 *
 * curl's multi interface tells which sockets and which time it waits for. Both
 * become sources of the event loop, which hands their events back to curl. After
 * each event the result is read, if there is one.
 */
#include "network/fetch.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define REDIRECTS_MAX 5
#define CONNECT_SECONDS_MAX 15
#define ANSWER_MOST 65536 /* bytes; of an answer to what was sent */

/* Every file NAME.pem or NAME.crt there holds certificate authorities (PEM, one or more)
 * that https trusts besides the system's. There a site puts its own into the image. */
#define TRUST_DIRECTORY "/etc/p2vd/ca.d"
#define CERTIFICATE "-----BEGIN CERTIFICATE-----"
#define TRUSTED_CERTIFICATE "-----BEGIN TRUSTED CERTIFICATE-----"
#define FILE_MOST (4U << 20) /* bytes; the system's bundle has 220 KiB */

struct fetch {
	sd_event *event;
	sd_event_source *timer;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers; /* of what is sent; secret */
	bool sends;
	char *shown;
	char *what; /* "key" */
	char *data; /* room for @limit bytes and two more */
	size_t length, limit;
	bool too_long;
	bool is_temporary;
	char *refused; /* why @url is not even tried, or NULL */
	char error[CURL_ERROR_SIZE];
	fetch_done_t done;
	void *user;
};

char *fetch_url_shown(const char *url)
{
	static const CURLUPart hidden[] = { CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS,
					    CURLUPART_QUERY, CURLUPART_FRAGMENT };
	CURLU *parts = curl_url();
	char *text = NULL, *shown = NULL;

	if (parts && !curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME)) {
		for (size_t i = 0; i < COUNT(hidden); i++)
			curl_url_set(parts, hidden[i], NULL, 0);
		if (!curl_url_get(parts, CURLUPART_URL, &text, 0))
			shown = text_copy(text);
	}
	curl_free(text);
	curl_url_cleanup(parts);
	return shown ? shown : text_copy("the given URL");
}

static size_t receive(char *data, size_t size, size_t count, void *user)
{
	struct fetch *fetch = user;
	size_t length = size * count;

	if (length > fetch->limit - fetch->length) {
		fetch->too_long = true;
		return 0;
	}
	memcpy(fetch->data + fetch->length, data, length);
	fetch->length += length;
	return length;
}

/* Something answers there, but not as the URL says: curl has the code of a scheme that it does not
 * know for what it takes for HTTP 0.9. */
static bool speaks_otherwise(const struct fetch *fetch, CURLcode code, long status)
{
	long connections = 0;

	curl_easy_getinfo(fetch->easy, CURLINFO_NUM_CONNECTS, &connections);
	return code == CURLE_UNSUPPORTED_PROTOCOL && connections && !status;
}

/* Sets whether the failure is temporary. Returns an explanation, or NULL if curl's
 * own is good enough. */
static const char *explain(struct fetch *fetch, CURLcode code, long status)
{
	fetch->is_temporary = false;
	fetch->too_long = fetch->too_long || code == CURLE_FILESIZE_EXCEEDED;
	if (fetch->too_long)
		return "it is too long";
	if (code == CURLE_HTTP_RETURNED_ERROR) {
		fetch->is_temporary = status == 408 || status == 429 || status >= 500;
		return status == 401 || status == 403 ? "the web server does not allow it" :
		       status == 404 || status == 410 ? "the web server does not have it" :
							NULL;
	}
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return "the web server's certificate is not trusted: check the name in it, its authority "
		       "(add one with p2v-customize --ca) and this machine's clock";
	if (code == CURLE_TOO_MANY_REDIRECTS)
		return "the web server redirects too often";
	if (speaks_otherwise(fetch, code, status))
		return "what answers there does not speak the protocol of the URL";
	if (code == CURLE_UNSUPPORTED_PROTOCOL)
		return "only https, http, ftp, tftp and file are allowed, and no redirect from https to others";
	if (code == CURLE_LOGIN_DENIED || code == CURLE_REMOTE_ACCESS_DENIED ||
	    code == CURLE_TFTP_PERM)
		return "the server does not allow it";
	if (code == CURLE_REMOTE_FILE_NOT_FOUND || code == CURLE_TFTP_NOTFOUND ||
	    code == CURLE_FILE_COULDNT_READ_FILE)
		return "there is no such file";
	fetch->is_temporary = code != CURLE_URL_MALFORMAT;
	/* TFTP's errors 0 and 4, and those that it does not define, for no callback of ours
	 * ends a fetch. curl keeps the server's text to itself. */
	if (code == CURLE_TFTP_ILLEGAL || code == CURLE_ABORTED_BY_CALLBACK)
		return "the TFTP server refuses the request, and its log says why";
	return NULL;
}

/* Removes curl's " after 3 ms". With it each try would have a new reason, and each
 * would be logged. */
static void cut_duration(char *text)
{
	static const char *const units[] = { " milliseconds", " ms" };
	char *start = strstr(text, " after ");
	char *end = start ? start + strlen(" after ") : NULL;

	if (!start || !isdigit((unsigned char)*end))
		return;
	end += strspn(end, "0123456789");
	for (size_t i = 0; i < COUNT(units); i++)
		if (text_begins(end, units[i])) {
			end += strlen(units[i]);
			memmove(start, end, strlen(end) + 1);
			return;
		}
}

/* Of what is sent, who sends it tells what and where to. */
static char *with_subject(const struct fetch *fetch, const char *reason)
{
	if (fetch->sends)
		return text_copy(reason);
	return text_format("cannot fetch the %s '%s': %s", fetch->what, fetch->shown, reason);
}

static char *failure(struct fetch *fetch, CURLcode code)
{
	AUTO_FREE char *reason = NULL;
	long status = 0;
	const char *explained;

	curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
	explained = explain(fetch, code, status);
	cut_duration(fetch->error);
	if (code == CURLE_HTTP_RETURNED_ERROR)
		reason = text_format("HTTP status %ld%s%s", status, explained ? ", " : "",
				     explained ?: "");
	else
		reason = text_copy(explained     ? explained :
				   *fetch->error ? fetch->error :
						   curl_easy_strerror(code));
	return with_subject(fetch, reason);
}

/* What is sent goes to one place only: where else it should go to is no answer. */
static char *judge_answer(const struct fetch *fetch)
{
	long status = 0;

	curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
	if (!fetch->sends || (status >= 200 && status < 300))
		return NULL;
	return text_format("HTTP status %ld%s", status,
			   status >= 300 && status < 400 ? ", it is elsewhere: give that URL" : "");
}

/* Reports the end of the transfer. The callback may free @fetch. */
static void finish(struct fetch *fetch, CURLcode code)
{
	AUTO_FREE char *reason = code == CURLE_OK ? judge_answer(fetch) : failure(fetch, code);

	if (reason)
		fetch->done(fetch->user, NULL, 0, reason);
	else
		fetch->done(fetch->user, steal(fetch->data), fetch->length, NULL);
}

/* Tells curl of an event, and reports the result if the transfer is over then. */
static int act(struct fetch *fetch, curl_socket_t socket, int events)
{
	int running = 0, left = 0;
	CURLMsg *message;

	curl_multi_socket_action(fetch->multi, socket, events, &running);
	while ((message = curl_multi_info_read(fetch->multi, &left)))
		if (message->msg == CURLMSG_DONE) {
			finish(fetch, message->data.result);
			break;
		}
	return 0;
}

static int on_time(sd_event_source *source, uint64_t usec, void *user)
{
	struct fetch *fetch = user;

	(void)source;
	(void)usec;
	if (!fetch->refused)
		return act(fetch, CURL_SOCKET_TIMEOUT, 0);
	/* Taken out of @fetch, which the callback may free. */
	AUTO_FREE char *reason = steal(fetch->refused);

	fetch->done(fetch->user, NULL, 0, reason);
	return 0;
}

static int on_socket(sd_event_source *source, int descriptor, uint32_t events, void *user)
{
	(void)source;
	return act(user, descriptor,
		   (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
			   (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			   (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
}

/* Called by curl: when it wants to be called next; -1: not at all. */
static int want_time(CURLM *multi, long milliseconds, void *user)
{
	struct fetch *fetch = user;

	(void)multi;
	if (milliseconds < 0)
		return sd_event_source_set_enabled(fetch->timer, SD_EVENT_OFF) < 0 ? -1 : 0;
	if (sd_event_source_set_time_relative(fetch->timer, (uint64_t)milliseconds * 1000) < 0 ||
	    sd_event_source_set_enabled(fetch->timer, SD_EVENT_ONESHOT) < 0)
		return -1;
	return 0;
}

/* Called by curl: what it waits for on @socket. @ours is the event source that we
 * have assigned to that socket, or NULL. */
static int want_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *ours)
{
	struct fetch *fetch = user;
	sd_event_source *source = ours;
	uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0) |
			  (what & CURL_POLL_OUT ? EPOLLOUT : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		sd_event_source_disable_unref(source);
		curl_multi_assign(fetch->multi, socket, NULL);
		return 0;
	}
	if (source)
		return sd_event_source_set_io_events(source, events) < 0 ? -1 : 0;
	if (sd_event_add_io(fetch->event, &source, socket, events, on_socket, fetch) < 0)
		return -1;
	curl_multi_assign(fetch->multi, socket, source);
	return 0;
}

/* Accepts only a regular file: curl would wait for somebody to write into a FIFO, and
 * would list a directory. Returns NULL or the reason. */
static char *check_file(const struct fetch *fetch, const char *url)
{
	CURLU *parts = curl_url();
	char *path = NULL, *reason = NULL;
	struct stat status;

	if (!parts || curl_url_set(parts, CURLUPART_URL, url, 0) ||
	    curl_url_get(parts, CURLUPART_PATH, &path, CURLU_URLDECODE))
		reason = text_format("cannot fetch the %s: its URL cannot be read", fetch->what);
	else if (stat(path, &status) < 0)
		reason = text_format("cannot fetch the %s '%s': %s", fetch->what, path,
				     strerror(errno));
	else if (!S_ISREG(status.st_mode))
		reason = text_format("cannot fetch the %s '%s': it is not a regular file",
				     fetch->what, path);
	curl_free(path);
	curl_url_cleanup(parts);
	return reason;
}

static bool add_authorities(FILE *stream, const char *path)
{
	size_t length = 0;
	AUTO_FREE char *text = file_read(path, FILE_MOST, &length);

	if (!text) {
		log_warning("cannot read the certificates in '%s': %s", path, strerror(errno));
		return false;
	}
	if (!strstr(text, CERTIFICATE) && !strstr(text, TRUSTED_CERTIFICATE)) {
		log_warning("'%s' holds no certificate in PEM format: convert it with 'openssl x509 -inform der'",
			    path);
		return false;
	}
	fprintf(stream, "%s\n", text);
	return true;
}

/* Without a file in the directory, curl reads the system's bundle by itself. */
static void set_trust(CURL *easy)
{
	const char *system = curl_version_info(CURLVERSION_NOW)->cainfo;
	AUTO_LIST char **names = sysfs_list("", TRUST_DIRECTORY);
	AUTO_FREE char *bundle = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&bundle, &length);
	struct curl_blob blob;
	bool any = false;

	if (!stream)
		abort(); /* no memory */
	for (char **name = names; name && *name; name++) {
		AUTO_FREE char *path = text_format(TRUST_DIRECTORY "/%s", *name);

		if (!fnmatch("*.pem", *name, 0) || !fnmatch("*.crt", *name, 0))
			any = add_authorities(stream, path) || any;
	}
	if (any && system)
		add_authorities(stream, system);
	fclose(stream);
	blob = (struct curl_blob){ bundle, length, CURL_BLOB_COPY };
	if (any)
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
}

static void set_options(struct fetch *fetch, const char *url)
{
	CURL *easy = fetch->easy;
	bool encrypted = !strncasecmp(url, "https:", 6);

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http,ftp,tftp,file");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, encrypted ? "https" : "https,http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
	/* curl looks up the name in a thread. Do not wait for the thread at a time-out. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)FETCH_SECONDS_MAX);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS_MAX);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE, (long)fetch->limit);
	/* TFTP servers that know no options (RFC 2347) answer them with an error, or not at all.
	 * What p2vd fetches is small, and comes as well without. */
	curl_easy_setopt(easy, CURLOPT_TFTP_NO_OPTIONS, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "p2vd/" P2VD_VERSION);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	if (encrypted)
		set_trust(easy);

	curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETDATA, fetch);
	curl_multi_setopt(fetch->multi, CURLMOPT_TIMERFUNCTION, want_time);
	curl_multi_setopt(fetch->multi, CURLMOPT_TIMERDATA, fetch);
}

static struct fetch *make(sd_event *event, const char *url, const char *what, size_t limit,
			  fetch_done_t done, void *user)
{
	struct fetch *fetch = memory_zero(1, sizeof(*fetch));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	*fetch = (struct fetch){
		.event = sd_event_ref(event),
		.multi = curl_multi_init(),
		.easy = curl_easy_init(),
		.shown = fetch_url_shown(url),
		.what = text_copy(what),
		.data = memory_zero(limit + 2, 1),
		.limit = limit,
		.done = done,
		.user = user,
	};
	if (!fetch->multi || !fetch->easy ||
	    sd_event_add_time_relative(event, &fetch->timer, CLOCK_MONOTONIC, 0, 0, on_time,
				       fetch) < 0)
		abort(); /* no memory */
	return fetch;
}

/* Makes curl set the timer, which starts the transfer from the event loop. */
static void begin(struct fetch *fetch)
{
	curl_multi_add_handle(fetch->multi, fetch->easy);
}

struct fetch *fetch_start(sd_event *event, const char *url, const char *what, size_t limit,
			  fetch_done_t done, void *user)
{
	struct fetch *fetch = make(event, url, what, limit, done, user);

	if (!strncasecmp(url, "file:", 5))
		fetch->refused = check_file(fetch, url);
	if (fetch->refused)
		return fetch;
	set_options(fetch, url);
	begin(fetch);
	return fetch;
}

static void add_header(struct fetch *fetch, const char *header)
{
	fetch->headers = memory_need(curl_slist_append(fetch->headers, header));
}

struct fetch *fetch_send(sd_event *event, const char *url, const char *what,
			 const struct fetch_content *content, fetch_done_t done, void *user)
{
	struct fetch *fetch = make(event, url, what, ANSWER_MOST, done, user);
	AUTO_FREE char *type = text_format("Content-Type: %s", content->type);
	char *token = content->token && *content->token ?
			      text_format("Authorization: Bearer %s", content->token) :
			      NULL;

	fetch->sends = true;
	set_options(fetch, url);
	curl_easy_setopt(fetch->easy, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(fetch->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(fetch->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)strlen(content->text));
	curl_easy_setopt(fetch->easy, CURLOPT_COPYPOSTFIELDS, content->text);
	add_header(fetch, type);
	add_header(fetch, "Expect:"); /* else curl waits for a server to say that it may go on */
	if (token)
		add_header(fetch, token);
	secret_free(token);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
	begin(fetch);
	return fetch;
}

bool fetch_is_temporary(const struct fetch *fetch)
{
	return fetch->is_temporary;
}

bool fetch_too_long(const struct fetch *fetch)
{
	return fetch->too_long;
}

void fetch_free(struct fetch *fetch)
{
	if (!fetch)
		return;
	curl_multi_remove_handle(fetch->multi, fetch->easy);
	curl_easy_cleanup(fetch->easy);
	for (struct curl_slist *header = fetch->headers; header; header = header->next)
		explicit_bzero(header->data, strlen(header->data));
	curl_slist_free_all(fetch->headers);
	/* Closes the connections, and calls want_socket() for each. */
	curl_multi_cleanup(fetch->multi);
	sd_event_source_disable_unref(fetch->timer);
	secret_free_length(fetch->data, fetch->limit + 2);
	free(fetch->shown);
	free(fetch->what);
	free(fetch->refused);
	sd_event_unref(fetch->event);
	free(fetch);
}
