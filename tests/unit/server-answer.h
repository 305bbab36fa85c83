/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the probe answers on a server that lacks nothing. */
#ifndef TESTS_SERVER_ANSWER_H
#define TESTS_SERVER_ANSWER_H

static const char good_answer[] =
	"user root\nuid 0\narch x86_64\nsystem Debian GNU/Linux 13 (trixie)\n"
	"virt-v2v 2.6.0\n"
	"capability virt-v2v\ncapability colours-option\ncapability output:local\ncapability output:libvirt\n"
	"capability output:rhv\ncapability output:vdsm\n"
	"nbdkit nbd\nnbdcopy yes\n"
	"temporary 5368709120 /var/tmp\nwork 1073741824 /tmp\n"
	"storage /srv/guests\nstorage-state writable\nstorage-free 10737418240\n"
	"time 1795264200\nend yes\n";

#endif
