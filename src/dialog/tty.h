/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal that the person sits at. */
#ifndef P2VD_TTY_H
#define P2VD_TTY_H

struct tty {
	const char *type; /* $TERM; NULL: unknown */
	unsigned columns, rows;
};

/*
 * Makes the terminal @path our controlling terminal, standard input, output and error; NULL: it
 * is that already. Where the kernel does not know its size, as on a serial line, the
 * terminal itself is asked, and the kernel told. Returns 0, or -errno and the reason, a
 * sentence that the caller frees.
 */
int tty_open(const char *path, struct tty *tty, char **reason);

#endif
