/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many processors, and how they sit in sockets and cores: sysfs under a root
 * (Documentation/admin-guide/cputopology.rst of the Linux kernel).
 */
#ifndef P2VD_CPUS_H
#define P2VD_CPUS_H

#define CPUS_MOST 8192 /* the kernel's own limit on x86 */

struct cpus {
	unsigned online;  /* logical processors */
	unsigned sockets;
	unsigned cores;   /* per socket */
	unsigned threads; /* per core */
};

/*
 * Never fails: each number is at least 1. Sockets that are not alike count as
 * the largest of them, so that processors off line do not make half cores; but
 * where that gives more processors than the machine has (cores with and
 * without hyper-threading in one package), threads count as cores.
 */
struct cpus cpus_read(const char *root);

/* How many numbers a list such as "0-3,8" has, 0 when it is none. */
unsigned cpus_count(const char *list);

#endif
