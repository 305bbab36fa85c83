/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A secret that a person types, or that a script writes to our standard input. */
#ifndef P2VD_SECRET_LINE_H
#define P2VD_SECRET_LINE_H

/* In bytes; as long as a whole kernel command line for p2vd may be. */
#define SECRET_LINE_MOST 65536

/*
 * Reads a line from standard input. If that is a terminal, @prompt is written to it first, and
 * what is typed does not show; a signal that ends the process (Ctrl-C) makes it show again
 * first. Returns the line without its newline, which the caller frees with secret_free(), or
 * NULL and the reason, a sentence that the caller frees.
 */
char *secret_line(const char *prompt, char **reason);

#endif
