// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user asked for, read by the table of parameters. Only tell_surprises() knows
 * parameters by their names. */
#include "config/config.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "cmdline/look_alike.h"
#include "cmdline/network_words.h"
#include "config/keymap_words.h"
#include "config/parameters.h"
#include "config/secret_words.h"
#include "config/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* As PARAMETER_WORD and PARAMETER_CHOICE are written. */
_Static_assert(sizeof(enum allocation) == sizeof(unsigned), "");
_Static_assert(sizeof(enum rtc_basis) == sizeof(unsigned), "");
_Static_assert(sizeof(enum console_view) == sizeof(unsigned), "");

static char *check(const struct parameter *parameter, const char *text)
{
	return value_check_text(text) ?: (parameter->check ? parameter->check(text) : NULL);
}

static char *set_text(const struct parameter *parameter, char **text, const char *value)
{
	char *reason = *value ? check(parameter, value) : NULL;

	if (reason)
		return reason;
	secret_free(*text);
	*text = parameter->type == PARAMETER_SERVER ? value_server_plain(value) : text_copy(value);
	return NULL;
}

static char *set_list(const struct parameter *parameter, char ***list, const char *value)
{
	char **items = NULL;
	char *reason = NULL;

	if (*value)
		reason = value_list(value, parameter->commas, &items);
	else
		items = memory_zero(1, sizeof(*items)); /* none, and not all */
	for (size_t i = 0; !reason && items[i]; i++)
		reason = check(parameter, items[i]);
	if (!reason && parameter->check_list)
		reason = parameter->check_list(items);
	list_free(reason ? items : *list);
	if (!reason)
		*list = items;
	return reason;
}

static char *set_number(const struct parameter *parameter, void *target, const char *value)
{
	const uint64_t minimum = parameter->minimum, maximum = parameter->maximum;
	bool is_bytes = parameter->type == PARAMETER_BYTES;
	bool is_time = parameter->type == PARAMETER_SECONDS;
	uint64_t number = 0;
	char *reason = is_bytes ? value_bytes(value, minimum, maximum, &number) :
		       is_time  ? value_seconds(value, minimum, maximum, &number) :
				  value_number(value, minimum, maximum, &number);

	if (!reason && is_bytes)
		*(uint64_t *)target = number;
	else if (!reason)
		*(unsigned *)target = (unsigned)number;
	return reason;
}

/* Sets one parameter; NULL, or what would be right (the caller frees). */
static char *set(struct config *config, const struct parameter *parameter, const char *value)
{
	void *target = parameter_member(parameter, config);
	bool yes = false;
	char *reason;

	switch (parameter->type) {
	case PARAMETER_BOOLEAN:
		return value_boolean(value, target);
	case PARAMETER_CHOICE:
		reason = value_boolean(value, &yes);
		if (!reason)
			*(enum choice *)target = yes ? CHOICE_YES : CHOICE_NO;
		return reason;
	case PARAMETER_WORD:
		return value_word(value, parameter->words, target);
	case PARAMETER_NUMBER:
	case PARAMETER_SECONDS:
	case PARAMETER_BYTES:
		return set_number(parameter, target, value);
	case PARAMETER_HOURS:
		reason = value_hours(value, target);
		config->rtc_offset_given = config->rtc_offset_given || !reason;
		return reason;
	case PARAMETER_SERVER:
	case PARAMETER_TEXT:
		return set_text(parameter, target, value);
	case PARAMETER_LIST:
		return set_list(parameter, target, value);
	}
	abort();
}

void config_init(struct config *config)
{
	*config = (struct config){ 0 };
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++)
		if (parameter->default_value && set(config, parameter, parameter->default_value))
			abort(); /* the table is wrong */
}

void config_clear(struct config *config)
{
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++)
		if (parameter->type == PARAMETER_LIST)
			list_free(*(char ***)parameter_member(parameter, config));
		else if (parameter->type == PARAMETER_TEXT || parameter->type == PARAMETER_SERVER)
			secret_free(*(char **)parameter_member(parameter, config));
	*config = (struct config){ 0 };
}

/* "'p2v.port'", and which line of which file it stands in. */
static char *place(const struct cmdline_word *word)
{
	AUTO_FREE char *file = word->file ? text_format("'%s'", word->file) :
					    text_copy("the configuration file");

	return word->line ? text_format("'%.80s' (line %u of %s)", word->name, word->line, file) :
			    text_format("'%.80s'", word->name);
}

static void warn_unknown(const struct cmdline_word *word)
{
	AUTO_FREE char *where = place(word);
	AUTO_FREE char *why = parameter_unknown(word->name);

	log_warning("%s %s", where, why);
}

/* Whether a text, as a reader sees it, names p2v.shell. */
static bool mentions_shell(const char *text)
{
	AUTO_FREE char *plain = text ? look_alike_plain(text) : NULL;

	return plain && strcasestr(plain, "p2v.shell");
}

/* What may have been meant to forbid the shell forbids it: p2v.shell with a slip in its name or
 * value, and one that a quote or a comma has made a part of another value. */
static void mind_shell(struct config *config, const struct cmdline_word *word,
		       const struct parameter *parameter)
{
	const struct parameter *meant = parameter_meant(word->name);
	bool is_unknown = !parameter && parameter_resembles(word->name);

	if ((meant && parameter_member(meant, config) == &config->shell) ||
	    (is_unknown && strcasestr(word->name, "shell")) ||
	    ((parameter || is_unknown) && mentions_shell(word->value)))
		config->shell = false;
}

/* "p2v.shell =no" are two words, and the first alone means yes. In a file they are refused. */
static bool judge_gap(const struct cmdline_word *word)
{
	if (!word->gap || (!parameter_resembles(word->name) && !network_words_knows(word->name)))
		return true;
	log_error("'%.80s' has a blank before its =: leave the blank out", word->name);
	return false;
}

/* A quote that is never closed hides the words that follow it. */
static void judge_unclosed(struct config *config, const struct cmdline *words)
{
	size_t count = words->count;
	const struct cmdline_word *last;

	while (count && words->word[count - 1].of_client)
		count--;
	if (!words->unclosed || !count)
		return;
	last = &words->word[count - 1];
	log_warning("a double quote is never closed: everything after it belongs to '%.80s'",
		    last->name);
	if (last->value && strstr(last->value, PARAMETER_PREFIX))
		config->shell = false;
}

/* Whether a later word is for the same parameter. */
static bool overridden(const struct cmdline *cmdline, size_t index,
		       const struct parameter *parameter)
{
	for (size_t i = index + 1; i < cmdline->count; i++)
		if (parameter_find(cmdline->word[i].name) == parameter)
			return true;
	return false;
}

static enum origin origin_of(const struct cmdline_word *word)
{
	if (word->assumed)
		return ORIGIN_BUILTIN;
	if (word->line)
		return word->file ? ORIGIN_IMAGE : ORIGIN_FILE;
	return word->of_client ? ORIGIN_CLIENT : ORIGIN_CMDLINE;
}

/* One p2v.* word; false when its value is wrong. */
static bool take(struct config *config, const struct parameter *parameter,
		 const struct cmdline_word *word)
{
	bool is_boolean = parameter->type == PARAMETER_BOOLEAN ||
			  parameter->type == PARAMETER_CHOICE;
	bool is_text = parameter->type >= PARAMETER_SERVER;
	AUTO_FREE char *where = place(word);
	AUTO_FREE char *reason = NULL;

	if (!word->value && !is_boolean) {
		log_error("%s has no value: give %s=%s", where, word->name, parameter->form);
		return false;
	}
	if (word->value && !*word->value && !parameter->empty) {
		log_error("%s is empty: give %s=%s, or leave it out for the default", where,
			  word->name, parameter->form);
		return false;
	}
	reason = set(config, parameter, word->value ? word->value : "yes");
	if (!reason) {
		config->origin[parameter_index(parameter)] = (unsigned char)origin_of(word);
		return true;
	}
	/* A text may be secret: its own sentence quotes it where it is not. */
	if (is_text)
		log_error("%s is wrong: %s", where, reason);
	else
		log_error("%s cannot be '%.80s': %s", where, word->value, reason);
	return false;
}

static bool is_unencrypted(const char *url)
{
	return url && strncasecmp(url, "https:", 6) && strncasecmp(url, "file:", 5);
}

/* What is allowed, but may not be what the user expects. */
static void tell_surprises(const struct config *config)
{
	if (config->password && config->identity)
		log_notice("'p2v.auth.password' is ignored unless the server wants it after the key: 'p2v.auth.identity.url' is given");
	if (config->key && config->identity)
		log_notice("'p2v.auth.identity.url' is ignored: 'p2v.auth.identity.key' is given");
	if (config->phys_topo && config->vcpus)
		log_notice("'p2v.vcpu.cores' is ignored: 'p2v.vcpu.phys_topo' is given");
	if (is_unencrypted(config->identity))
		log_notice("the private key crosses the network unencrypted: use https");
	if (is_unencrypted(config->configuration))
		log_notice("the configuration crosses the network unencrypted, where others can read and change it: use https");
}

/* A word that sets up the network: what the image's NetworkManager cannot read there, it
 * does not report. In a file such a word has no effect. */
static bool judge_network(const struct cmdline *words, const struct cmdline_word *word)
{
	AUTO_FREE char *reason = word->line ? NULL : network_words_judge(word->name, word->value);
	AUTO_FREE char *warning = network_words_warning(words, word);

	if (reason)
		log_error("'%s=%.80s' is wrong: %s", word->name, word->value, reason);
	/* Of a wrong word, too: an unknown option may be the reason. */
	if (warning)
		log_warning("'%s%s%.80s' %s", word->name, word->value ? "=" : "", word->value ?: "",
			    warning);
	return !reason;
}

/* What a word is called when it may be the rest of a password that was cut in two. */
static char *number_in(const struct cmdline *words, const struct cmdline_word *word)
{
	size_t number = 1;

	for (const struct cmdline_word *one = words->word; one < word; one++)
		number += one->line == 0;
	return text_format("word %zu of the command line", number);
}

/* Whether a reader may take a name for one of p2vd's words, the network's, or others that the
 * image obeys. */
static bool looks_ours(const char *name)
{
	static const char *const others[] = { "rd.net.", "rd.iscsi.",       "rd.multipath",
					      "netroot", "vconsole.keymap", "rd.vconsole.keymap" };
	AUTO_FREE char *plain = look_alike_plain(name);
	bool ours = strcasestr(plain, "p2v") || parameter_resembles(name) ||
		    network_words_resembles(name);

	for (size_t i = 0; i < COUNT(others); i++)
		ours = ours || look_alike_length(name, others[i]);
	return ours;
}

/* Quotes and blanks that are none. Where one stands, a word may end or begin elsewhere than
 * its writer sees: so others' words are judged, too, as far as one of ours may be in them. */
static bool judge_characters(const struct cmdline *words, size_t index)
{
	const struct cmdline_word *word = &words->word[index];
	bool named = text_begins(word->name, PARAMETER_PREFIX) || network_words_knows(word->name);
	bool ours = named || (word->value && strcasestr(word->value, PARAMETER_PREFIX));
	char *of_name = looks_ours(word->name) ? look_alike_judge_name(word->name) :
						 look_alike_judge(word->name);
	char *wrong = of_name;
	/* A name that is wrong may have a secret in it. */
	AUTO_FREE char *where = named && !of_name ? place(word) : number_in(words, word);

	if (!wrong && ours)
		wrong = look_alike_judge(word->value);
	if (!wrong && named)
		wrong = look_alike_judge_quotes(words, index);
	if (wrong)
		log_error("%s is wrong: it %s", where, wrong);
	else if (named && word->value && look_alike_is_quoted(word->value))
		log_warning("the quotes at both ends of %s are taken for a part of the value: only the keyboard's \" quotes",
			    where);
	free(wrong);
	return !wrong;
}

int config_read(struct config *config, const struct cmdline *words)
{
	bool good = true;

	secret_words_register(words);
	for (size_t i = 0; i < words->count; i++) {
		const struct cmdline_word *word = &words->word[i];
		const struct parameter *parameter = parameter_find(word->name);

		if (!parameter || !overridden(words, i, parameter))
			mind_shell(config, word, parameter);
		if (!judge_gap(word)) {
			good = false;
		} else if (!judge_characters(words, i)) {
			good = false;
			if (mentions_shell(word->name) || mentions_shell(word->value))
				config->shell = false;
		} else if (!parameter_resembles(word->name))
			good = judge_network(words, word) && good;
		else if (!parameter)
			warn_unknown(word);
		else if (!overridden(words, i, parameter))
			good = take(config, parameter, word) && good;
	}
	judge_unclosed(config, words);
	keymap_words_take(config, words);
	if (good)
		tell_surprises(config);
	return good ? 0 : -EINVAL;
}
