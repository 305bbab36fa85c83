/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text in which an LVM2 volume group describes itself, as a tree: sections with names in
 * braces, and values, which are numbers, strings or lists of these.
 */
#ifndef P2VD_LVM_TEXT_H
#define P2VD_LVM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lvm_node {
	char *key;
	char **value; /* of a section NULL; strings without their quotes */
	struct lvm_node *child;
	size_t children;
};

/* The tree's nameless root; NULL if the text does not follow the rules. The caller hands it to
 * lvm_text_free(). */
struct lvm_node *lvm_text_parse(const char *text, size_t length);
void lvm_text_free(struct lvm_node *node);

/* The child with that key, or NULL. */
const struct lvm_node *lvm_child(const struct lvm_node *node, const char *key);

/* The value of the child with that key, where it is a single one; NULL if not. */
const char *lvm_value(const struct lvm_node *node, const char *key);

/* The same as a number. False if it is none. */
bool lvm_number(const struct lvm_node *node, const char *key, uint64_t *number);
bool lvm_is_number(const char *text, uint64_t *number);

#endif
