// SPDX-License-Identifier: GPL-2.0-or-later
/* A program that reads a file system. */
#include "blocks/tool.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "blocks/broker.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int tool_device(const struct inspection *inspection, char device[static TOOL_DEVICE], char **reason)
{
	int number = broker_ask(inspection->broker, inspection->piece);

	if (number < 0)
		return REFUSE(reason, -number, "no read-only device could be made of it: %s",
			      strerror(-number));
	snprintf(device, TOOL_DEVICE, BROKER_DEVICE "%d", number);
	return 0;
}

int tool_start(struct tool *tool, const char *const *argv, char **reason)
{
	int ends[2];

	*tool = (struct tool){ .name = argv[0] };
	tool->error = memfd_create("error", MFD_CLOEXEC);
	if (tool->error < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return REFUSE(reason, errno, "'%s' cannot be started: %s", argv[0],
			      strerror(errno));
	tool->pid = fork();
	if (tool->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		dup2(tool->error, STDERR_FILENO);
		close_range(STDERR_FILENO + 1, ~0U, 0);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	tool->out = fdopen(ends[0], "r");
	if (tool->pid < 0 || !tool->out)
		return REFUSE(reason, EAGAIN, "'%s' cannot be started", argv[0]);
	return 0;
}

char *tool_line(struct tool *tool)
{
	ssize_t length = getline(&tool->line, &tool->room, tool->out);

	if (length <= 0)
		return NULL;
	if (tool->line[length - 1] == '\n')
		tool->line[length - 1] = '\0';
	return tool->line;
}

static int stop(struct tool *tool)
{
	int status = -1;

	free(tool->line);
	fclose(tool->out);
	while (waitpid(tool->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static bool is_forgiven(const char *line, const char *const *forgiven)
{
	for (; forgiven && *forgiven; forgiven++)
		if (strstr(line, *forgiven))
			return true;
	return false;
}

/* The first line of @text that is not forgiven; NULL if all are. @any: whether there are some that
 * are. */
static char *complaint(char *text, const char *const *forgiven, bool *any)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!is_forgiven(line, forgiven))
			return line;
		*any = true;
	}
	return NULL;
}

int tool_end(struct tool *tool, const char *const *forgiven, char **reason)
{
	int status = stop(tool), code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	char text[4096] = "", *line;
	AUTO_CLOSE int error = tool->error;
	bool forgave = false;

	if (pread(error, text, sizeof(text) - 1, 0) < 0)
		return REFUSE(reason, EIO, "'%s' has failed", tool->name);
	line = complaint(text, forgiven, &forgave);
	if (code == 127 && !line)
		return REFUSE(reason, ENOENT, "the program '%s' is not there", tool->name);
	if (code < 0)
		return REFUSE(reason, EUCLEAN, "'%s' has crashed", tool->name);
	if (line)
		return REFUSE(reason, EUCLEAN, "'%s' says: '%.300s'", tool->name, line);
	if (code && !(code == 1 && forgave))
		return REFUSE(reason, EUCLEAN, "'%s' has failed with exit code %d", tool->name,
			      code);
	return 0;
}

int tool_nonsense(struct tool *tool, char **reason)
{
	AUTO_FREE char *line = text_copy(tool->line ?: "");

	kill(tool->pid, SIGKILL);
	stop(tool);
	return REFUSE(reason, EUCLEAN, "'%s' says what p2vd does not understand: '%.200s'",
		      tool->name, line);
}
