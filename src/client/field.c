// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of a JSON object that p2vd has sent. */
#include "client/field.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

sd_json_variant *field_value(sd_json_variant *object, const char *name)
{
	sd_json_variant *value = sd_json_variant_is_object(object) ?
					 sd_json_variant_by_key(object, name) :
					 NULL;

	return sd_json_variant_is_null(value) ? NULL : value;
}

const char *field_text(sd_json_variant *object, const char *name)
{
	sd_json_variant *value = field_value(object, name);

	return sd_json_variant_is_string(value) ? sd_json_variant_string(value) : NULL;
}

uint64_t field_number(sd_json_variant *object, const char *name, uint64_t otherwise)
{
	sd_json_variant *value = field_value(object, name);

	return sd_json_variant_is_unsigned(value) ? sd_json_variant_unsigned(value) : otherwise;
}

bool field_truth(sd_json_variant *object, const char *name)
{
	sd_json_variant *value = field_value(object, name);

	return sd_json_variant_is_boolean(value) && sd_json_variant_boolean(value);
}

size_t field_count(sd_json_variant *object, const char *name)
{
	sd_json_variant *array = field_value(object, name);

	return sd_json_variant_is_array(array) ? sd_json_variant_elements(array) : 0;
}

sd_json_variant *field_element(sd_json_variant *object, const char *name, size_t index)
{
	return sd_json_variant_by_index(field_value(object, name), index);
}

char *field_texts(sd_json_variant *object, const char *name, const char *separator)
{
	AUTO_LIST char **texts = NULL;

	for (size_t i = 0; i < field_count(object, name); i++) {
		sd_json_variant *element = field_element(object, name, i);

		if (sd_json_variant_is_string(element))
			list_append(&texts, text_copy(sd_json_variant_string(element)));
	}
	return texts ? list_join(texts, separator) : NULL;
}
