/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON values for sd-json(3), which aborts nowhere: these functions abort if there is no
 * memory, as in memory.h, and change text that is not UTF-8.
 */
#ifndef P2VD_JSON_H
#define P2VD_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-json.h>

/* @text as a string; NULL stays NULL. If it is not UTF-8, each byte that is not ASCII
 * becomes ?. The caller unrefs the result, as that of json_array() and json_texts(). */
sd_json_variant *json_text(const char *text);
sd_json_variant *json_array(void);
sd_json_variant *json_object(void);
sd_json_variant *json_texts(char *const *list);

/* Appends @value to @array and unrefs it. */
void json_append(sd_json_variant **array, sd_json_variant *value);

/* Adds a member to *@object (NULL: makes one). json_put() unrefs @value; a NULL adds nothing. */
void json_put(sd_json_variant **object, const char *key, sd_json_variant *value);
void json_put_text(sd_json_variant **object, const char *key, const char *text);
void json_put_number(sd_json_variant **object, const char *key, uint64_t number);
void json_put_integer(sd_json_variant **object, const char *key, int64_t number);
void json_put_truth(sd_json_variant **object, const char *key, bool truth);

#endif
