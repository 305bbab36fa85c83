// SPDX-License-Identifier: GPL-2.0-or-later
/* Child processes on the event loop. */
#include "base/child.h"

#include "base/cleanup.h"
#include "base/lines.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define GRACE_MILLISECONDS 2000 /* from SIGTERM to SIGKILL */
#define KILL_MILLISECONDS 2000  /* from SIGKILL until we give up: a disk may block a process */
#define LOOK_MICROSECONDS 5000  /* between two looks at a process group, which has no pidfd */

struct child {
	struct child_options options;
	char *name; /* for messages: "'qemu-nbd' of '/dev/sda'" */
	pid_t pid;  /* of the process, its group and its session */
	int pidfd;
	int output; /* -1: it goes to /dev/null */
	struct lines lines;
	int status;
	bool exited, drained;
	uint64_t stopped; /* when SIGTERM was sent, in milliseconds */
	sd_event *event;
	sd_event_source *exit_source, *output_source;
	/* After child_free(): */
	uint64_t killed; /* when SIGKILL was sent, in milliseconds; 0: not yet */
	sd_event_source *look;
	struct child *next;
};

/* Those that are freed and have not ended. */
static struct child *ending;

/* Runs in the new process, where no memory may be allocated. */
static void __attribute__((noreturn)) run(const struct child_options *options, char **environment,
					  pid_t parent, int output, int error)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (null < 0 || getppid() != parent)
		_exit(127);
	setsid();
	dup2(null, STDIN_FILENO);
	dup2(output < 0 ? null : output, STDOUT_FILENO);
	dup2(output < 0 ? null : output, STDERR_FILENO);
	/* Our own parent may have left descriptors open: the child must not get them. */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	execvpe(options->argv[0], (char *const *)options->argv, environment);
	int failure = errno;
	while (write(error, &failure, sizeof(failure)) < 0 && errno == EINTR)
		;
	_exit(127);
}

static bool is_set(char *const *list, const char *variable)
{
	const size_t length = strcspn(variable, "=") + 1; /* with the = */

	for (; list && *list; list++)
		if (!strncmp(*list, variable, length))
			return true;
	return false;
}

/* Ours, without what @added sets anew: of two variables with one name programs take the first. */
static char **merged_environment(char *const *added)
{
	char **environment = list_copy(added);

	for (char *const *own = environ; own && *own; own++)
		if (!is_set(added, *own))
			list_append(&environment, text_copy(*own));
	return environment;
}

static void finish(struct child *child)
{
	if (!child->exited || !child->drained)
		return;
	if (child->options.line)
		lines_end(&child->lines, child->options.line, child->options.user);
	child->options.ended(child->options.user, child->status);
}

static void hand_on(struct child *child, const char *data, size_t length)
{
	if (child->options.line)
		lines_feed(&child->lines, data, length, child->options.line, child->options.user);
	else
		child->options.output(child->options.user, data, length);
}

static int on_output(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct child *child = user;
	char buffer[16384];
	ssize_t length = read(fd, buffer, sizeof(buffer));

	(void)events;
	if (length > 0) {
		hand_on(child, buffer, length);
		return 0;
	}
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	child->drained = true;
	finish(child);
	return 0;
}

/*
 * Reads only what is in the pipe when the child ends. A grandchild may keep the
 * pipe open, and write into it, for ever.
 */
static void drain(struct child *child)
{
	char buffer[16384];
	ssize_t length;
	int left = 0;

	if (child->drained)
		return;
	sd_event_source_set_enabled(child->output_source, SD_EVENT_OFF);
	ioctl(child->output, FIONREAD, &left);
	for (; left > 0 && (length = read(child->output, buffer, sizeof(buffer))) > 0;
	     left -= (int)length)
		hand_on(child, buffer, length);
	child->drained = true;
}

static int on_exit_event(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct child *child = user;

	(void)fd, (void)events;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	if (waitpid(child->pid, &child->status, 0) < 0)
		child->status = 0xff00;
	child->exited = true;
	drain(child);
	finish(child);
	return 0;
}

/* Returns 0 if exec(3) succeeded, which closes the pipe, else its errno, negative. */
static int exec_result(int descriptor)
{
	int failure = 0;
	ssize_t length = TEMP_FAILURE_RETRY(read(descriptor, &failure, sizeof(failure)));

	return length == sizeof(failure) ? -failure : 0;
}

static int watch(sd_event *event, struct child *child)
{
	int r = 0;

	child->drained = child->output < 0;
	if (!child->drained)
		r = sd_event_add_io(event, &child->output_source, child->output, EPOLLIN, on_output,
				    child);
	if (r >= 0)
		r = sd_event_add_io(event, &child->exit_source, child->pidfd, EPOLLIN,
				    on_exit_event, child);
	return r;
}

static int spawn(struct child *child)
{
	AUTO_LIST char **environment = merged_environment(child->options.environment);
	int output[2] = { -1, -1 }, error[2];
	pid_t parent = getpid();
	int r;

	if ((child->options.output || child->options.line) &&
	    pipe2(output, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	AUTO_CLOSE int theirs = output[1];
	child->output = output[0];
	fcntl(theirs, F_SETFL, 0); /* non-blocking is for our end only */
	if (pipe2(error, O_CLOEXEC) < 0)
		return -errno;
	child->pid = fork();
	if (child->pid == 0)
		run(&child->options, environment, parent, theirs, error[1]);
	r = child->pid < 0 ? -errno : 0;
	close(error[1]);
	if (r == 0)
		r = exec_result(error[0]);
	close(error[0]);
	if (r < 0 && child->pid > 0) {
		waitpid(child->pid, NULL, 0);
		child->exited = true;
	}
	return r;
}

int child_start(sd_event *event, const struct child_options *options, struct child **result,
		char **reason)
{
	struct child *child = memory_zero(1, sizeof(*child));
	int r;

	*child = (struct child){
		.options = *options, .event = event, .pid = -1, .pidfd = -1, .output = -1
	};
	child->name = text_format("'%s'%s%s%s", options->argv[0], options->disk ? " of '" : "",
				  options->disk ? options->disk : "", options->disk ? "'" : "");
	r = spawn(child);
	if (r == 0) {
		child->pidfd = syscall(SYS_pidfd_open, child->pid, 0);
		r = child->pidfd < 0 ? -errno : watch(event, child);
	}
	if (r < 0) {
		*reason = text_format("cannot start '%s': %s", options->argv[0], strerror(-r));
		child_free(child);
		return r;
	}
	*result = child;
	return 0;
}

pid_t child_pid(const struct child *child)
{
	return child->pid;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* Whether the process and all that it has started have ended. Its number is not given to another
 * process while its group has a member, so it is still safe to signal the group. */
static bool is_gone(struct child *child)
{
	if (!child->exited)
		child->exited = waitpid(child->pid, NULL, WNOHANG) != 0;
	return child->exited && kill(-child->pid, 0) != 0;
}

/* Looks how far the end of @child is, and goes on with it. Returns whether it is over. */
static bool end(struct child *child)
{
	if (is_gone(child))
		return true;
	if (!child->killed && now() >= child->stopped + GRACE_MILLISECONDS) {
		kill(-child->pid, SIGKILL);
		child->killed = now();
	}
	if (!child->killed || (!child->exited && now() < child->killed + KILL_MILLISECONDS))
		return false;
	/* A process that waits for a device which does not answer cannot even be killed. */
	if (!child->exited)
		log_warning("%s (process %d) cannot be ended: it waits for a device that does not answer; "
			    "going on without it",
			    child->name, (int)child->pid);
	return true;
}

static void release(struct child *child)
{
	sd_event_source_disable_unref(child->look);
	if (child->pidfd >= 0)
		close(child->pidfd);
	free(child->name);
	free(child);
}

/* Takes what @link points to out of the list. */
static void release_ending(struct child **link)
{
	struct child *child = *link;

	*link = child->next;
	release(child);
}

static int on_look(sd_event_source *source, uint64_t time, void *user)
{
	struct child *child = user, **link = &ending;

	if (!end(child)) {
		sd_event_source_set_time(source, time + LOOK_MICROSECONDS);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
		return 0;
	}
	while (*link != child)
		link = &(*link)->next;
	release_ending(link);
	return 0;
}

void children_end(void)
{
	while (ending) {
		for (struct child **link = &ending; *link;) {
			if (end(*link))
				release_ending(link);
			else
				link = &(*link)->next;
		}
		if (ending)
			usleep(LOOK_MICROSECONDS);
	}
}

void child_free(struct child *child)
{
	if (!child)
		return;
	sd_event_source_disable_unref(child->exit_source);
	sd_event_source_disable_unref(child->output_source);
	if (child->output >= 0)
		close(child->output);
	if (child->pid <= 0 || child->exited) {
		release(child);
		return;
	}
	child->stopped = now();
	kill(-child->pid, SIGTERM);
	child->next = ending;
	ending = child;
	/* The loop may be over already: then children_end() has all to do. */
	if (sd_event_add_time_relative(child->event, &child->look, CLOCK_MONOTONIC,
				       LOOK_MICROSECONDS, 0, on_look, child) < 0)
		child->look = NULL;
}

char *child_status_text(int status)
{
	if (WIFSIGNALED(status))
		return text_format("signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return text_format("exit status %d", WEXITSTATUS(status));
}
