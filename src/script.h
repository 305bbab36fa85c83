/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scripts that run on the conversion server. Each is a file of its own in
 * src/server/, checked by shellcheck and built into the daemon; its values are
 * put before it as quoted assignments, never into it.
 */
#ifndef P2VD_SCRIPT_H
#define P2VD_SCRIPT_H

#include <stddef.h>

enum script {
	SCRIPT_PROBE,   /* what the server can do: `key value` lines, see server.h */
	SCRIPT_WORKDIR, /* makes the work directory, prints its path */
	SCRIPT_PUT,     /* stdin into WORKDIR/FILE */
	SCRIPT_LAUNCH,  /* starts the wrapper detached from the session */
	SCRIPT_FOLLOW,  /* the log from OFFSET on, until virt-v2v has ended */
	SCRIPT_CANCEL,  /* ends virt-v2v and what it started, removes what it left */
	SCRIPT_WRAPPER, /* virt-v2v-wrapper.sh: runs virt-v2v, keeps log and status */
};

/* One assignment before a script: a NULL-terminated list of values becomes the
 * shell's positional parameters ("$@") when @name is NULL. */
struct script_value {
	const char *name;
	const char *value;
};

/* The body of @script, as it stands in src/server. Not NUL-terminated. */
const char *script_body(enum script script, size_t *length);

/*
 * Text for sh: the assignments, `set -- …` with @arguments (a NULL-terminated
 * list, or NULL), then the body. Any byte but NUL may stand in a value. The caller frees.
 */
char *script_render(enum script script, const struct script_value *values, size_t count,
		    char *const *arguments);

/* @text in single quotes, so that sh reads it back as it was. The caller frees. */
char *script_quote(const char *text);

#endif
