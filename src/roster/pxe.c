// SPDX-License-Identifier: GPL-2.0-or-later
/* p2v-pxe(8), called for what it does better. */
#include "roster/pxe.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"

#include <limits.h>
#include <string.h>
#include <sys/wait.h>

char *pxe_program(void)
{
	static const char *const places[] = { "p2v-pxe", "../pxe/p2v-pxe" };
	char self[PATH_MAX] = "";
	const char *slash;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return text_copy("p2v-pxe");
	slash = strrchr(self, '/');

	for (size_t i = 0; slash && i < COUNT(places); i++) {
		AUTO_FREE char *path = text_format("%.*s/%s", (int)(slash - self), self, places[i]);

		if (access(path, X_OK) == 0)
			return steal(path);
	}
	return text_copy("p2v-pxe");
}

/* Its output is ours, on standard error: standard output is for JSON. Returns its exit code. */
static int run(char *const *argv)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[0], argv);
		desk_say("cannot run '%s': %m: name p2v-pxe with --p2v-pxe=FILE", argv[0]);
		_exit(DESK_UNREACHABLE);
	}
	if (pid < 0 || TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) < 0 || !WIFEXITED(status))
		return DESK_UNREACHABLE;
	/* Its 1 is for diff alone. */
	return WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 2 ? WEXITSTATUS(status) :
								      DESK_UNREACHABLE;
}

/* p2v-pxe OPTION… COMMAND WORD… */
static int call(const struct desk *desk, const char *command, char *const *words)
{
	AUTO_LIST char **argv = NULL;
	sd_json_variant *answer = NULL;
	int code;

	list_append(&argv, text_copy(desk->p2v_pxe));
	list_append(&argv, text_format("--tree=%s", desk->tree));
	list_append(&argv, text_format("--machines=%s", desk->machines));
	if (desk->name)
		list_append(&argv, text_format("--name=%s", desk->name));
	list_append(&argv, text_copy(command));
	for (char *const *word = words; *word; word++)
		list_append(&argv, text_copy(*word));
	code = run(argv);
	json_put_text(&answer, "command", command);
	json_put(&answer, "machines", json_texts(words));
	json_put_truth(&answer, "done", code == DESK_DONE);
	screen_json(desk->screen, answer, false);
	sd_json_variant_unref(answer);
	return code;
}

/* Appends the address of the machine that @word means, or of all that have failed. What
 * p2v-fleetd does not know, p2v-pxe may know all the same. */
static void resolve(sd_json_variant *document, const char *word, char ***macs)
{
	AUTO_FREE char *none = NULL;
	sd_json_variant *machine;

	if (strcmp(word, "failed") != 0) {
		machine = roster_find(document, word, &none);
		list_append(macs, text_copy(machine ? field_text(machine, "mac") : word));
		return;
	}
	for (size_t i = 0; i < field_count(document, "machines"); i++) {
		const char *group;

		machine = field_element(document, "machines", i);
		group = field_text(machine, "group") ?: "";
		if (!strcmp(group, "failed") || !strcmp(group, "given up"))
			list_append(macs, text_copy(field_text(machine, "mac")));
	}
}

static int call_for_machines(const struct desk *desk, const char *command)
{
	const bool failed = list_contains(desk->words, "failed");
	AUTO_FREE char *reason = NULL;
	AUTO_LIST char **macs = NULL;
	sd_json_variant *document = NULL;

	if (roster_get(desk->control, ROSTER_MACHINES, &document, &reason) < 0 && failed) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	for (char *const *word = desk->words; *word; word++)
		resolve(document, *word, &macs);
	sd_json_variant_unref(document);
	if (macs)
		return call(desk, command, macs);
	desk_say("no machine has failed");
	return DESK_DONE;
}

int pxe_again(const struct desk *desk)
{
	return call_for_machines(desk, "again");
}

/* For p2v-fleetd such a machine is not converted, but skipped. */
static void tell_skipped(const struct desk *desk)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *document = NULL;
	int r = roster_get(desk->control, ROSTER_MACHINES, &document, &reason);

	for (char *const *word = desk->words; *word && r == 0; word++) {
		AUTO_FREE char *none = NULL;
		sd_json_variant *machine = roster_find(document, *word, &none), *body = NULL;

		json_put_truth(&body, "skipped", true);
		r = roster_tell(desk->control, machine ? field_text(machine, "mac") : *word, body,
				&reason);
	}
	sd_json_variant_unref(document);
	if (r < 0)
		desk_say("warning: p2v-fleetd and its page do not know of it: %s", reason);
}

/* What was converted by other means, or shall not be, starts its own disk as one that is done. */
int pxe_skip(const struct desk *desk)
{
	int code;

	if (list_contains(desk->words, "failed")) {
		desk_say("'skip failed' is not known: name the machines");
		return DESK_WRONG;
	}
	code = call_for_machines(desk, "done");
	if (code == DESK_DONE)
		tell_skipped(desk);
	return code;
}

int pxe_adopt(const struct desk *desk)
{
	return call(desk, "adopt", desk->words);
}
