/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A physical volume of LVM2, as far as its label and its metadata area tell. (lvm_label.c) */
#ifndef P2VD_LVM_H
#define P2VD_LVM_H

#include "blocks/lvm_text.h"
#include "blocks/piece.h"

struct lvm_label {
	char id[33]; /* the physical volume's, without dashes */
	uint64_t data; /* where its extents begin, in bytes */
	struct lvm_node *text; /* of the volume group */
};

/* Returns 0, or -errno and a reason. The caller frees @label->text by lvm_text_free(). */
int lvm_label_read(const struct piece *piece, int disk, struct lvm_label *label, char **reason);

#endif
