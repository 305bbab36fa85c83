// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON values. */
#include "base/json.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdlib.h>

/* These functions only fail without memory. */
static void must(int result)
{
	if (result < 0)
		abort();
}

sd_json_variant *json_text(const char *text)
{
	sd_json_variant *value = NULL;
	AUTO_FREE char *plain = text_copy(text);

	if (!text || sd_json_variant_new_string(&value, text) >= 0)
		return value;
	for (char *c = plain; *c; c++)
		if (*c & 0x80)
			*c = '?';
	must(sd_json_variant_new_string(&value, plain));
	return value;
}

sd_json_variant *json_array(void)
{
	sd_json_variant *array = NULL;

	must(sd_json_variant_new_array(&array, NULL, 0));
	return array;
}

sd_json_variant *json_object(void)
{
	sd_json_variant *object = NULL;

	must(sd_json_variant_new_object(&object, NULL, 0));
	return object;
}

sd_json_variant *json_texts(char *const *list)
{
	sd_json_variant *array = json_array();

	for (; list && *list; list++)
		json_append(&array, json_text(*list));
	return array;
}

void json_append(sd_json_variant **array, sd_json_variant *value)
{
	must(sd_json_variant_append_array(array, value));
	sd_json_variant_unref(value);
}

void json_put(sd_json_variant **object, const char *key, sd_json_variant *value)
{
	if (value)
		must(sd_json_variant_set_field(object, key, value));
	sd_json_variant_unref(value);
}

void json_put_text(sd_json_variant **object, const char *key, const char *text)
{
	json_put(object, key, json_text(text));
}

void json_put_number(sd_json_variant **object, const char *key, uint64_t number)
{
	must(sd_json_variant_set_field_unsigned(object, key, number));
}

void json_put_integer(sd_json_variant **object, const char *key, int64_t number)
{
	must(sd_json_variant_set_field_integer(object, key, number));
}

void json_put_truth(sd_json_variant **object, const char *key, bool truth)
{
	must(sd_json_variant_set_field_boolean(object, key, truth));
}
