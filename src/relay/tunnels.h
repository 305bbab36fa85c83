/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ends of the tunnels of a disk, in a directory of their own in the work directory: removed
 * with the relay, it lets no sshd make another socket. Each has a name of its own, DISK-NUMBER with
 * a number that is used once: a socket that sshd listens at, or, where sshd forwards only ports, a
 * file with the port. They come and go while the relay runs.
 */
#ifndef P2VD_RELAY_TUNNELS_H
#define P2VD_RELAY_TUNNELS_H

#include "relay/disk.h"

#define TUNNELS_DIRECTORY "tunnels"

struct tunnels;

/* Of disk number @index, which counts from 0; @fd is the work directory (kept by the caller). */
struct tunnels *tunnels_new(int fd, unsigned index, struct disk *disk);
void tunnels_free(struct tunnels *tunnels);

/* Looks for new ones and connects to them, and again to those whose link was lost. To be
 * called when something has come into the directory, and each second. */
void tunnels_look(struct tunnels *tunnels);

/* Whether tunnels_look() is to be called again already after some 20 milliseconds. */
bool tunnels_are_coming(const struct tunnels *tunnels);

/* Gives each more links where one alone would leave the line empty. To be called in each turn. */
void tunnels_widen(struct tunnels *tunnels);

/* @link was lost. Returns whether that should be told: of a tunnel's links one is enough. */
bool tunnels_lost(struct tunnels *tunnels, const struct link *link);

#endif
