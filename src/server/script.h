/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scripts that run on the conversion server. Each is a file in src/server/,
 * checked by shellcheck and built into the daemon. Its values are put in front of
 * it as quoted assignments, never into it.
 *
 * They are POSIX sh with GNU coreutils, awk and util-linux. Each but WORKDIR and the
 * wrapper starts by setting its standard input to /dev/null. Each ends with 0 when it
 * did its work; else its standard error says why it did not.
 */
#ifndef P2VD_SCRIPT_H
#define P2VD_SCRIPT_H

#include <stddef.h>

/*
 * What each does, and the names of its values. CONVERSION stands for workdir,
 * sudo ("yes", "no"), output, storage, connection and name: those of v2v_values().
 */
enum script {
	/* Prints what the server can do: `key value` lines for server_parse(), and ends this
	 * machine's conversions that were not finished. CONVERSION without workdir; identity
	 * (machine_identity.h, may be empty); port, socket: what the server has forwarded, or
	 * empty; store (p2v.store); again, before, age, own: probe.sh. With unique, takes a
	 * place in the queue: keeper.sh's values.
	 * Takes up to four minutes where programs hang. */
	SCRIPT_PROBE,

	/* Makes the work directory, or takes the one of the same `unique` that is there,
	 * writes the files that follow on standard input, mode 0600, and prints its path. If
	 * `disks` (how many) is not 0, starts p2v-relay with the arguments, and prints `port N`
	 * for each disk. Before these stands `substitute REASON` where it is substitute.sh that
	 * was started: p2v-relay could not be, or must not, for the reason `obstacle`. If
	 * neither could, prints `no-relay REASON`. What an earlier call has started is ended.
	 * CONVERSION without workdir; unique (letters and digits); files: a line `SIZE NAME`
	 * for each, p2v-relay and substitute.sh among them; store (p2v.store). */
	SCRIPT_WORKDIR,

	/* substitute.sh, for WORKDIR to write and to start in place of p2v-relay. patience, as
	 * for the wrapper; arguments: p2v-relay's NAME:SIZE:EXPORT for each disk. */
	SCRIPT_SUBSTITUTE,

	/* Starts WORKDIR/virt-v2v-wrapper.sh in a session of its own; returns when it
	 * has recorded itself. The second time it does nothing. Before that it writes the files
	 * that follow on standard input. If it is not the first try, it moves what the one
	 * before has left out of the way. Prints "restarted" or "no-relay" if it starts nothing
	 * for that reason, see again.sh. CONVERSION, grace, files, keys (as from v2v_secrets();
	 * the wrapper gets them through a pipe), try, relay_wanted, boot_before. */
	SCRIPT_LAUNCH,

	/* Prints the log from byte `offset` on (the first is 0) as it grows, and nothing
	 * else, until the conversion has ended. Ends when its channel is closed. Its exit
	 * status says nothing about the conversion: STATUS does. Each line of its input tells
	 * the wrapper that we are there, and "copying" the relay that virt-v2v copies.
	 * workdir, offset. */
	SCRIPT_FOLLOW,

	/* Prints one line: "none", "running", "ended N" (virt-v2v's exit code, 143
	 * when cancelled), "lost" (its processes are gone without a status: CANCEL
	 * then removes what they left) or another of status.sh. workdir, boot_before. */
	SCRIPT_STATUS,

	/* Ends virt-v2v and all that it started (TERM, then KILL after `grace` seconds), waits
	 * until they are gone, ends the relay, and removes their incomplete files. The
	 * guest of a conversion that has ended stays, unless discard is "yes". Takes up to
	 * grace + 20 seconds. CONVERSION, grace, discard. */
	SCRIPT_CANCEL,

	/* Stands in the queue, and prints how that stands, until its channel is closed: queue.sh.
	 * Each line of its input tells that we are there. keeper.sh's values. */
	SCRIPT_QUEUE,

	/* Leaves the queue. unique. */
	SCRIPT_LEAVE,

	/* virt-v2v-wrapper.sh, for WORKDIR to write. In the work directory, it runs virt-v2v
	 * with the arguments and writes log and status, until it has heard nothing of us for
	 * `patience` seconds. CONVERSION without workdir, grace, patience, retries, slot;
	 * arguments. */
	SCRIPT_WRAPPER,
};

/* One assignment in front of a script: shell variable @name (NULL @value: empty). */
struct script_value {
	const char *name;
	const char *value;
};

/*
 * Text for sh: the assignments, `set -- …` with @arguments (a NULL-terminated
 * list, or NULL), begin.sh, common.sh, perhaps slots.sh and keeper.sh, the script itself.
 * A value can contain any byte but NUL. The caller frees.
 */
char *script_render(enum script script, const struct script_value *values, size_t count,
		    char *const *arguments);

#endif
