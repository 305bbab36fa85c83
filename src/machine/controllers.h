/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's storage and network controllers on PCI, for whoever looks for a
 * disk or a card that is not there: are there any, and does the kernel drive them?
 */
#ifndef P2VD_CONTROLLERS_H
#define P2VD_CONTROLLERS_H

enum controllers {
	CONTROLLERS_STORAGE,
	CONTROLLERS_NETWORK,
};

/* What is wrong with those under @root as far as that can be seen, and what to do
 * about it: no sentence of its own, for it follows a colon. The caller frees. */
char *controllers_judge(const char *root, enum controllers kind);

#endif
