// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A BMC that speaks IPMI only: by ipmitool, once for each question. It reads the password from a
 * file that is nowhere but in memory.
 */
#include "base/child.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memfile.h"
#include "base/memory.h"
#include "base/text.h"
#include "bmc/way.h"

#include <string.h>
#include <sys/wait.h>

#define TOOL "ipmitool"
#define TOOL_SECONDS 60

struct ipmi {
	const struct bmc_login *login;
	char *host, *port; /* port NULL: the usual one */
	int secret;        /* the file with the password */
	char *secret_path;
};

/* One call of ipmitool. */
struct tool {
	sd_event *event;
	int status;
	bool late;
	char **said;
};

static void on_line(void *user, const char *line)
{
	struct tool *tool = user;

	list_append(&tool->said, text_copy(line));
}

static void on_ended(void *user, int status)
{
	struct tool *tool = user;

	tool->status = status;
	sd_event_exit(tool->event, 0);
}

static int on_late(sd_event_source *source, uint64_t time, void *user)
{
	struct tool *tool = user;

	(void)source, (void)time;
	tool->late = true;
	return sd_event_exit(tool->event, 0);
}

/* Runs it to its end. Returns 0, or -errno and a reason. */
static int run(struct tool *tool, const char *const *argv, char **reason)
{
	struct child_options options = {
		.argv = argv, .line = on_line, .ended = on_ended, .user = tool
	};
	struct child *child = NULL;
	int r = sd_event_new(&tool->event);

	if (r < 0)
		return REFUSE(reason, -r, "there is no event loop: %s", strerror(-r));
	sd_event_add_time_relative(tool->event, NULL, CLOCK_MONOTONIC, TOOL_SECONDS * 1000000ULL, 0,
				   on_late, tool);
	r = child_start(tool->event, &options, &child, reason);
	if (r == 0)
		sd_event_loop(tool->event);
	child_free(child);
	children_end();
	sd_event_unref(tool->event);
	return r;
}

static int judge(const struct tool *tool, char **reason)
{
	AUTO_FREE char *said = tool->said ? list_join(tool->said, "; ") : NULL;
	AUTO_FREE char *status = child_status_text(tool->status);

	if (tool->late)
		return REFUSE(reason, ETIMEDOUT, "there was no answer within %d seconds",
			      TOOL_SECONDS);
	if (WIFEXITED(tool->status) && WEXITSTATUS(tool->status) == 0)
		return 0;
	return REFUSE(reason, EIO, TOOL ": %s", said ?: status);
}

/* ipmitool @words…, up to a NULL. @said: all that it says, which the caller frees; or NULL. */
static int call(struct ipmi *ipmi, const char *const *words, char **said, char **reason)
{
	/* All that is asked of it is for operators, and ipmitool would log in as administrator. */
	const char *argv[24] = { TOOL, "-I", "lanplus", "-L", "OPERATOR", "-H", ipmi->host };
	struct tool tool = { 0 };
	size_t count = 7;
	int r;

	if (ipmi->port) {
		argv[count++] = "-p";
		argv[count++] = ipmi->port;
	}
	if (ipmi->login->bmc->user) {
		argv[count++] = "-U";
		argv[count++] = ipmi->login->bmc->user;
	}
	argv[count++] = "-f";
	argv[count++] = ipmi->secret_path;
	for (; *words && count + 1 < COUNT(argv); words++)
		argv[count++] = *words;
	r = run(&tool, argv, reason);
	r = r < 0 ? r : judge(&tool, reason);
	if (r == 0 && said)
		*said = tool.said ? list_join(tool.said, "\n") : text_copy("");
	list_free(tool.said);
	return r;
}

static void ipmi_close(void *session)
{
	struct ipmi *ipmi = session;

	if (ipmi->secret >= 0)
		close(ipmi->secret);
	free(ipmi->secret_path);
	free(ipmi->host);
	free(ipmi->port);
	free(ipmi);
}

/* HOST, HOST:PORT, or [HOST]:PORT. */
static void read_address(struct ipmi *ipmi, const char *address)
{
	const bool bracketed = *address == '[';
	const char *end = bracketed ? strchr(address, ']') : strrchr(address, ':');

	if (!end || (!bracketed && end != strchr(address, ':'))) {
		ipmi->host = text_copy(address);
		return;
	}
	ipmi->host = text_copy_length(address + bracketed, (size_t)(end - address) - bracketed);
	end += bracketed;
	ipmi->port = *end == ':' ? text_copy(end + 1) : NULL;
}

static int ipmi_open(const struct bmc_login *login, void **session, char **reason)
{
	struct ipmi *ipmi = memory_zero(1, sizeof(*ipmi));

	ipmi->login = login;
	ipmi->secret = memfile_new("password", login->password, strlen(login->password));
	if (ipmi->secret < 0) {
		int r = ipmi->secret;

		*reason = text_format("cannot hand on the password: %s", strerror(-r));
		ipmi_close(ipmi);
		return r;
	}
	ipmi->secret_path = memfile_path(ipmi->secret);
	read_address(ipmi, login->bmc->address);
	*session = ipmi;
	return 0;
}

static int ipmi_ask(void *session, enum bmc_power *power, char **reason)
{
	static const char *const words[] = { "chassis", "power", "status", NULL };
	AUTO_FREE char *said = NULL;
	int r = call(session, words, &said, reason);

	*power = BMC_UNKNOWN;
	if (r == 0)
		*power = strstr(said, "Power is on")  ? BMC_ON :
			 strstr(said, "Power is off") ? BMC_OFF :
							BMC_UNKNOWN;
	return r;
}

static int ipmi_boot_network(void *session, char **reason)
{
	const struct ipmi *ipmi = session;
	const char *const words[] = { "chassis", "bootdev", "pxe",
				      ipmi->login->bmc->uefi ? "options=efiboot" : NULL, NULL };

	return call(session, words, NULL, reason);
}

static int ipmi_power(void *session, const char *what, char **reason)
{
	const char *const words[] = { "chassis", "power", what, NULL };

	return call(session, words, NULL, reason);
}

static int ipmi_on(void *session, char **reason)
{
	return ipmi_power(session, "on", reason);
}

static int ipmi_shut_down(void *session, char **reason)
{
	return ipmi_power(session, "soft", reason);
}

static int ipmi_cut(void *session, char **reason)
{
	return ipmi_power(session, "off", reason);
}

const struct bmc_way *ipmi_way(void)
{
	static const struct bmc_way way = {
		.open = ipmi_open,
		.ask = ipmi_ask,
		.boot_network = ipmi_boot_network,
		.on = ipmi_on,
		.shut_down = ipmi_shut_down,
		.cut = ipmi_cut,
		.close = ipmi_close,
	};

	return &way;
}
