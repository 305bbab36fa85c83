/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal that the person sits at. */
#ifndef P2VD_TTY_H
#define P2VD_TTY_H

#include <stdbool.h>

struct tty_size {
	unsigned columns, rows;
};

/*
 * Makes the terminal @path our controlling terminal, standard input, output and error; NULL: it
 * is that already. Gives it a type by $TERM, if nobody has: what is at the end of a serial line
 * can be expected to know VT220. Returns 0, or -errno and the reason, a sentence that the caller
 * frees.
 */
int tty_open(const char *path, char **reason);

/* The size of our terminal. Where the kernel does not know it, as on a serial line, the
 * terminal itself is asked, which takes two seconds if it does not answer, and the kernel told. */
struct tty_size tty_size(void);

/* Whether @path is one of the kernel's own terminals, /dev/tty1 and so on. */
bool tty_is_screen(const char *path);

#endif
