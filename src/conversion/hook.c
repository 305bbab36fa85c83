// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's own commands. */
#include "conversion/hook.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <sys/wait.h>

struct hook {
	const char *name;
	struct child *child;
	char *trouble; /* why the command could not be started, or NULL */
	sd_event_source *report;
	void (*done)(void *user, const char *reason);
	void *user;
};

static void on_line(void *user, const char *line)
{
	const struct hook *hook = user;

	log_notice("%s: %s", hook->name, line);
}

static void on_ended(void *user, int status)
{
	struct hook *hook = user;
	AUTO_FREE char *reason = NULL;

	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		AUTO_FREE char *how = child_status_text(status);

		reason = text_format("the command of %s failed: %s", hook->name, how);
	}
	hook->done(hook->user, reason);
}

static int on_report(sd_event_source *source, void *user)
{
	struct hook *hook = user;

	(void)source;
	hook->done(hook->user, hook->trouble);
	return 0;
}

struct hook *hook_start(sd_event *event, const char *name, const char *command,
			char *const *environment, void (*done)(void *user, const char *reason),
			void *user)
{
	const char *const argv[] = { "sh", "-c", command, NULL };
	struct hook *hook = memory_zero(1, sizeof(*hook));

	*hook = (struct hook){ .name = name, .done = done, .user = user };
	if (child_start(event,
			&(struct child_options){ .argv = argv,
						 .environment = environment,
						 .line = on_line,
						 .ended = on_ended,
						 .user = hook },
			&hook->child, &hook->trouble) < 0)
		sd_event_add_defer(event, &hook->report, on_report, hook);
	return hook;
}

void hook_free(struct hook *hook)
{
	if (!hook)
		return;
	sd_event_source_disable_unref(hook->report);
	child_free(hook->child);
	free(hook->trouble);
	free(hook);
}
