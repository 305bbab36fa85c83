/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The private key that p2v.identity names: fetched (fetch.h) and checked (identity_check.h). */
#ifndef P2VD_IDENTITY_H
#define P2VD_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#define IDENTITY_SIZE_MAX 65536 /* bytes; a 16384-bit RSA key has 13 KiB */

struct identity;

/*
 * Called once, at the end of a fetch, which may be freed in the callback. Either
 * @data holds a checked key of @length bytes and a NUL, and the receiver frees it
 * with secret_free_length(); or @data is NULL and @reason, which is valid during the
 * call, tells why.
 */
typedef void (*identity_done_t)(void *user, char *data, size_t length, const char *reason);

/* Begins to fetch @url (fetch.h). @done is called from the event loop, never from
 * within this function. */
struct identity *identity_fetch(sd_event *event, const char *url, identity_done_t done, void *user);

/* As fetch_is_temporary(). */
bool identity_is_temporary(const struct identity *identity);

/* Frees the fetch. If it has not ended, it is stopped, and @done is not called. NULL
 * is fine. */
void identity_free(struct identity *identity);

#endif
