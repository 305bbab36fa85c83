/* SPDX-License-Identifier: GPL-2.0-or-later */
/* p2vd's exit codes: p2vd(8), EXIT STATUS. */
#ifndef P2VD_EXIT_CODE_H
#define P2VD_EXIT_CODE_H

enum {
	EXIT_DONE = 0,
	EXIT_CONVERSION = 1,
	EXIT_CONFIGURATION = 2,
	EXIT_SERVER = 3,
	EXIT_INTERNAL = 4,
};

#endif
