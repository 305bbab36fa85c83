// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of parameters with their values, as JSON. */
#include "service/status_json.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "config/parameters.h"

static const char *kind_name(enum parameter_type type)
{
	static const char *const names[] = {
		[PARAMETER_BOOLEAN] = "boolean", [PARAMETER_CHOICE] = "choice",
		[PARAMETER_WORD] = "word",       [PARAMETER_NUMBER] = "number",
		[PARAMETER_SECONDS] = "seconds", [PARAMETER_BYTES] = "bytes",
		[PARAMETER_HOURS] = "hours",     [PARAMETER_SERVER] = "server",
		[PARAMETER_TEXT] = "text",       [PARAMETER_LIST] = "list",
	};

	return names[type];
}

static const char *origin_name(unsigned char origin)
{
	static const char *const names[] = {
		[ORIGIN_BUILTIN] = "builtin", [ORIGIN_IMAGE] = "image",   [ORIGIN_FILE] = "file",
		[ORIGIN_CMDLINE] = "cmdline", [ORIGIN_CLIENT] = "client",
	};

	return names[origin];
}

static sd_json_variant *parameter_json(const struct config *config,
				       const struct parameter *parameter, const char *section)
{
	AUTO_FREE char *value = config_value(config, parameter);
	sd_json_variant *object = NULL;

	json_put_text(&object, "name", parameter->name);
	json_put_text(&object, "alias", parameter->alias);
	json_put_text(&object, "label", parameter->label);
	json_put_text(&object, "section", section);
	json_put_text(&object, "kind", kind_name(parameter->type));
	if (parameter->words)
		json_put(&object, "words", json_texts((char *const *)parameter->words));
	if (parameter->maximum) {
		json_put_number(&object, "minimum", parameter->minimum);
		json_put_number(&object, "maximum", parameter->maximum);
	}
	json_put_truth(&object, "empty", parameter->empty);
	json_put_truth(&object, "secret", parameter->secret != SECRET_NOTHING);
	json_put_text(&object, "form", parameter->form);
	json_put_text(&object, "default", parameter->default_text ?: parameter->default_value);
	json_put_text(&object, "description", parameter->description);
	json_put_text(&object, "value", value);
	json_put_text(&object, "origin", origin_name(config->origin[parameter_index(parameter)]));
	return object;
}

sd_json_variant *parameters_json(const struct config *config)
{
	sd_json_variant *array = json_array();
	const char *section = "";

	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		section = parameter->section ?: section;
		json_append(&array, parameter_json(config, parameter, section));
	}
	return array;
}
