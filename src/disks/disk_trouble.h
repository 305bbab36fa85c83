/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a disk that was there at the start.
 */
#ifndef P2VD_DISK_TROUBLE_H
#define P2VD_DISK_TROUBLE_H

#include "disks/disk.h"

/*
 * NULL where the disk can be read to its end and has the size that it had, else a sentence
 * that says what is wrong with it (the caller frees). Takes up to 30 s where the disk does
 * not answer.
 */
char *disk_trouble(const struct disk *disk);

#endif
