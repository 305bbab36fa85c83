/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that stands in for ssh(1): first in PATH, it says what the test wants. */
#ifndef TESTS_SSH_STAND_IN_H
#define TESTS_SSH_STAND_IN_H

#include "base/cleanup.h"
#include "base/text.h"
#include "transfer/tunnel_login.h"
#include "tree.h"

/* From now on ssh is @script (for sh) in the tree @root; $root is that. */
static void ssh_stand_in(const char *root, const char *script)
{
	static char *path;
	AUTO_FREE char *text = text_format("#!/bin/sh\nroot='%s'\n%s", root, script);
	AUTO_FREE char *program = tree_path(root, "bin/ssh");
	AUTO_FREE char *first = NULL;

	if (!path)
		path = text_copy(getenv("PATH"));
	tree_put(root, "bin/ssh", text);
	first = text_format("%s/bin:%s", root, path);
	if (chmod(program, 0755) < 0 || setenv("PATH", first, 1) < 0)
		err(1, "%s", program);
}

/* A login at a host that the stand-in does not look for. */
static struct tunnel_login *ssh_stand_in_login(sd_event *event)
{
	static const struct tunnel_host host = {
		.address = "192.0.2.7",
		.port = 22,
		.known_host = TUNNEL_HOST_ALIAS " x y\n",
	};
	static const struct ssh_login control = { .user = "jo" };
	AUTO_FREE char *reason = NULL;

	return tunnel_login_to(event, &host, &control, true, "/nowhere", &reason);
}

#endif
