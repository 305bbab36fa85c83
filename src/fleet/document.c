// SPDX-License-Identifier: GPL-2.0-or-later
/* A report of a machine, read. */
#include "fleet/document.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define SHORT_MOST 200 /* bytes of a name, a state, a path's beginning */
#define LONG_MOST 2000 /* of a reason */
#define DISKS_MOST 256
#define CHANGES_MOST 1000
#define WARNINGS_MOST 100

/* A member of @object, NULL if it is not there or null. */
static sd_json_variant *member(sd_json_variant *object, const char *key)
{
	sd_json_variant *value = object && sd_json_variant_is_object(object) ?
					 sd_json_variant_by_key(object, key) :
					 NULL;

	return value && !sd_json_variant_is_null(value) ? value : NULL;
}

/* The string @value, of at most @most bytes and in one line; NULL if it is none, or empty. */
static char *plain(sd_json_variant *value, size_t most)
{
	const char *text = value && sd_json_variant_is_string(value) ?
				   sd_json_variant_string(value) :
				   NULL;
	char *copy;

	if (!text || !*text)
		return NULL;
	copy = text_copy_length(text, most);
	/* What is cut must not end within a character: it would become ?. */
	while (strlen(copy) == most && most && (copy[most - 1] & 0x80))
		copy[--most] = '\0';
	for (char *c = copy; *c; c++)
		if (*c == '\t' || *c == '\n')
			*c = ' ';
	text_make_plain(copy);
	return copy;
}

static char *short_text(sd_json_variant *object, const char *key)
{
	return plain(member(object, key), SHORT_MOST);
}

static uint64_t number(sd_json_variant *object, const char *key, uint64_t unknown)
{
	sd_json_variant *value = member(object, key);
	uint64_t n;

	if (!value || !sd_json_variant_is_unsigned(value))
		return unknown;
	n = sd_json_variant_unsigned(value);
	return n < DOCUMENT_NUMBER_MOST ? n : DOCUMENT_NUMBER_MOST;
}

static bool is_true(sd_json_variant *value)
{
	return value && sd_json_variant_is_boolean(value) && sd_json_variant_boolean(value);
}

static bool is_word(sd_json_variant *value, const char *word)
{
	return value && sd_json_variant_is_string(value) &&
	       !strcmp(sd_json_variant_string(value), word);
}

static int64_t moment(sd_json_variant *object, const char *key)
{
	sd_json_variant *value = member(object, key);

	return value && sd_json_variant_is_string(value) ?
		       moment_read(sd_json_variant_string(value)) :
		       0;
}

/* The number of elements of @array that are looked at. */
static size_t elements(sd_json_variant *array, size_t most)
{
	size_t count = array && sd_json_variant_is_array(array) ? sd_json_variant_elements(array) :
								  0;

	return count < most ? count : most;
}

static void read_machine(struct document *document, sd_json_variant *machine)
{
	document->uuid = short_text(machine, "uuid");
	document->vendor = short_text(machine, "vendor");
	document->model = short_text(machine, "model");
	document->serial = short_text(machine, "serial");
	document->memory = number(machine, "memory", DOCUMENT_UNKNOWN);
}

static void read_disks(struct document *document, sd_json_variant *array)
{
	size_t count = elements(array, DISKS_MOST);

	for (size_t i = 0; i < count; i++) {
		sd_json_variant *object = sd_json_variant_by_index(array, i);
		struct document_disk disk = {
			.name = short_text(object, "name"),
			.size = number(object, "size", DOCUMENT_UNKNOWN),
			.used = number(object, "used",
				       number(member(object, "map"), "used", DOCUMENT_UNKNOWN)),
			.read = number(object, "read", DOCUMENT_UNKNOWN),
			.rate = number(object, "rate", DOCUMENT_UNKNOWN),
			.remaining = number(object, "remaining", DOCUMENT_UNKNOWN),
		};

		APPEND(document->disk, document->disks, disk);
	}
}

static void read_status(struct document *document, sd_json_variant *status)
{
	sd_json_variant *result = member(status, "result");
	sd_json_variant *code = member(result, "code");

	document->state = short_text(status, "state");
	document->step = short_text(status, "step");
	document->server = short_text(status, "server");
	document->guest = short_text(status, "guest");
	document->workdir = short_text(status, "workdir");
	document->inventory = is_word(member(status, "do"), "inventory") ||
			      is_true(member(result, "inventory"));
	document->elapsed = number(status, "elapsed", DOCUMENT_UNKNOWN);
	document->place = number(status, "place", DOCUMENT_UNKNOWN);
	document->try = number(status, "try", DOCUMENT_UNKNOWN);
	read_disks(document, member(status, "disks"));
	document->result = DOCUMENT_NO_RESULT;
	document->bytes = number(result, "bytes", DOCUMENT_UNKNOWN);
	document->test = is_true(member(result, "test"));
	if (code && sd_json_variant_is_integer(code)) {
		int64_t n = sd_json_variant_integer(code);

		document->result = n < 0 || n > 255 ? 255 : (int)n;
		document->reason = plain(member(result, "reason"), LONG_MOST);
	}
}

static void read_warnings(struct document *document, sd_json_variant *array)
{
	size_t count = elements(array, WARNINGS_MOST);

	for (size_t i = 0; i < count; i++) {
		char *text = plain(sd_json_variant_by_index(array, i), LONG_MOST);

		if (text)
			list_append(&document->warnings, text);
	}
}

/* Its disks stand in it, where the status has none. */
void document_take_found(struct document *document, sd_json_variant *found)
{
	sd_json_variant *hours = member(found, "hours");

	if (!found || !sd_json_variant_is_object(found) || document->found)
		return;
	document->inventory = true;
	document->found = sd_json_variant_ref(found);
	if (hours && sd_json_variant_is_number(hours) && sd_json_variant_real(hours) < 1e6)
		document->hours = sd_json_variant_real(hours);
	read_warnings(document, member(found, "warnings"));
	if (!document->disks)
		read_disks(document, member(found, "disks"));
}

static int compare_changes(const void *a, const void *b)
{
	const struct document_change *one = a, *other = b;

	return one->number < other->number ? -1 : one->number > other->number;
}

static int read_changes(struct document *document, sd_json_variant *data, char **reason)
{
	sd_json_variant *array = member(data, "changes");
	size_t count = elements(array, CHANGES_MOST);

	for (size_t i = 0; i < count; i++) {
		sd_json_variant *object = sd_json_variant_by_index(array, i);
		struct document_change change = {
			.number = number(object, "number", 0),
			.time = moment(object, "time"),
			.state = short_text(object, "state"),
			.reason = plain(member(object, "reason"), LONG_MOST),
		};

		APPEND(document->change, document->changes, change);
		if (!change.number || !change.state)
			return REFUSE(reason, EBADMSG, "a change has no number or no state");
	}
	if (document->changes)
		qsort(document->change, document->changes, sizeof(*document->change),
		      compare_changes);
	document->lost = number(data, "changesLost", 0);
	return 0;
}

static int read_data(sd_json_variant *data, struct document *document, char **reason)
{
	static const char *const left_out[] = { "changes", "changesLost", "inventory", NULL };

	*document = (struct document){ .result = DOCUMENT_NO_RESULT, .hours = -1 };
	if (!data || !sd_json_variant_is_object(data))
		return REFUSE(reason, EBADMSG, "the document has no object 'data'");
	document->run = short_text(data, "run");
	document->sequence = number(data, "sequence", 0);
	if (!document->run || !text_is_alphanumeric(document->run, "-_.") || !document->sequence)
		return REFUSE(reason, EBADMSG, "the document has no 'run' or no 'sequence'");
	read_machine(document, member(data, "machine"));
	read_status(document, member(data, "status"));
	document_take_found(document, member(data, "inventory"));
	document->data = sd_json_variant_ref(data);
	if (sd_json_variant_filter(&document->data, (char **)left_out) < 0)
		return REFUSE(reason, EBADMSG, "the document's data cannot be kept");
	return 0;
}

int document_of_data(sd_json_variant *data, struct document *document, char **reason)
{
	int r = read_data(data, document, reason);

	if (r < 0)
		document_clear(document);
	return r;
}

static void keep_member(sd_json_variant **data, sd_json_variant *before, const char *part,
			const char *key)
{
	sd_json_variant *value = member(member(before, part), key);
	sd_json_variant *object = member(*data, part);

	if (!value || !sd_json_variant_is_object(*data) ||
	    (object && !sd_json_variant_is_object(object)))
		return;
	sd_json_variant_ref(object);
	json_put(&object, key, sd_json_variant_ref(value));
	json_put(data, part, object);
}

void document_keep(struct document *document, struct document *before)
{
	const struct {
		const char *part, *key;
		char **own, **old;
	} words[] = {
		{ "status", "server", &document->server, &before->server },
		{ "status", "guest", &document->guest, &before->guest },
		{ "status", "workdir", &document->workdir, &before->workdir },
		{ "machine", "model", &document->model, &before->model },
		{ "machine", "vendor", &document->vendor, &before->vendor },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (!*words[i].own && *words[i].old) {
			*words[i].own = steal(*words[i].old);
			keep_member(&document->data, before->data, words[i].part, words[i].key);
		}
	if (!document->disks && before->disks) {
		document->disk = steal(before->disk);
		document->disks = before->disks;
		before->disks = 0;
		keep_member(&document->data, before->data, "status", "disks");
	}
}

static int read_event(sd_json_variant *event, struct document *document, char **reason)
{
	AUTO_FREE char *type = short_text(event, "type");
	sd_json_variant *data = member(event, "data");
	int r;

	if (!type || !text_begins(type, "io.p2vd."))
		return REFUSE(reason, EBADMSG, "the document is no report of p2vd");
	r = read_data(data, document, reason);
	if (r == 0)
		r = read_changes(document, data, reason);
	document->time = moment(event, "time");
	if (text_begins(type, "io.p2vd.inventory"))
		document->inventory = true;
	return r;
}

int document_read(const char *text, size_t length, struct document *document, char **reason)
{
	AUTO_FREE char *copy = text_copy_length(text, length);
	sd_json_variant *event = NULL;
	int r;

	*document = (struct document){ .result = DOCUMENT_NO_RESULT };
	if (length > DOCUMENT_MOST)
		return REFUSE(reason, EBADMSG, "the document is too long");
	if (strlen(copy) != length || sd_json_parse(copy, 0, &event, NULL, NULL) < 0)
		return REFUSE(reason, EBADMSG, "the document is no JSON");
	r = read_event(event, document, reason);
	sd_json_variant_unref(event);
	if (r < 0)
		document_clear(document);
	return r;
}

void document_clear(struct document *document)
{
	for (size_t i = 0; i < document->disks; i++)
		free(document->disk[i].name);
	for (size_t i = 0; i < document->changes; i++) {
		free(document->change[i].state);
		free(document->change[i].reason);
	}
	free(document->disk);
	free(document->change);
	free(document->run);
	free(document->uuid);
	free(document->vendor);
	free(document->model);
	free(document->serial);
	free(document->state);
	free(document->step);
	free(document->server);
	free(document->guest);
	free(document->workdir);
	free(document->reason);
	list_free(document->warnings);
	sd_json_variant_unref(document->found);
	sd_json_variant_unref(document->data);
	*document = (struct document){ .result = DOCUMENT_NO_RESULT };
}
