// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said where nobody has named a server. */
#include "service/unconfigured.h"

#include "base/log.h"

void unconfigured_say(const struct config *config)
{
	log_notice("no p2v.server, neither on the kernel command line nor in the image: "
		   "nothing is done, and nothing is written to this machine's disks");
	log_notice("to convert it, %srestart it with p2v.server=HOST and p2v.password=... or "
		   "p2v.identity=URL on the kernel command line: see the entry 'Edit' of the ISO's boot "
		   "menu; p2v-pxe(8) for booting from the network; p2v.parameters(7) for all parameters",
		   config->interactive ? "fill in the forms; or " : "");
	if (config->shell)
		log_notice("in the shell, 'p2vd --inventory' shows this machine's disks and cards");
}
