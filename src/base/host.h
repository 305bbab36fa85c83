/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts as users write them: names, and what an IP address stands for. No I/O. */
#ifndef P2VD_HOST_H
#define P2VD_HOST_H

#include <stdbool.h>

enum host_address {
	HOST_NO_ADDRESS, /* neither an IPv4 address of four numbers nor an IPv6 one */
	HOST_MACHINE,    /* one that a machine can have in a network */
	HOST_LINK_LOCAL, /* of IPv6: only together with an interface */
	HOST_LOOPBACK,
	HOST_UNSPECIFIED, /* 0.0.0.0 and :: */
	HOST_NOBODY,      /* another of 0.0.0.0/8, a group's, or the broadcast */
};

/* What @text, an address without brackets or an interface, stands for. An IPv4 address that
 * is written as an IPv6 one (::ffff:192.0.2.7) is judged as IPv4. */
enum host_address host_address(const char *text);

/*
 * What is wrong with @text as a host name: the rest of a sentence, "holds …" (the caller
 * frees), which quotes nothing of it. NULL for nothing. @text is not empty. It may be fully
 * qualified, with a dot at its end, and have underscores, as some Windows machines do.
 */
char *host_name_judge(const char *text);

#endif
