/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the work directory that describe the physical machine, and the
 * command from whose output each comes. The names are those that virt-p2v's
 * users know.
 */
#ifndef P2VD_DIAGNOSTICS_H
#define P2VD_DIAGNOSTICS_H

struct diagnostic {
	const char *file;
	const char *const *argv; /* NULL-terminated, found by PATH */
};

/* All of them; the last has no file. */
const struct diagnostic *diagnostics_table(void);

#endif
