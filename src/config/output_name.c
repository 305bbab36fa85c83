// SPDX-License-Identifier: GPL-2.0-or-later
/* Which names of guests the output modes take, and a name that would do. */
#include "config/output_name.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LABEL_MAX 63 /* characters between two dots, RFC 1123 */

/* Whether the character of @length bytes of UTF-8 may be in a name. */
typedef bool (*allows_t)(const char *text, size_t length);

static bool is_one_of(const char *text, size_t length, const char *others)
{
	return length == 1 && (isalnum((unsigned char)*text) || strchr(others, *text));
}

/*
 * oVirt: letters of any script, ASCII digits, and these. Beyond ASCII, where we have no table
 * of letters: no signs of Latin-1, no accents apart from their letter, no punctuation, arrows,
 * symbols and emoji.
 */
static bool ovirt_allows(const char *text, size_t length)
{
	static const struct {
		const char *first, *last; /* the bytes of UTF-8 sort as the code points do */
	} none[] = {
		{ "\xc2\x80", "\u00a9" }, { "\u00ab", "\u00b4" }, { "\u00b6", "\u00b9" },
		{ "\u00bb", "\u00bf" },   { "\u00d7", "\u00d7" }, { "\u00f7", "\u00f7" },
		{ "\u0300", "\u036f" },   { "\u2000", "\u2bff" }, { "\u3000", "\u3004" },
		{ "\ufe00", "\ufe6f" },   { "\uff01", "\uff20" }, { "\U0001f000", "\U0001faff" },
	};
	AUTO_FREE char *one = text_copy_length(text, length);

	for (size_t i = 0; i < COUNT(none); i++)
		if (strcmp(one, none[i].first) >= 0 && strcmp(one, none[i].last) <= 0)
			return false;
	return length > 1 || is_one_of(text, length, "_-.");
}

/* Kubernetes: RFC 1123, in lower case. */
static bool kubernetes_allows(const char *text, size_t length)
{
	return is_one_of(text, length, "-.") && !isupper((unsigned char)*text);
}

/* OpenStack: nova and glance refuse what UTF-8 writes in four bytes. */
static bool openstack_allows(const char *text, size_t length)
{
	(void)text;
	return length < 4;
}

static const struct rule {
	const char *modes; /* of virt-v2v -o, each between spaces */
	const char *who, *takes;
	allows_t allows;
	bool is_domain_name; /* each part between dots is a label of RFC 1123 */
} rules[] = {
	{ " rhv rhv-upload ovirt ovirt-upload ", "oVirt", "letters, digits, '_', '-' and '.'",
	  ovirt_allows, false },
	{ " kubevirt ", "KubeVirt", "lower-case letters, digits, '-' and '.'", kubernetes_allows,
	  true },
	{ " openstack glance ", "OpenStack", "characters up to U+FFFF", openstack_allows, false },
};

static const struct rule *find_rule(const char *mode)
{
	AUTO_FREE char *word = text_format(" %s ", mode);

	for (size_t i = 0; i < COUNT(rules); i++)
		if (strstr(rules[i].modes, word))
			return &rules[i];
	return NULL;
}

/* Makes each part between dots at most LABEL_MAX long, without a dash at an end. */
static void make_domain_name(char *name)
{
	char *to = name;

	for (const char *from = name; *from;) {
		size_t length = strcspn(from, "."), kept = length;
		const char *next = from + length + (from[length] == '.');
		size_t dashes = strspn(from, "-");

		from += dashes < kept ? dashes : kept;
		kept -= dashes < kept ? dashes : kept;
		kept = kept > LABEL_MAX ? LABEL_MAX : kept;
		while (kept && from[kept - 1] == '-')
			kept--;
		if (kept && to > name)
			*to++ = '.';
		memmove(to, from, kept);
		to += kept;
		from = next;
	}
	*to = '\0';
}

/* A name like @name that the mode takes. The caller frees. */
static char *fit(const struct rule *rule, const char *name)
{
	char *fitting = memory_zero(strlen(name) + 1, 1), *end = fitting;

	for (size_t length; *name; name += length) {
		char small = (char)tolower((unsigned char)*name);

		length = text_utf8_length(name);
		if (rule->allows(name, length))
			end = mempcpy(end, name, length);
		else if (rule->allows(&small, 1) && isalpha((unsigned char)small))
			*end++ = small;
		else if (end > fitting && end[-1] != '-')
			*end++ = '-';
	}
	while (end > fitting && end[-1] == '-')
		*--end = '\0';
	if (rule->is_domain_name)
		make_domain_name(fitting);
	if (*fitting)
		return fitting;
	free(fitting);
	return text_copy("web-1");
}

/* What is wrong with the parts of a domain name; NULL for nothing. */
static char *judge_labels(const char *name)
{
	for (size_t length; *name; name += length + (name[length] == '.')) {
		length = strcspn(name, ".");
		if (!length || *name == '-' || name[length - 1] == '-' ||
		    (name[length] && !name[length + 1]))
			return text_copy("has a '-' or another '.' beside a '.', or at an end");
		if (length > LABEL_MAX)
			return text_format("has more than %d characters between two dots",
					   LABEL_MAX);
	}
	return NULL;
}

/* The first character that is not allowed, and else the first part; NULL for nothing. */
static char *find_wrong(const struct rule *rule, const char *name)
{
	for (size_t length; *name; name += length) {
		length = text_utf8_length(name);
		if (!rule->allows(name, length))
			return text_format("holds '%.*s'", (int)length, name);
	}
	return NULL;
}

char *output_name_judge(const char *mode, const char *name)
{
	const struct rule *rule = find_rule(mode);
	AUTO_FREE char *wrong = NULL;
	AUTO_FREE char *fitting = NULL;

	if (!rule)
		return NULL;
	wrong = find_wrong(rule, name);
	if (!wrong && rule->is_domain_name)
		wrong = judge_labels(name);
	if (!wrong)
		return NULL;
	fitting = fit(rule, name);
	return text_format("'%s' %s, and %s (-o %s) takes only %s in a guest's name: give one like '%s'",
			   name, wrong, rule->who, mode, rule->takes, fitting);
}
