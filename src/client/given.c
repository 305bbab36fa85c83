// SPDX-License-Identifier: GPL-2.0-or-later
/* Words that somebody gives as arguments. */
#include "client/given.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/secret.h"
#include "base/text.h"
#include "client/field.h"
#include "client/parameter_sheet.h"
#include "client/secret_line.h"

#include <string.h>

/* Appends a Word to @given.parameters, and marks all of it as secret. */
static int append(sd_json_variant **given, const char *name, const char *value, char **reason)
{
	sd_json_variant *words = sd_json_variant_ref(field_value(*given, "parameters"));
	sd_json_variant *word = NULL;
	int r = sd_json_buildo(&word, SD_JSON_BUILD_PAIR_STRING("name", name),
			       SD_JSON_BUILD_PAIR_STRING("value", value));

	if (r >= 0) {
		sd_json_variant_sensitive(sd_json_variant_by_key(word, "value"));
		sd_json_variant_sensitive(word);
		r = sd_json_variant_append_array(&words, word);
	}
	if (r >= 0) {
		sd_json_variant_sensitive(words);
		r = sd_json_variant_set_field(given, "parameters", words);
		sd_json_variant_sensitive(*given);
	}
	sd_json_variant_unref(word);
	sd_json_variant_unref(words);
	if (r < 0)
		return REFUSE(reason, -r, "cannot send '%s': its name or its value is not UTF-8",
			      name);
	return 0;
}

/* Whether others who see our arguments may learn a secret by @value. A URL without a user and
 * without a query holds none. */
static bool may_be_secret(const char *value)
{
	return *value && (!strstr(value, "://") || strpbrk(value, "@?"));
}

/* Adds @parameter, which is known by @name and was given without a value. */
static int add_without_value(sd_json_variant **given, sd_json_variant *parameter, const char *name,
			     char **reason)
{
	const char *kind = field_text(parameter, "kind") ?: "";
	AUTO_FREE char *prompt = text_format("%s: ", name);
	char *secret;
	int r;

	if (!strcmp(kind, "boolean") || !strcmp(kind, "choice"))
		return append(given, name, "yes", reason);
	if (!field_truth(parameter, "secret"))
		return REFUSE(reason, EINVAL, "'%s' needs a value: %s=%s", name, name,
			      field_text(parameter, "form") ?: "VALUE");
	secret = secret_line(prompt, reason);
	if (!secret)
		return -EINVAL;
	r = append(given, name, secret, reason);
	secret_free(secret);
	return r;
}

/* Whether a secret was read already. */
static bool has_read(sd_json_variant *given, sd_json_variant *known)
{
	for (size_t i = 0; i < field_count(given, "parameters"); i++) {
		sd_json_variant *word = field_element(given, "parameters", i);
		sd_json_variant *parameter = parameter_sheet_find(known,
								  field_text(word, "name") ?: "");
		const char *value = field_text(word, "value") ?: "";

		if (field_truth(parameter, "secret") && may_be_secret(value))
			return true;
	}
	return false;
}

static int add(sd_json_variant **given, sd_json_variant *known, const char *argument, char **reason)
{
	AUTO_FREE char *name = text_copy_length(argument, strcspn(argument, "="));
	sd_json_variant *parameter = parameter_sheet_find(known, name);
	bool is_secret = field_truth(parameter, "secret");
	const char *value = strchr(argument, '=');

	if (!value && is_secret && has_read(*given, known))
		return REFUSE(reason, EINVAL, "'%s' is a second secret: set one at a time", name);
	if (!value && parameter)
		return add_without_value(given, parameter, name, reason);
	if (value && is_secret && may_be_secret(value + 1))
		return REFUSE(reason, EINVAL,
			      "'%s' is secret, and the arguments of a process are not: give it without '=', and its value is read from the terminal or standard input",
			      name);
	return append(given, name, value ? value + 1 : "", reason);
}

/* @given, or NULL if @r is an error. */
static sd_json_variant *unless(int r, sd_json_variant *given)
{
	if (r >= 0)
		return given;
	sd_json_variant_unref(given);
	return NULL;
}

sd_json_variant *given_parameters(char *const *arguments, sd_json_variant *known, char **reason)
{
	sd_json_variant *given = NULL;
	int r = 0;

	for (; *arguments && r >= 0; arguments++)
		r = add(&given, known, *arguments, reason);
	return unless(r, given);
}

sd_json_variant *given_names(char *const *names, char **reason)
{
	sd_json_variant *given = NULL;
	int r = 0;

	for (; *names && r >= 0; names++)
		r = append(&given, *names, NULL, reason);
	return unless(r, given);
}

sd_json_variant *given_line(char *const *arguments, char **reason)
{
	char *words = *arguments ? list_join(arguments, " ") :
				   file_read_line(STDIN_FILENO, SECRET_LINE_MOST);
	sd_json_variant *given = NULL;

	if (!words) {
		*reason = text_format("cannot read a kernel command line from standard input: %s",
				      strerror(errno));
		return NULL;
	}
	if (sd_json_buildo(&given, SD_JSON_BUILD_PAIR_STRING("words", words)) < 0) {
		*reason = text_copy("cannot send the kernel command line: it is not UTF-8");
	} else {
		sd_json_variant_sensitive(sd_json_variant_by_key(given, "words"));
		sd_json_variant_sensitive(given);
	}
	secret_free(words);
	return given;
}
