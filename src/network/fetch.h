/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching a small file by its URL (https, http, ftp, tftp or file), and sending one, with
 * libcurl in the event loop. Time and size are limited. Reasons contain no credentials of
 * the URL.
 */
#ifndef P2VD_FETCH_H
#define P2VD_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#define FETCH_SECONDS_MAX 30

struct fetch;

/*
 * Called once, at the end of a fetch, which may be freed in the callback. Either
 * @data holds @length bytes with room for two more after them, and the receiver
 * frees it with secret_free_length(); or @data is NULL and @reason, which is valid
 * during the call, tells why.
 */
typedef void (*fetch_done_t)(void *user, char *data, size_t length, const char *reason);

/*
 * Begins to fetch @url. @what ("key") names the file in messages. A file of more than
 * @limit bytes is refused. Redirects are followed to https and, unless @url is https,
 * to http. @done is called from the event loop, never from within this function.
 */
struct fetch *fetch_start(sd_event *event, const char *url, const char *what, size_t limit,
			  fetch_done_t done, void *user);

/* What is sent. */
struct fetch_content {
	const char *text;
	const char *type;  /* "application/json" */
	const char *token; /* secret; "Authorization: Bearer" says it; NULL or "": none */
};

/*
 * Begins to send @content to @url, https or http, by POST. Otherwise like fetch_start(), with the
 * answer as the file; a redirect is not followed, and counts as a failure. Nothing of @content
 * need live longer than this call.
 */
struct fetch *fetch_send(sd_event *event, const char *url, const char *what,
			 const struct fetch_content *content, fetch_done_t done, void *user);

/* Whether the failure is temporary, so that it makes sense to try again later. To be
 * called in @done. */
bool fetch_is_temporary(const struct fetch *fetch);

/* Whether the fetch has failed because the file is longer than the limit. To be called
 * in @done. */
bool fetch_too_long(const struct fetch *fetch);

/* Frees the fetch. If it has not ended, it is stopped, and @done is not called. NULL is
 * fine. */
void fetch_free(struct fetch *fetch);

/* @url without user, password, query and fragment, for messages. The caller frees. */
char *fetch_url_shown(const char *url);

#endif
