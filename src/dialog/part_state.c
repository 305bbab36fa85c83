// SPDX-License-Identifier: GPL-2.0-or-later
/* How far a part is filled in. */
#include "dialog/part_state.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"

#include <inttypes.h>
#include <string.h>

#define MODE "p2v.output.type"

const char *part_mood_name(enum part_mood mood)
{
	switch (mood) {
	case PART_READY:
		return "ready";
	case PART_WANTS:
		return "wants";
	case PART_WRONG:
		break;
	}
	return "WRONG";
}

static struct part_state is(enum part_mood mood, char *text)
{
	return (struct part_state){ .mood = mood, .text = text };
}

static const char *given(const struct mirror *mirror, const char *name)
{
	const char *origin = field_text(mirror_parameter(mirror, name), "origin");

	return origin && strcmp(origin, "builtin") != 0 ? mirror_value(mirror, name) : NULL;
}

static struct part_state server_state(const struct mirror *mirror)
{
	const char *server = mirror_value(mirror, "p2v.remote.server");
	const char *user = mirror_value(mirror, "p2v.auth.username");
	const char *version = field_text(mirror->server, "virtV2v");

	if (!server)
		return is(PART_WANTS, text_copy("the name or address of the conversion server"));
	switch (mirror->test) {
	case MIRROR_UNTESTED:
		return is(PART_WANTS,
			  text_format("%s: %s as %s",
				      mirror->outdated ? "another test after a change" : "a test",
				      server, user ?: "root"));
	case MIRROR_TESTING:
		return is(PART_WANTS, text_format("a moment: %s is being tested", server));
	case MIRROR_FAILED:
		return is(PART_WRONG, text_copy(mirror->reason ?: "the test has failed"));
	case MIRROR_PASSED:
		break;
	}
	return is(PART_READY, text_format("%s as %s, tested%s%s", server, user ?: "root",
					  version ? ": virt-v2v " : "", version ?: ""));
}

static struct part_state network_state(bool addressed)
{
	if (!addressed)
		return is(PART_WANTS, text_copy("an address: no network card has one yet"));
	return is(PART_READY, text_copy("there is an address"));
}

static struct part_state machine_state(const struct mirror *mirror)
{
	const char *cpus = mirror_value(mirror, "p2v.vcpu.cores");
	const char *memory = mirror_value(mirror, "p2v.memory");
	AUTO_FREE char *found = text_bytes(field_number(mirror->inventory, "memory", 0));
	uint64_t online = field_number(field_value(mirror->inventory, "processors"), "online", 0);
	AUTO_FREE char *counted = text_format("%" PRIu64, online);
	const char *kind = field_text(field_value(mirror->inventory, "firmware"), "type");

	return is(PART_READY,
		  text_format("%s, %s CPUs, %s, %s", field_text(mirror->inventory, "name") ?: "?",
			      cpus ?: counted, memory ?: found,
			      kind && !strcmp(kind, "uefi") ? "UEFI" : "BIOS"));
}

static struct part_state disks_state(const struct mirror *mirror)
{
	size_t count = field_count(mirror->inventory, "disks");
	size_t warnings = field_count(mirror->inventory, "warnings"), length = 0;
	AUTO_FREE char *names = NULL, *size = NULL;
	AUTO_LIST char **list = NULL;
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++) {
		sd_json_variant *disk = field_element(mirror->inventory, "disks", i);
		const char *name = field_text(disk, "name") ?: "?";

		bytes += field_number(disk, "size", 0);
		length += strlen(name) + 2;
		list_append(&list, text_copy(name));
	}
	if (!count && mirror->late)
		return is(PART_WANTS,
			  text_copy("devices are still coming: some disks take minutes"));
	if (!count)
		return is(PART_WRONG, text_copy("there is no disk to convert"));
	size = text_bytes(bytes);
	names = length < 30 ? list_join(list, ", ") : text_format("%zu disks", count);
	if (warnings)
		return is(PART_WANTS, text_format("a look at %zu warning%s: %s, %s", warnings,
						  warnings > 1 ? "s" : "", names, size));
	return is(PART_READY,
		  text_format("%s: %s%s", names, size, mirror->late ? ", and more may come" : ""));
}

static struct part_state cards_state(const struct mirror *mirror)
{
	size_t count = field_count(mirror->inventory, "interfaces");
	size_t all = field_count(mirror->everything, "interfaces");
	const char *map = mirror_value(mirror, "p2v.network_map");

	return is(PART_READY, text_format("%zu of %zu, to '%s'", count, all > count ? all : count,
					  map ?: "default"));
}

static struct part_state output_state(const struct mirror *mirror)
{
	const char *mode = mirror_value(mirror, MODE) ?: "local";
	const char *storage = mirror_value(mirror, "p2v.output.storage");
	const char *format = mirror_value(mirror, "p2v.output.format");
	AUTO_LIST char **offered = part_words(mirror, MODE);
	/* What p2vd tests, it also says in the test's result; here it may have changed since. */
	bool known = !offered || list_contains(offered, mode) || mirror->test == MIRROR_PASSED;

	if (!known)
		return is(PART_WRONG,
			  text_format("the server does not offer the output mode '%s'", mode));
	if (!part_mode_uses(mode, "p2v.output.storage"))
		storage = NULL;
	return is(PART_READY, text_format("%s%s%s%s%s", mode, storage ? " to " : "", storage ?: "",
					  format ? ", " : "", format ?: ""));
}

/* A part in which nothing has to be given: what is, or else @none. */
static struct part_state optional_state(const struct mirror *mirror, enum part part,
					const char *none)
{
	AUTO_LIST char **names = NULL;
	AUTO_FREE char *joined = NULL;

	for (const char *const *field = part_fields(part); *field; field++)
		if (given(mirror, *field))
			list_append(&names,
				    text_copy(field_text(mirror_parameter(mirror, *field), "alias") ?:
						      *field));
	joined = list_join(names, ", ");
	return is(PART_READY, text_copy(names ? joined : none));
}

/* Disks may take a while to come and to answer. Nothing else has to wait for them. */
static bool is_hardware(enum part part)
{
	return part == PART_MACHINE || part == PART_DISKS || part == PART_CARDS;
}

struct part_state part_state(enum part part, const struct mirror *mirror, bool addressed)
{
	for (const char *const *field = part_fields(part); *field; field++) {
		const struct draft *draft = mirror_draft(mirror, *field);

		if (draft && draft->wrong)
			return is(PART_WRONG, text_copy(draft->sentence));
	}
	if (!mirror->parameters)
		return is(PART_WANTS,
			  text_copy("a moment: p2vd is being asked for its parameters"));
	if (!mirror->inventory && is_hardware(part))
		return is(PART_WANTS,
			  text_copy("p2vd is looking at this machine (disks may take a minute)"));
	switch (part) {
	case PART_SERVER:
		return server_state(mirror);
	case PART_NETWORK:
		return network_state(addressed);
	case PART_MACHINE:
		return machine_state(mirror);
	case PART_DISKS:
		return disks_state(mirror);
	case PART_CARDS:
		return cards_state(mirror);
	case PART_OUTPUT:
		return output_state(mirror);
	case PART_KEYBOARD:
		return is(PART_READY, text_copy(mirror_value(mirror, "p2v.keymap") ?:
							"us: nobody has chosen another"));
	case PART_TRANSFER:
		return optional_state(mirror, part, "as fast as the network is");
	case PART_MORE:
	case PARTS:
		break;
	}
	return optional_state(mirror, part, "commands before and after: none");
}

char *part_hint(const struct mirror *mirror, const char *name)
{
	sd_json_variant *parameter = mirror_parameter(mirror, name);

	AUTO_LIST char **words = part_words(mirror, name);
	AUTO_FREE char *joined = words ? list_join(words + !**words, "|") : NULL;

	return text_format("%s%s%s; default: %s",
			   joined                                ?:
				   field_text(parameter, "form") ?:
								   "",
			   words ? " (Space changes it)" : "",
			   field_truth(parameter, "secret") && field_text(parameter, "value") ?
				   " (one is set and not shown)" :
				   "",
			   field_text(parameter, "default") ?: "none");
}

char *part_purpose(const struct mirror *mirror, const char *name)
{
	const char *text = field_text(mirror_parameter(mirror, name), "description") ?: "";
	const char *end = strstr(text, ". ");

	return text_copy_length(text, end ? (size_t)(end - text) + 1 : strlen(text));
}

bool part_shows(const struct mirror *mirror, const char *name)
{
	const char *mode = mirror_value(mirror, MODE) ?: "local";

	return part_mode_uses(mode, name) || given(mirror, name) || mirror_draft(mirror, name);
}

static void append_copy(char ***list, const char *text)
{
	if (!list_contains(*list, text))
		list_append(list, text_copy(text));
}

char **part_words(const struct mirror *mirror, const char *name)
{
	sd_json_variant *parameter = mirror_parameter(mirror, name);
	const char *kind = field_text(parameter, "kind") ?: "text";
	const char *key = !strcmp(name, MODE) ? "outputModes" : "words";
	sd_json_variant *object = !strcmp(name, MODE) ? mirror->server : parameter;
	char **words = NULL;

	if (!strcmp(kind, "choice"))
		append_copy(&words, "");
	if (!strcmp(kind, "choice") || !strcmp(kind, "boolean")) {
		append_copy(&words, "yes");
		append_copy(&words, "no");
	}
	for (size_t i = 0; i < field_count(object, key); i++)
		append_copy(&words, sd_json_variant_string(field_element(object, key, i)));
	return words;
}
