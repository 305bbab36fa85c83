// SPDX-License-Identifier: GPL-2.0-or-later
/* virt-v2v's arguments, from the configuration and what the server offers. */
#include "server/v2v.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/secret_words.h"

#include <ctype.h>
#include <string.h>

/* How many disks to copy at the same time. Each has its own tunnel; with more of them,
 * the network or the server's disks are the limit. */
#define PARALLEL_MAX 4

static const char default_storage[] = "/var/tmp";

/* Types of output of which we know more than the name. */
static const struct type {
	const char *name;
	bool directory;      /* its -os is a directory on the server */
	const char *command; /* what a person does next with the file NAME@suffix in it, or */
	const char *suffix;  /* with the guest NAME; NULL: we know of no such command */
} types[] = {
	{ "local", true, "virsh define", ".xml" },
	{ "disk", true, "virsh define", ".xml" },
	{ "qemu", true, "sh", ".sh" },
	{ "kubevirt", true, "kubectl create -f", ".yaml" },
	{ "json", true, NULL, NULL },
	{ "libvirt", false, "virsh start", "" },
};

/* NULL for another type. */
static const struct type *type_of(const struct config *config)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (!strcmp(config->output_type, types[i].name))
			return &types[i];
	return NULL;
}

static bool writes_directory(const struct config *config)
{
	const struct type *type = type_of(config);

	return type && type->directory;
}

/* The value of -os, or NULL for no -os. p2v.output.storage's default is a directory: for
 * the types of output whose -os is not a directory, it counts as not given. */
static const char *storage_of(const struct config *config)
{
	const char *storage = config->output_storage;

	if (!storage || !*storage)
		return NULL;
	if (!strcmp(storage, default_storage) && !writes_directory(config))
		return NULL;
	return storage;
}

static void add(char ***arguments, const char *option, const char *value)
{
	if (!value || !*value)
		return;
	list_append(arguments, text_copy(option));
	list_append(arguments, text_copy(value));
}

static const char *const allocations[] = {
	[ALLOCATION_NONE] = NULL,
	[ALLOCATION_SPARSE] = "sparse",
	[ALLOCATION_PREALLOCATED] = "preallocated",
};

/* virt-v2v reads a key from a file; the wrapper makes a pipe for each. */
static void add_keys(char ***arguments, char *const *keys)
{
	for (size_t i = 0; keys && keys[i]; i++) {
		list_append(arguments, text_copy("--key"));
		list_append(arguments, text_format("%.*s:file:key-%zu", (int)strcspn(keys[i], ":"),
						   keys[i], i + 1));
	}
}

static const char *passphrase(const char *key)
{
	return key + strcspn(key, ":") + 1;
}

#define VARIABLE "abcdefghijklmnopqrstuvwxyz0123456789-_"

/* "OS_PASSWORD=x" for "os-password=x", as the openstack command reads it in its environment;
 * other options as they are. The caller frees. */
static char *variable_of(const char *option)
{
	char *variable = text_copy(option);

	if (!text_begins(option, "os-") || option[strspn(option, VARIABLE)] != '=')
		return variable;
	for (char *c = variable; *c != '='; c++)
		*c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
	return variable;
}

static bool has_secret_connection(const struct config *config)
{
	return config->output_connection && secret_words_in_uri(config->output_connection);
}

char *v2v_secrets(const struct config *config)
{
	AUTO_LIST char **lines = NULL;
	size_t keys;

	for (char *const *key = config->keys; key && *key; key++)
		list_append(&lines, text_copy(passphrase(*key)));
	list_append(&lines, text_copy(""));
	keys = list_length(lines);
	if (has_secret_connection(config))
		list_append(&lines, text_format("connection=%s", config->output_connection));
	for (char *const *misc = config->output_misc; misc && *misc; misc++)
		if (secret_words_in_option(*misc))
			list_append(&lines, variable_of(*misc));
	if (list_length(lines) > keys)
		list_append(&lines, text_copy(""));
	return list_join(lines, "\n");
}

char **v2v_arguments(const struct config *config, const struct server *server, size_t disks)
{
	char **arguments = NULL;

	if (config->debug) {
		list_append(&arguments, text_copy("-v"));
		list_append(&arguments, text_copy("-x"));
	}
	add(&arguments, "-i", "libvirtxml");
	add(&arguments, "-o", config->output_type);
	if (!has_secret_connection(config))
		add(&arguments, "-oc", config->output_connection);
	add(&arguments, "-op", config->output_credentials);
	add(&arguments, "-of", config->output_format);
	add(&arguments, "-os", storage_of(config));
	add(&arguments, "-oa", allocations[config->output_allocation]);
	for (char *const *misc = config->output_misc; misc && *misc; misc++)
		if (!secret_words_in_option(*misc))
			add(&arguments, "-oo", *misc);
	/* virt-v2v's default would ask on standard input, which is /dev/null. */
	add(&arguments, "--root", config->root ? config->root : "first");
	add_keys(&arguments, config->keys);
	for (char *const *mac = config->mac; mac && *mac; mac++)
		add(&arguments, "--mac", *mac);
	if (disks > 1 && server_can(server, "parallel-option")) {
		list_append(&arguments, text_copy("--parallel"));
		list_append(&arguments,
			    text_format("%zu", disks < PARALLEL_MAX ? disks : PARALLEL_MAX));
	}
	list_append(&arguments, text_copy("physical.xml"));
	return arguments;
}

size_t v2v_values(const struct config *config, const char *name, const char *workdir,
		  struct script_value values[static V2V_VALUES])
{
	size_t count = 0;

	values[count++] = (struct script_value){ "workdir", workdir };
	values[count++] = (struct script_value){ "sudo", config->sudo ? "yes" : "no" };
	values[count++] = (struct script_value){ "output", config->output_type };
	values[count++] = (struct script_value){ "storage", storage_of(config) };
	values[count++] = (struct script_value){ "connection", config->output_connection };
	values[count++] = (struct script_value){ "name", name };
	return count;
}

void v2v_hide(struct script_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(values[i].name, "connection") && values[i].value &&
		    secret_words_in_uri(values[i].value))
			values[i].value = NULL;
}

char *v2v_result(const struct config *config, const char *name)
{
	const struct type *type = type_of(config);
	const char *storage = storage_of(config);
	AUTO_FREE char *where = storage ? text_format("in '%s'", storage) :
					  text_format("where -o %s puts it", config->output_type);

	if (!type || !type->command)
		return steal(where);
	return text_format("%s; next, on the server: %s '%s%s%s%s'", where, type->command,
			   type->directory ? storage : "", type->directory ? "/" : "", name,
			   type->suffix);
}
