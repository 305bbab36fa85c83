/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of a JSON object that p2vd has sent. One that is missing, null or of another type
 * counts as not there, so that an older or a newer p2vd can be asked, too. @object may be NULL.
 */
#ifndef P2VD_FIELD_H
#define P2VD_FIELD_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-json.h>

/* The text, which belongs to @object, or NULL. */
const char *field_text(sd_json_variant *object, const char *name);

/* The number, or @otherwise; nothing is negative where this is used. */
uint64_t field_number(sd_json_variant *object, const char *name, uint64_t otherwise);

/* Whether there is such a truth, and it is true. */
bool field_truth(sd_json_variant *object, const char *name);

/* The member itself, which belongs to @object, or NULL. */
sd_json_variant *field_value(sd_json_variant *object, const char *name);

/* The number of elements of the array @object.@name, and one of them; 0 if it is no array. */
size_t field_count(sd_json_variant *object, const char *name);
sd_json_variant *field_element(sd_json_variant *object, const char *name, size_t index);

/* The texts in the array, with @separator between them; NULL if there is none. The caller frees. */
char *field_texts(sd_json_variant *object, const char *name, const char *separator);

#endif
