/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP: listeners, bounded requests, answers that may come later. On the event loop, by
 * libmicrohttpd.
 *
 * A request of more bytes than DOCUMENT_MOST is refused before it is read; a client that takes
 * longer than HTTP_SLOWEST for a request is cut off; one address has at most HTTP_SAME connections.
 */
#ifndef P2VD_HTTP_H
#define P2VD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#define HTTP_SLOWEST 30 /* seconds */
#define HTTP_SAME 128
#define HTTP_ALL 768 /* connections of one listener */

struct http;
struct http_request;

/* All of it is there: http_answer() is to be called for it once, now or later. */
typedef void (*http_ask_t)(void *user, struct http_request *request);
/* Its head is there. Anything but 0: the status that it gets, with @why; its body is unread. */
typedef unsigned (*http_judge_t)(void *user, struct http_request *request, const char **why);

struct http *http_new(sd_event *event, http_judge_t judge, http_ask_t ask, void *user);

/* Requests that have no answer yet get 503. */
void http_free(struct http *http);

/* Certificate and key (PEM), for listeners that follow; copied. */
void http_use_tls(struct http *http, const char *certificate, const char *key);

/* Listens on @fd, which then belongs to @http. @control: whoever comes there may write. Returns 0
 * or -errno and a sentence in @reason. */
int http_listen(struct http *http, int fd, bool control, bool tls, char **reason);

/* What the request says. All texts belong to it, and are valid until it is answered. */
const char *http_method(const struct http_request *request);
const char *http_path(const struct http_request *request);
/* NULL: there is none. */
const char *http_header(const struct http_request *request, const char *name);
const char *http_parameter(const struct http_request *request, const char *name);
const char *http_body(const struct http_request *request, size_t *length);
/* By the control socket; from this host itself (and no proxy says that it is for another one). */
bool http_is_control(const struct http_request *request);
bool http_is_local(const struct http_request *request);
/* Whether the password that it brings is @password; takes as long for a wrong one. */
bool http_has_password(const struct http_request *request, const char *password);

struct http_answer {
	unsigned status;
	const char *type; /* NULL: text/plain */
	char *text; /* belongs to the answer; NULL: none */
	const char *policy; /* Content-Security-Policy; NULL: nothing is allowed */
	const char *name; /* of a file to be saved, or NULL */
};
void http_answer(struct http_request *request, const struct http_answer *answer);

/* A sentence: as JSON where @json, else as a line of text. */
void http_say(struct http_request *request, unsigned status, bool json, const char *sentence);

#endif
