/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's storage and network controllers on PCI: are there any, and have they
 * a driver? For messages that say why no disk or no network card was found.
 */
#ifndef P2VD_CONTROLLERS_H
#define P2VD_CONTROLLERS_H

enum controllers {
	CONTROLLERS_STORAGE,
	CONTROLLERS_NETWORK,
};

/* The most likely trouble with those under @root, and what to do about it: the part
 * of a message after its colon. The caller frees. */
char *controllers_judge(const char *root, enum controllers kind);

/* A sentence for each storage controller under @root whose disks do not show: because the
 * image has no driver for it, or because it hides NVMe disks. The caller frees. */
char **controllers_left_out(const char *root);

#endif
