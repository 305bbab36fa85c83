/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A physical volume of LVM2: the text in which every volume of a group describes the
 * whole group. For member.c alone. No I/O.
 */
#ifndef P2VD_MEMBER_LVM_H
#define P2VD_MEMBER_LVM_H

#include "disks/member.h"

/*
 * @head: the volume's first bytes. @magic: where "LVM2 001" stands in its label. The id
 * that @member has is the volume's own; it gets the group's id, name and volumes. A
 * volume may keep no text: then nothing is known of its group.
 */
void member_lvm_parse(struct member *member, const uint8_t *head, size_t length, uint64_t magic);

#endif
