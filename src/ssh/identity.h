/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The private key that p2v.identity names: fetched and checked.
 *
 * identity.c has it fetched (fetch.h); identity_check.c
 * tells a usable key from anything else, without I/O.
 */
#ifndef P2VD_IDENTITY_H
#define P2VD_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#define IDENTITY_SIZE_MAX 65536 /* bytes; a 16384-bit RSA key has 13 KiB */

/*
 * Whether @data is a private key that can be used: RSA, ECDSA or Ed25519, in
 * OpenSSH's or PEM format, without a passphrase. Any bytes will do.
 * Returns 0, or -EINVAL with a sentence about the file in @reason (the caller
 * frees), fit to stand behind "'URL' " and never holding anything of the file.
 */
int identity_check(const char *data, size_t length, char **reason);

/*
 * Makes of @data, in place, what every reader of keys takes: from the key's
 * BEGIN line to its END line, lines ended by a newline alone. What is cut off
 * is wiped. There must be room for one byte more. Returns the new length;
 * what holds no key keeps its content.
 */
size_t identity_trim(char *data, size_t length);

struct identity;

/*
 * The one call at a fetch's end. Either @data holds a checked key of @length
 * bytes (and a NUL behind), and is the receiver's, to be given to
 * secret_free_length(); or @data is NULL and @reason tells why, until the call
 * returns. The fetch may be freed in the call.
 */
typedef void (*identity_done_t)(void *user, char *data, size_t length, const char *reason);

/* Begins to fetch @url, as fetch.h has it. @done comes from the event loop,
 * never from within this function. */
struct identity *identity_fetch(sd_event *event, const char *url, identity_done_t done, void *user);

/* As fetch_is_temporary(). */
bool identity_is_temporary(const struct identity *identity);

/* Ends the fetch, if it has not ended, without a call; frees. NULL is fine. */
void identity_free(struct identity *identity);

#endif
