/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The number of processors, and of their sockets, cores and threads: from sysfs under
 * a root (Documentation/admin-guide/cputopology.rst of the Linux kernel).
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
 * Never fails: each number is at least 1. Sockets and cores may be unequal, as
 * some processors may be offline; then all count as the largest. If that gives more
 * processors than the machine has (cores with and without hyper-threading in one
 * package), threads count as cores.
 */
struct cpus cpus_read(const char *root);

/* How many numbers are in a list such as "0-3,8"; 0 if it is not such a list. */
unsigned cpus_count(const char *list);

#endif
