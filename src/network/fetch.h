/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small file by its URL: https, http, ftp, tftp, file. By libcurl, within the
 * event loop, bounded in time and size; its sentences have no credential in
 * them.
 */
#ifndef P2VD_FETCH_H
#define P2VD_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#define FETCH_SECONDS_MAX 30

struct fetch;

/*
 * The one call at a fetch's end. Either @data holds @length bytes, room for two
 * more behind them, and is the receiver's, to be given to secret_free_length();
 * or @data is NULL and @reason tells why, until the call returns. The fetch may
 * be freed in the call.
 */
typedef void (*fetch_done_t)(void *user, char *data, size_t length, const char *reason);

/*
 * Begins to fetch @url, of which @what ("key") is said, and which is refused
 * when it is longer than @limit bytes. Redirects among https and http only, and
 * never from https to http. https trusts what trust.h says.
 * @done comes from the event loop, never from within this function.
 */
struct fetch *fetch_start(sd_event *event, const char *url, const char *what, size_t limit,
			  fetch_done_t done, void *user);

/* To be asked in the call: whether the failure is temporary, so that it makes sense to
 * try again later. */
bool fetch_is_temporary(const struct fetch *fetch);

/* To be asked in the call: whether there is something at that URL, but more of it
 * than the limit. */
bool fetch_too_long(const struct fetch *fetch);

/* Ends the fetch, if it has not ended, without a call; frees. NULL is fine. */
void fetch_free(struct fetch *fetch);

/* @url without user, password, query and fragment, for messages. The caller frees. */
char *fetch_url_shown(const char *url);

#endif
