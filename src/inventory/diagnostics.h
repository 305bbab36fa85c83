/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the work directory that describe the physical machine: each is the
 * output of a command. The names are those that users of virt-p2v know.
 */
#ifndef P2VD_DIAGNOSTICS_H
#define P2VD_DIAGNOSTICS_H

struct diagnostic {
	const char *file;
	const char *const *argv; /* NULL-terminated; the command is searched for in PATH */
};

/* The table ends with an entry whose file is NULL. */
const struct diagnostic *diagnostics_table(void);

#endif
