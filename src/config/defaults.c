// SPDX-License-Identifier: GPL-2.0-or-later
/* What the image's owner has put into it, for all machines. */
#include "config/defaults.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/config.h"
#include "config/config_file.h"
#include "config/output_name.h"
#include "config/parameters.h"

#include <string.h>

#define NO_SHELL "p2v.shell=no"

/* The words of the file @path; they refer to that string. Returns 0, -ENOENT if there is
 * no such file, or -EINVAL after a message. */
static int read_words(struct cmdline *words, const char *path)
{
	AUTO_FREE char *reason = NULL;
	size_t length = 0;
	char *data = file_read(path, CONFIG_FILE_SIZE_MAX + 1, &length);
	int r;

	*words = (struct cmdline){ 0 };
	if (!data && (errno == ENOENT || errno == ENOTDIR))
		return -ENOENT;
	if (!data) {
		log_error("cannot read the parameters in '%s': %s", path, strerror(errno));
		return -EINVAL;
	}
	r = config_file_read(words, data, length, true, &reason);
	secret_free_length(data, length + 1);
	if (r < 0)
		log_error("'%s' %s", path, reason);
	for (size_t i = 0; i < words->count; i++)
		words->word[i].file = path;
	return r;
}

/* Uses @file in @directory if the parameter @name, a text, is not given. */
static void take(struct config *config, const char *name, const char *scheme, const char *directory,
		 const char *file)
{
	AUTO_FREE char *path = text_format("%s/%s", directory, file);
	const struct parameter *parameter = parameter_find(name);
	char **member = parameter_member(parameter, config);

	if (*member || access(path, F_OK) != 0)
		return;
	*member = text_format("%s%s", scheme, path);
	config->origin[parameter_index(parameter)] = ORIGIN_IMAGE;
}

static void take_files(struct config *config, const char *directory)
{
	if (!config->password && !config->key)
		take(config, "p2v.identity", "file://", directory, "identity");
	take(config, "p2v.pre", "", directory, "pre");
	take(config, "p2v.post", "", directory, "post");
	take(config, "p2v.fail", "", directory, "fail");
}

/* Whether a word names a file with more parameters, rightly or with a slip in its name. */
static bool names_file(const struct cmdline *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (parameter_meant(words->word[i].name) == parameter_find("p2v.config"))
			return true;
	return false;
}

/* Stands for the words of a file that could not be read: it may have forbidden the shell. */
static void append_unread(struct cmdline *words)
{
	struct cmdline unread;

	cmdline_split(&unread, NO_SHELL, strlen(NO_SHELL));
	unread.word[0].assumed = true;
	cmdline_append(words, &unread);
}

/* Whether the output takes the guest's name. While a file is still to be read, which may give
 * another of both, that is not known. */
static bool name_fits(const struct config *config, bool complete)
{
	AUTO_FREE char *wrong = config->name && complete ?
					output_name_judge(config->output_type, config->name) :
					NULL;

	if (wrong)
		log_error("'p2v.guestname' is wrong: %s", wrong);
	return !wrong;
}

int defaults_config(struct config *config, const char *directory, const struct cmdline *file,
		    const char *cmdline, const struct cmdline *client)
{
	AUTO_FREE char *path = text_format("%s/parameters", directory);
	struct cmdline words, own;
	int r = read_words(&words, path);

	cmdline_split(&own, cmdline, strlen(cmdline));
	if (r == -EINVAL || (!file && (names_file(&words) || names_file(&own))))
		append_unread(&words);
	if (file)
		cmdline_append_copy(&words, file);
	cmdline_append(&words, &own);
	if (client)
		cmdline_append_copy(&words, client);
	config_init(config);
	if (config_read(config, &words) < 0 || !name_fits(config, file || !config->configuration))
		r = -EINVAL;
	cmdline_clear(&words);
	take_files(config, directory);
	return r == -EINVAL ? r : 0;
}

/* Whether every word is a parameter. */
static bool all_known(const struct cmdline *words)
{
	bool known = true;

	for (size_t i = 0; i < words->count; i++)
		known = parameter_find(words->word[i].name) && known;
	return known;
}

int defaults_check(const char *path, FILE *stream)
{
	struct cmdline words;
	struct config config;
	int r = read_words(&words, path);

	if (r == -ENOENT)
		log_error("cannot read the parameters in '%s': %s", path, strerror(ENOENT));
	if (r < 0)
		return -EINVAL;
	config_init(&config);
	if (config_read(&config, &words) < 0 || !all_known(&words) ||
	    !name_fits(&config, !config.configuration))
		r = -EINVAL;
	config_print(&config, &words, stream);
	config_clear(&config);
	cmdline_clear(&words);
	return r;
}
