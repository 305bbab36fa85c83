// SPDX-License-Identifier: GPL-2.0-or-later
/* What the mirror has of one parameter. */
#include "dialog/mirror.h"

#include "client/field.h"

#include <string.h>

const struct draft *mirror_draft(const struct mirror *mirror, const char *name)
{
	return drafts_find(&mirror->drafts, name);
}

sd_json_variant *mirror_parameter(const struct mirror *mirror, const char *name)
{
	for (size_t i = 0; i < field_count(mirror->parameters, "parameters"); i++) {
		sd_json_variant *one = field_element(mirror->parameters, "parameters", i);
		const char *known = field_text(one, "name");

		if (known && !strcmp(known, name))
			return one;
	}
	return NULL;
}

const char *mirror_value(const struct mirror *mirror, const char *name)
{
	return field_text(mirror_parameter(mirror, name), "value");
}

const char *mirror_entered(const struct mirror *mirror, const char *name)
{
	const struct draft *draft = mirror_draft(mirror, name);

	return draft && draft->text ? draft->text : mirror_value(mirror, name);
}
