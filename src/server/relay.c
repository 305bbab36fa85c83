// SPDX-License-Identifier: GPL-2.0-or-later
/* p2v-relay for the conversion server. */
#include "server/relay.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "server/script.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In scripts.S. */
extern const char relay_bytes[];
extern const uint64_t relay_size;

const char *relay_program(size_t *length)
{
	*length = (size_t)relay_size;
	return relay_bytes;
}

char *relay_obstacle(const struct server *server)
{
	size_t length;

	relay_program(&length);
	if (!length)
		return text_copy("this p2vd was built without p2v-relay, for which a static C library is needed");
	if (server->version && server->version_major < 2)
		return text_format("virt-v2v %s reads disks by programs that may run as another user: install 2.0 or later",
				   server->version);
	return NULL;
}

char *relay_substitute(const struct config *config, char *const *disks)
{
	AUTO_FREE char *patience = text_format("%u", config->reconnect_timeout);
	struct script_value value = { "patience", patience };

	return script_render(SCRIPT_SUBSTITUTE, &value, 1, disks);
}

void relay_add_options(char ***arguments, const struct config *config)
{
	list_append(arguments, text_format("--patience=%u", config->reconnect_timeout));
	if (config->bandwidth)
		list_append(arguments, text_format("--bandwidth=%" PRIu64, config->bandwidth));
	if (config->bad_sectors == BAD_SECTORS_ZERO) {
		list_append(arguments, text_copy("--zero-bad"));
		list_append(arguments, text_format("--bad-max=%u", config->bad_sectors_max));
	}
}

bool relay_read_ports(const char *answer, uint16_t *ports, size_t count)
{
	size_t found = 0;

	while (*answer) {
		int end = 0;
		unsigned port;

		if (sscanf(answer, "port %5u%n", &port, &end) != 1 || !port || port > UINT16_MAX ||
		    found == count)
			return false;
		ports[found++] = (uint16_t)port;
		answer += end;
		if (*answer && *answer++ != '\n')
			return false;
	}
	return found == count;
}

char *relay_read_substitute(const char **answer)
{
	static const char word[] = "substitute ";
	const char *reason = *answer + strlen(word);
	size_t length;

	if (!text_begins(*answer, word))
		return NULL;
	length = strcspn(reason, "\n");
	*answer = reason + length + (reason[length] == '\n');
	return text_copy_length(reason, length);
}

bool relay_read_report(const char *line, struct relay_report *report)
{
	int end = 0;

	*report = (struct relay_report){ .complete = !strcmp(line, "complete") };
	if (report->complete || !strcmp(line, "incomplete"))
		return true;
	report->of_disk = true;
	return strspn(line, "disk 0123456789") == strlen(line) &&
	       sscanf(line, "disk %5zu %19" SCNu64 " %19" SCNu64 "%n", &report->disk, &report->used,
		      &report->fetched, &end) == 3 &&
	       !line[end];
}

const char *relay_read_refusal(const char *answer)
{
	static const char word[] = "no-relay ";

	return text_begins(answer, word) ? answer + strlen(word) : answer;
}
