// SPDX-License-Identifier: GPL-2.0-or-later
/* Which step virt-v2v is at. */
#include "server/v2v_step.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>

static const char *const steps[] = {
	"Setting up the source",
	"Opening the source",
	"Checking filesystem integrity before conversion",
	"Inspecting the source",
	"Checking for sufficient free disk space in the guest",
	"Converting ",
	"SELinux relabelling",
	"Mapping filesystem data",
	"Checking filesystem integrity after conversion",
	"Closing the overlay",
	"Assigning disks to buses",
	"Checking if the guest needs BIOS or UEFI to boot",
	"Setting up the destination",
	"Copying disk ",
	"Creating output metadata",
	"Finishing off",
};
#define COPYING 13

void v2v_step_read(struct v2v_step *step, const char *line)
{
	int begin = 0;

	if (sscanf(line, "[ %*f] %n", &begin) != 0 || begin == 0)
		return;
	for (unsigned i = 0; i < COUNT(steps); i++) {
		if (!text_begins(line + begin, steps[i]))
			continue;
		step->number = i + 1;
		step->count = COUNT(steps);
		step->copying = i == COPYING;
		snprintf(step->text, sizeof(step->text), "%s", line + begin);
		return;
	}
}
