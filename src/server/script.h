/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scripts that run on the conversion server. Each is a file of its own in
 * src/server/, checked by shellcheck and built into the daemon; its values are
 * put before it as quoted assignments, never into it.
 *
 * They are POSIX sh with GNU coreutils, awk and util-linux. Each but PUT turns
 * its standard input away at once. Each ends with 0 when it did its work; else
 * its standard error says why.
 */
#ifndef P2VD_SCRIPT_H
#define P2VD_SCRIPT_H

#include <stddef.h>

/*
 * What each does, and the names of the values that it takes. CONVERSION stands
 * for workdir, sudo ("yes", "no"), output, storage, connection and name, which
 * v2v_values() fills in.
 */
enum script {
	/* What the server can do: `key value` lines for server_parse(). CONVERSION
	 * without workdir. Changes nothing. Up to three minutes on a sick server. */
	SCRIPT_PROBE,

	/* Makes the work directory, prints its path and a newline. No values. */
	SCRIPT_WORKDIR,

	/* Standard input into WORKDIR/FILE, mode 0600, whole or not at all.
	 * workdir, file (a plain name), size (in bytes). */
	SCRIPT_PUT,

	/* Starts WORKDIR/virt-v2v-wrapper.sh detached from the session; returns
	 * when it has recorded itself. Again: does nothing. workdir, keys (one a
	 * line; they are told to the wrapper by a pipe). */
	SCRIPT_LAUNCH,

	/* Prints the log from byte `offset` (0 first) on as it grows, and nothing
	 * else, until the conversion has ended. Ends when the channel does. Its
	 * exit status says nothing about the conversion: ask STATUS. workdir, offset. */
	SCRIPT_FOLLOW,

	/* Prints one line: "none", "running", "ended N" (virt-v2v's exit code, 143
	 * when cancelled) or "lost" (its processes are gone without a word: CANCEL
	 * then removes what they left). workdir. */
	SCRIPT_STATUS,

	/* Ends virt-v2v and all that it started (asks, waits `grace` seconds, 20 if
	 * not given, then kills), waits until they are gone, removes what they left
	 * half-made. Harmless if the conversion has ended. Takes up to grace + 22
	 * seconds. CONVERSION, grace. */
	SCRIPT_CANCEL,

	/* virt-v2v-wrapper.sh, to be PUT into the work directory: runs virt-v2v
	 * with the arguments, keeps log and status. CONVERSION, grace; arguments. */
	SCRIPT_WRAPPER,
};

/* One assignment before a script: shell variable @name (NULL @value: empty). */
struct script_value {
	const char *name;
	const char *value;
};

/* The file that @script is made from, "probe.sh". */
const char *script_name(enum script script);

/*
 * Text for sh: the assignments, `set -- …` with @arguments (a NULL-terminated
 * list, or NULL), then the body, with what it shares with others before it.
 * Any byte but NUL may stand in a value. The caller frees.
 */
char *script_render(enum script script, const struct script_value *values, size_t count,
		    char *const *arguments);

/* @text in single quotes, so that sh reads it back as it was. The caller frees. */
char *script_quote(const char *text);

#endif
