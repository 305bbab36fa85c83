// SPDX-License-Identifier: GPL-2.0-or-later
/* What stays of a conversion when p2vd dies. */
#include "conversion/run_record.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-json.h>
#include <unistd.h>

#define BYTES_MOST (1U << 20)
#define NAME "conversion.json"

char *run_record_config(const struct config *config)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	if (!file)
		abort(); /* no memory */
	config_print(config, NULL, file);
	fclose(file);
	return text;
}

char *run_record_disks(const struct disks *disks)
{
	AUTO_LIST char **lines = NULL;

	for (size_t i = 0; i < disks->count; i++)
		list_append(&lines, text_format("%s %" PRIu64 " %s\n", disks->disk[i].path,
						disks->disk[i].size, disks->disk[i].serial ?: ""));
	return list_join(lines, "");
}

static sd_json_variant *to_json(const struct run_record *record)
{
	sd_json_variant *json = json_object();

	json_put_text(&json, "config", record->config);
	json_put_text(&json, "disks", record->disks);
	json_put_text(&json, "server", record->server);
	json_put_text(&json, "unique", record->unique);
	json_put_text(&json, "workdir", record->workdir);
	json_put_text(&json, "guest", record->guest);
	if (record->version)
		json_put_text(&json, "version", record->version);
	json_put_truth(&json, "sockets", record->sockets);
	json_put_number(&json, "tunnels", record->tunnels);
	json_put_number(&json, "started", record->started);
	json_put_number(&json, "told", record->told);
	json_put_number(&json, "try", record->try);
	if (record->failure)
		json_put_text(&json, "failure", record->failure);
	if (record->boot)
		json_put_text(&json, "boot", record->boot);
	json_put(&json, "before", json_texts(record->before));
	return json;
}

/* By a new name, so that a p2vd that is killed meanwhile leaves a whole one. */
void run_record_write(struct run_record *record, const char *directory)
{
	AUTO_FREE char *path = text_format("%s/" NAME, directory);
	AUTO_FREE char *other = text_format("%s.new", path);
	sd_json_variant *json = to_json(record);
	FILE *file = fopen(other, "we");
	bool written = file && sd_json_variant_dump(json, SD_JSON_FORMAT_NEWLINE, file, NULL) >= 0;

	if (file && fclose(file) != 0)
		written = false;
	written = written && rename(other, path) == 0;
	if (!written && !record->unwritten)
		log_warning("'%s' cannot be written, so if p2vd crashes the conversion begins anew: %s",
			    path, strerror(errno));
	record->unwritten = !written;
	sd_json_variant_unref(json);
}

static int dispatch(sd_json_variant *json, struct run_record *record)
{
#define MEMBER(name) offsetof(struct run_record, name)
	static const sd_json_dispatch_field table[] = {
		{ "config", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(config),
		  SD_JSON_MANDATORY },
		{ "disks", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(disks),
		  SD_JSON_MANDATORY },
		{ "server", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(server), 0 },
		{ "unique", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(unique),
		  SD_JSON_MANDATORY },
		{ "workdir", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(workdir),
		  SD_JSON_MANDATORY },
		{ "guest", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(guest),
		  SD_JSON_MANDATORY },
		{ "version", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(version), 0 },
		{ "sockets", SD_JSON_VARIANT_BOOLEAN, sd_json_dispatch_stdbool, MEMBER(sockets),
		  SD_JSON_MANDATORY },
		{ "tunnels", SD_JSON_VARIANT_UNSIGNED, sd_json_dispatch_uint64, MEMBER(tunnels),
		  SD_JSON_MANDATORY },
		{ "started", SD_JSON_VARIANT_UNSIGNED, sd_json_dispatch_uint64, MEMBER(started),
		  SD_JSON_MANDATORY },
		{ "told", SD_JSON_VARIANT_UNSIGNED, sd_json_dispatch_uint64, MEMBER(told),
		  SD_JSON_MANDATORY },
		{ "try", SD_JSON_VARIANT_UNSIGNED, sd_json_dispatch_uint64, MEMBER(try),
		  SD_JSON_MANDATORY },
		{ "failure", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(failure), 0 },
		{ "before", SD_JSON_VARIANT_ARRAY, sd_json_dispatch_strv, MEMBER(before), 0 },
		{ "boot", SD_JSON_VARIANT_STRING, sd_json_dispatch_string, MEMBER(boot), 0 },
		{ 0 },
	};

	return sd_json_dispatch(json, table, SD_JSON_ALLOW_EXTENSIONS, record);
}

bool run_record_read(struct run_record *record, const char *directory)
{
	AUTO_FREE char *path = text_format("%s/" NAME, directory);
	size_t length = 0;
	AUTO_FREE char *text = file_read(path, BYTES_MOST, &length);
	sd_json_variant *json = NULL;
	int r;

	*record = (struct run_record){ 0 };
	if (!text)
		return false;
	r = sd_json_parse(text, SD_JSON_PARSE_SENSITIVE, &json, NULL, NULL);
	if (r >= 0)
		r = dispatch(json, record);
	sd_json_variant_unref(json);
	if (r >= 0)
		return true;
	log_warning("'%s' cannot be read: %s", path, strerror(-r));
	run_record_clear(record);
	return false;
}

bool run_record_exists(const char *directory)
{
	AUTO_FREE char *path = text_format("%s/" NAME, directory);

	return access(path, F_OK) == 0;
}

void run_record_remove(const char *directory)
{
	AUTO_FREE char *path = text_format("%s/" NAME, directory);

	unlink(path);
}

void run_record_clear(struct run_record *record)
{
	free(record->config);
	free(record->disks);
	free(record->server);
	free(record->unique);
	free(record->workdir);
	free(record->guest);
	free(record->version);
	free(record->failure);
	list_free(record->before);
	free(record->boot);
	*record = (struct run_record){ 0 };
}
