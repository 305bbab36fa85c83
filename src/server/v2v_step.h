/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which step virt-v2v is at, from the messages in its log, "[   12.3] Inspecting the source".
 * The steps and their order are those of virt-v2v 2.2 to 2.10 with -i libvirtxml; a version
 * passes over those that it does not have.
 */
#ifndef P2VD_V2V_STEP_H
#define P2VD_V2V_STEP_H

#include <stdbool.h>

struct v2v_step {
	unsigned number; /* 1 to @count; 0: none yet */
	unsigned count;
	bool copying;    /* the disks' contents are being copied */
	char text[64];   /* virt-v2v's own words, perhaps cut */
};

/* Reads one line of the log without its newline. Lines that begin no step change nothing. */
void v2v_step_read(struct v2v_step *step, const char *line);

#endif
