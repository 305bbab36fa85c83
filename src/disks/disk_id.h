/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What identifies a disk: its world-wide name and serial number. Many are fillers, which a
 * maker has given to all disks of a model. They tell no disk from another. No I/O.
 */
#ifndef P2VD_DISK_ID_H
#define P2VD_DISK_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether a serial number tells one disk from another. Not if it is zeros, up to two other
 * digits among them ("0000000000CA"); one character only; counted ("123456789ABC"); or
 * without any digit ("Default string").
 */
bool disk_id_serial_tells(const char *serial);

/*
 * Whether a world-wide name does, as the kernel writes it: "naa.5000c500a1b2c3d4",
 * "eui.0025385b71b00001", "t10.ATA MODEL SERIAL"… What its maker gives must be no filler;
 * a name that is made of texts must have the disk's serial number in it. @serial: NULL
 * where unknown.
 */
bool disk_id_name_tells(const char *name, const char *serial);

/*
 * The name of the logical unit on a SCSI disk's page 83h (SPC-4, 7.8.6), as the kernel writes
 * it: its longest NAA or EUI-64 name. NULL where it has none. The caller frees.
 */
char *disk_id_of_page(const uint8_t *page, size_t length);

#endif
