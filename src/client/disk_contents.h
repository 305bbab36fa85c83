/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is on a disk of the inventory, as lines. */
#ifndef P2VD_DISK_CONTENTS_H
#define P2VD_DISK_CONTENTS_H

#include <systemd/sd-json.h>

/* "sda1: EFI system, FAT, 512 MiB", and what else it holds parts of. NULL: nothing is known to be
 * on it. The caller frees with list_free(). */
char **disk_contents(sd_json_variant *disk);

#endif
