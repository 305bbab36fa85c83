// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages: to the console and to the journal. */
#include "base/log.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"

#include <systemd/sd-journal.h>

static struct {
	log_sink_t sink, capture;
	void *user, *capture_user;
	bool debug;
} log_state;

void log_set_sink(log_sink_t sink, void *user)
{
	log_state.sink = sink;
	log_state.user = user;
}

void log_set_debug(bool debug)
{
	log_state.debug = debug;
}

void log_capture(log_sink_t sink, void *user)
{
	log_state.capture = sink;
	log_state.capture_user = user;
}

static void log_line(int priority, const char *line)
{
	if (log_state.capture) {
		if (priority <= LOG_NOTICE)
			log_state.capture(log_state.capture_user, priority, line);
		return;
	}
	/* systemd sets JOURNAL_STREAM for its services. If somebody starts p2vd by hand,
	 * nothing is written to the journal of that host. */
	if (getenv("JOURNAL_STREAM"))
		sd_journal_print(priority, "%s", line);
	if (priority > LOG_NOTICE && !log_state.debug)
		return;
	if (log_state.sink)
		log_state.sink(log_state.user, priority, line);
	else
		fprintf(stderr, "p2vd: %s\n", line);
}

char *log_clean(const char *text)
{
	char *clean = secret_redact(text);

	/* After secret_redact(), which would not find a secret whose bytes were changed. */
	text_make_plain(clean);
	return clean;
}

void log_message(int priority, const char *format, ...)
{
	AUTO_FREE char *shown = NULL;
	int saved = errno;
	va_list arguments;
	char *line;

	va_start(arguments, format);
	line = text_format_arguments(format, arguments);
	va_end(arguments);
	shown = log_clean(line);
	secret_free(line);
	log_line(priority, shown);
	errno = saved;
}
