/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A physical volume of LVM2: its label, and the text in which every volume of
 * a group describes the whole group. For member.c alone.
 */
#ifndef P2VD_MEMBER_LVM_H
#define P2VD_MEMBER_LVM_H

#include "disks/member.h"

/* False when @head (the first bytes) has no label of LVM2. A volume may keep no
 * text: then only its own id is known. */
bool member_lvm_parse(struct member *member, const uint8_t *head, size_t length);

#endif
