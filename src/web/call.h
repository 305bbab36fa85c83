/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One HTTP request, and its answer, which is waited for: for programs that have nothing else to
 * do meanwhile. Over a UNIX socket, or over https with the certificate checked.
 */
#ifndef P2VD_CALL_H
#define P2VD_CALL_H

#include <stdbool.h>
#include <stddef.h>

struct web_call {
	const char *method; /* "GET" */
	const char *url;
	const char *socket; /* the path of a UNIX socket, or NULL */
	const char *body;   /* JSON, or NULL */
	/* Secrets; NULL: none. */
	const char *user, *password; /* HTTP Basic */
	const char *token;           /* X-Auth-Token, as Redfish has it */
	const char *if_match;        /* an ETag, or NULL */
	const char *authorities; /* a PEM file that is trusted in place of the system's, or NULL */
	bool unchecked; /* any certificate will do */
	unsigned seconds; /* for all of it */
	size_t limit; /* bytes of the answer */
};

/* What is not there is NULL or 0. */
struct web_answer {
	long status;
	char *body; /* a NUL follows */
	size_t length;
	char *location, *etag, *token; /* headers; the token is a secret */
	unsigned retry_after; /* seconds */
};

/*
 * Returns 0 and the answer, whatever its status is, which the caller clears; or -errno and why
 * there is none: -ENOENT and -ECONNREFUSED nobody listens, -EACCES not allowed, -EKEYREJECTED
 * the certificate is not trusted, -ETIMEDOUT, -EFBIG, -EIO. The reason does not name the URL.
 */
int web_call(const struct web_call *call, struct web_answer *answer, char **reason);

void web_answer_clear(struct web_answer *answer);

#endif
