// SPDX-License-Identifier: GPL-2.0-or-later
/* The text in which an LVM2 volume group describes itself. */
#include "blocks/lvm_text.h"

#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 12

struct parser {
	const char *at, *end;
};

static bool parse_content(struct parser *parser, struct lvm_node *node, unsigned depth);

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_.+-", c));
}

static void skip_space(struct parser *parser)
{
	while (parser->at < parser->end) {
		if (*parser->at == '#')
			while (parser->at < parser->end && *parser->at != '\n')
				parser->at++;
		else if (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\n')
			parser->at++;
		else
			return;
	}
}

/* Whether @c comes next, which is then passed. */
static bool next_is(struct parser *parser, char c)
{
	skip_space(parser);
	if (parser->at == parser->end || *parser->at != c)
		return false;
	parser->at++;
	return true;
}

static char *word(struct parser *parser)
{
	const char *begin;

	skip_space(parser);
	begin = parser->at;
	while (parser->at < parser->end && is_word(*parser->at))
		parser->at++;
	return parser->at == begin ? NULL : text_copy_length(begin, (size_t)(parser->at - begin));
}

/* A number, or a string in quotes, in which a backslash comes before a quote. */
static char *single(struct parser *parser)
{
	char *text;
	size_t length = 0;

	if (!next_is(parser, '"'))
		return word(parser);
	text = memory_zero((size_t)(parser->end - parser->at) + 1, 1);
	while (parser->at < parser->end && *parser->at != '"') {
		if (*parser->at == '\\' && parser->at + 1 < parser->end)
			parser->at++;
		text[length++] = *parser->at++;
	}
	if (parser->at == parser->end) {
		free(text);
		return NULL;
	}
	parser->at++;
	return memory_resize(text, length + 1, 1);
}

static bool parse_value(struct parser *parser, struct lvm_node *node)
{
	char *text;
	bool several = next_is(parser, '[');

	node->value = memory_zero(1, sizeof(*node->value));
	if (several && next_is(parser, ']'))
		return true;
	do {
		text = single(parser);
		if (!text)
			return false;
		list_append(&node->value, text);
	} while (several && next_is(parser, ','));
	return !several || next_is(parser, ']');
}

static bool parse_one(struct parser *parser, struct lvm_node *node, unsigned depth)
{
	struct lvm_node child = { .key = word(parser) };
	bool good = false;

	if (!child.key)
		return false;
	if (next_is(parser, '='))
		good = parse_value(parser, &child);
	else if (depth < DEEPEST && next_is(parser, '{'))
		good = parse_content(parser, &child, depth + 1) && next_is(parser, '}');
	APPEND(node->child, node->children, child);
	return good;
}

static bool parse_content(struct parser *parser, struct lvm_node *node, unsigned depth)
{
	for (;;) {
		skip_space(parser);
		if (parser->at == parser->end || *parser->at == '}')
			return true;
		if (!parse_one(parser, node, depth))
			return false;
	}
}

struct lvm_node *lvm_text_parse(const char *text, size_t length)
{
	struct parser parser = { text, text + strnlen(text, length) };
	struct lvm_node *root = memory_zero(1, sizeof(*root));

	if (parse_content(&parser, root, 0) && parser.at == parser.end)
		return root;
	lvm_text_free(root);
	return NULL;
}

static void clear(struct lvm_node *node)
{
	for (size_t i = 0; i < node->children; i++)
		clear(node->child + i);
	free(node->child);
	free(node->key);
	list_free(node->value);
}

void lvm_text_free(struct lvm_node *node)
{
	if (node)
		clear(node);
	free(node);
}

const struct lvm_node *lvm_child(const struct lvm_node *node, const char *key)
{
	for (size_t i = 0; node && i < node->children; i++)
		if (!strcmp(node->child[i].key, key))
			return node->child + i;
	return NULL;
}

const char *lvm_value(const struct lvm_node *node, const char *key)
{
	const struct lvm_node *child = lvm_child(node, key);

	return child && list_length(child->value) == 1 ? child->value[0] : NULL;
}

bool lvm_is_number(const char *text, uint64_t *number)
{
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !*end && !errno;
}

bool lvm_number(const struct lvm_node *node, const char *key, uint64_t *number)
{
	return lvm_is_number(lvm_value(node, key), number);
}
