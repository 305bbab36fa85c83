// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A BMC that speaks Redfish (DMTF DSP0266): a session, or a login with each request where there
 * are no sessions; the machine's system; what it boots next, and its power.
 *
 * BMCs have room for few sessions. So each one is ended, whatever happened.
 */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "bmc/redfish_document.h"
#include "bmc/way.h"
#include "client/field.h"
#include "web/call.h"

#include <string.h>
#include <time.h>

#define CALL_SECONDS 45U  /* BMCs are slow */
#define ANSWER_MOST 1048576
#define TRIES 4           /* of a request that is temporarily not possible */
#define TASK_LOOKS 120U   /* one a second, at what the BMC does afterwards */

struct redfish {
	const struct bmc_login *login;
	char *base;            /* "https://192.0.2.10" */
	char *token, *session; /* both NULL: the login goes with each request */
	bool anonymous;        /* no login at all: for what there is before one */
	char *system;          /* its path */
};

/* One answer. */
struct reply {
	struct web_answer answer;
	sd_json_variant *document; /* NULL: there is none, or it is no JSON */
};

static void clear(struct reply *reply)
{
	web_answer_clear(&reply->answer);
	reply->document = sd_json_variant_unref(reply->document);
}

#define AUTO_REPLY CLEANUP(clear) struct reply

static void pause_for(unsigned milliseconds)
{
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

static int request(const struct redfish *redfish, const char *method, const char *path,
		   sd_json_variant *body, const char *etag, struct reply *reply, char **reason)
{
	const struct bmc_login *login = redfish->login;
	const bool basic = !redfish->anonymous && !redfish->token;
	AUTO_FREE char *url = text_format("%s%s", redfish->base, path);
	AUTO_FREE char *wrong = NULL;
	struct web_call call = {
		.method = method,
		.url = url,
		.user = basic ? login->bmc->user : NULL,
		.password = basic ? login->password : NULL,
		.token = redfish->anonymous ? NULL : redfish->token,
		.if_match = etag,
		.authorities = login->authorities,
		.unchecked = login->bmc->unchecked,
		.seconds = CALL_SECONDS,
		.limit = ANSWER_MOST,
	};
	char *text = NULL;
	int r;

	if (body && sd_json_variant_format(body, 0, &text) < 0)
		abort(); /* no memory */
	call.body = text;
	r = web_call(&call, &reply->answer, &wrong);
	secret_free(text);
	if (r < 0)
		return REFUSE(reason, -r, "%s%s", wrong,
			      r == -EKEYREJECTED ?
				      " (name its authority with --bmc-ca=FILE, or have bmc_kind say redfish-insecure)" :
				      "");
	if (reply->answer.body)
		sd_json_parse(reply->answer.body, SD_JSON_PARSE_SENSITIVE, &reply->document, NULL,
			      NULL);
	return 0;
}

/* The error number and sentence for an answer that is none of success. */
static int refused(const struct reply *reply, const char *method, const char *path, char **reason)
{
	AUTO_FREE char *complaint = redfish_complaint(reply->document);
	const long status = reply->answer.status;

	if (status == 401 || status == 403)
		return REFUSE(reason, EACCES, "user or password is wrong, or may not do that%s%s",
			      complaint ? ": " : "", complaint ?: "");
	return REFUSE(reason, status == 404 || status == 405 || status == 501 ? EOPNOTSUPP : EIO,
		      "%s %s: HTTP status %ld%s%s", method, path, status, complaint ? ", " : "",
		      complaint ?: "");
}

/* As request(), with what is only temporarily not possible tried again. */
static int ask(const struct redfish *redfish, const char *method, const char *path,
	       sd_json_variant *body, const char *etag, struct reply *reply, char **reason)
{
	for (unsigned try = 1;; try++) {
		int r = request(redfish, method, path, body, etag, reply, reason);
		const long status = reply->answer.status;
		const unsigned wait = reply->answer.retry_after ?: try;

		if (r < 0)
			return r;
		if (status >= 200 && status < 300)
			return 0;
		if ((status != 503 && status != 429) || try == TRIES)
			return refused(reply, method, path, reason);
		clear(reply);
		pause_for(1000 * (wait < 10 ? wait : 10));
	}
}

static int get(const struct redfish *redfish, const char *path, struct reply *reply, char **reason)
{
	int r = ask(redfish, "GET", path, NULL, NULL, reply, reason);

	if (r == 0 && !sd_json_variant_is_object(reply->document))
		return REFUSE(reason, EBADMSG, "GET %s: the answer is no JSON: is it a BMC?", path);
	return r;
}

/* ---- the session ------------------------------------------------------------ */

/* Returns 0, too, where there are no sessions: then the login goes with each request. */
static int log_in(struct redfish *redfish, const char *sessions, char **reason)
{
	AUTO_FREE char *wrong = NULL;
	AUTO_REPLY reply = { 0 };
	sd_json_variant *body = NULL;
	int r;

	json_put_text(&body, "UserName", redfish->login->bmc->user);
	json_put_text(&body, "Password", redfish->login->password);
	sd_json_variant_sensitive(body);
	redfish->anonymous = true;
	r = ask(redfish, "POST", sessions, body, NULL, &reply, &wrong);
	redfish->anonymous = false;
	sd_json_variant_unref(body);
	if (r == -EOPNOTSUPP)
		return 0;
	if (r < 0) {
		*reason = steal(wrong);
		return r;
	}
	secret_register(reply.answer.token);
	redfish->token = steal(reply.answer.token);
	redfish->session = redfish_path(reply.answer.location);
	if (!redfish->session)
		redfish->session = redfish_path(field_text(reply.document, "@odata.id"));
	return 0;
}

/* The systems of a chassis may be many: which one is the machine's, the address says then. */
static int find_system(struct redfish *redfish, const char *systems, char **reason)
{
	AUTO_REPLY reply = { 0 };
	size_t count;
	int r = get(redfish, systems, &reply, reason);

	if (r < 0)
		return r;
	count = field_count(reply.document, "Members");
	redfish->system = redfish_path(field_text(field_element(reply.document, "Members", 0),
						  "@odata.id"));
	if (count == 1 && redfish->system)
		return 0;
	return REFUSE(reason, EBADMSG,
		      "it has %zu systems: write in the column bmc which one is the machine's: %s%s",
		      count, redfish->base, redfish->system ?: "/redfish/v1/Systems/1");
}

/* The scheme, host and port of the address; and the path of the system, if it has one. */
static int read_address(struct redfish *redfish, char **reason)
{
	const char *address = redfish->login->bmc->address;
	const char *host = text_begins(address, "https://") ? address + 8 : address;
	const size_t length = strcspn(host, "/");
	const char *path = host + length;
	AUTO_FREE char *name = text_copy_length(host, length);
	const char *colon = strchr(name, ':');
	const bool bare = *name != '[' && colon && strchr(colon + 1, ':'); /* IPv6 */

	if (!length || strstr(host, "://") || strchr(name, '@'))
		return REFUSE(reason, EINVAL,
			      "'%s' is no address of a BMC: give HOST, HOST:PORT or https://HOST/redfish/v1/Systems/ID",
			      address);
	redfish->base = bare ? text_format("https://[%s]", name) : text_format("https://%s", name);
	if (strcmp(path, "/") != 0)
		redfish->system = redfish_path(path);
	return 0;
}

static void redfish_close(void *session)
{
	struct redfish *redfish = session;
	AUTO_FREE char *reason = NULL;
	AUTO_REPLY reply = { 0 };

	if (redfish->token && redfish->session)
		request(redfish, "DELETE", redfish->session, NULL, NULL, &reply, &reason);
	free(redfish->base);
	free(redfish->session);
	free(redfish->system);
	secret_free(redfish->token);
	free(redfish);
}

static int open_at(struct redfish *redfish, char **reason)
{
	AUTO_FREE char *sessions = NULL, *systems = NULL;
	AUTO_REPLY root = { 0 };
	int r = read_address(redfish, reason);

	if (r < 0)
		return r;
	redfish->anonymous = true;
	r = get(redfish, "/redfish/v1/", &root, reason);
	redfish->anonymous = false;
	if (r < 0)
		return r;
	sessions = redfish_link(field_value(root.document, "Links"), "Sessions");
	systems = redfish_link(root.document, "Systems");
	if (sessions)
		r = log_in(redfish, sessions, reason);
	if (r == 0 && !redfish->system)
		r = find_system(redfish, systems ?: "/redfish/v1/Systems", reason);
	return r;
}

static int redfish_open(const struct bmc_login *login, void **session, char **reason)
{
	struct redfish *redfish = memory_zero(1, sizeof(*redfish));
	int r;

	redfish->login = login;
	r = open_at(redfish, reason);
	if (r < 0)
		redfish_close(redfish);
	else
		*session = redfish;
	return r;
}

/* ---- what is asked of it ---------------------------------------------------- */

static int redfish_ask(void *session, enum bmc_power *power, char **reason)
{
	struct redfish *redfish = session;
	AUTO_REPLY system = { 0 };
	int r = get(redfish, redfish->system, &system, reason);

	*power = redfish_power(system.document);
	return r;
}

/* Waits for the end of what @reply says is still being done. */
static int follow(const struct redfish *redfish, const struct reply *reply, char **reason)
{
	AUTO_FREE char *path = redfish_path(reply->answer.location);

	if (reply->answer.status != 202)
		return 0;
	if (!path)
		path = redfish_path(field_text(reply->document, "@odata.id"));
	for (unsigned i = 0, wait = 200; path && i < TASK_LOOKS; i++, wait = 1000) {
		AUTO_REPLY task = { 0 };
		AUTO_FREE char *complaint = NULL;
		int r = ask(redfish, "GET", path, NULL, NULL, &task, reason);

		/* A monitor is gone when all is done, or answers as the request itself would. */
		if (r == -EOPNOTSUPP) {
			free(*reason);
			*reason = NULL;
			return 0;
		}
		if (r < 0)
			return r;
		if (task.answer.status != 202 && (!field_text(task.document, "TaskState") ||
						  redfish_task(task.document) == TASK_DONE))
			return 0;
		complaint = field_element(task.document, "Messages", 0) ?
				    text_copy(field_text(field_element(task.document, "Messages",
								       0),
							 "Message")) :
				    NULL;
		if (redfish_task(task.document) == TASK_FAILED)
			return REFUSE(reason, EIO, "the BMC's task has failed%s%s",
				      complaint ? ": " : "", complaint ?: "");
		pause_for(wait);
	}
	return path ? REFUSE(reason, ETIMEDOUT, "the BMC's task takes too long") : 0;
}

/*
 * What stands in If-Match at that try. Somebody else may have changed the system in between. And
 * there are BMCs that tell a weak ETag and want it strong, or refuse any that they have told.
 */
static const char *etag_of(const struct reply *system, unsigned try)
{
	const char *etag = system->answer.etag ?: field_text(system->document, "@odata.etag");

	if (try == 3 && etag && text_begins(etag, "W/"))
		return etag + 2;
	return try < TRIES ? etag : NULL;
}

static int redfish_boot_network(void *session, char **reason)
{
	struct redfish *redfish = session;
	sd_json_variant *boot = NULL, *body = NULL;
	int r = 0;

	json_put_text(&boot, "BootSourceOverrideEnabled", "Once");
	json_put_text(&boot, "BootSourceOverrideTarget", "Pxe");
	json_put(&body, "Boot", boot);
	for (unsigned try = 1; try <= TRIES; try++) {
		AUTO_REPLY system = { 0 }, reply = { 0 };

		r = get(redfish, redfish->system, &system, reason);
		if (r < 0)
			break;
		r = ask(redfish, "PATCH", redfish->system, body, etag_of(&system, try), &reply,
			reason);
		if (r == 0)
			r = follow(redfish, &reply, reason);
		if (reply.answer.status != 412 || try == TRIES)
			break;
		free(*reason);
		*reason = NULL;
	}
	sd_json_variant_unref(body);
	return r;
}

/* Which of @wanted the BMC knows, and where it is asked for it; the caller frees @target. */
static int choose(const struct redfish *redfish, const char *const *wanted, const char **type,
		  char **target, char **reason)
{
	AUTO_REPLY system = { 0 }, info = { 0 };
	AUTO_FREE char *about = NULL, *wrong = NULL;
	sd_json_variant *action, *allowed;
	int r = get(redfish, redfish->system, &system, reason);

	if (r < 0)
		return r;
	action = redfish_within(system.document, "Actions", "#ComputerSystem.Reset");
	allowed = field_value(action, "ResetType@Redfish.AllowableValues");
	about = redfish_path(field_text(action, "@Redfish.ActionInfo"));
	if (!allowed && about && get(redfish, about, &info, &wrong) == 0)
		allowed = redfish_reset_types(info.document);
	*type = redfish_choice(wanted, allowed);
	if (!*type)
		return REFUSE(reason, EOPNOTSUPP, "the BMC does not know the reset type %s",
			      *wanted);
	*target = redfish_path(field_text(action, "target"));
	if (!*target)
		*target = text_format("%s/Actions/ComputerSystem.Reset", redfish->system);
	return 0;
}

static int reset(const struct redfish *redfish, const char *const *wanted, char **reason)
{
	AUTO_FREE char *target = NULL;
	AUTO_REPLY reply = { 0 };
	sd_json_variant *body = NULL;
	const char *type = NULL;
	int r = choose(redfish, wanted, &type, &target, reason);

	if (r < 0)
		return r;
	json_put_text(&body, "ResetType", type);
	r = ask(redfish, "POST", target, body, NULL, &reply, reason);
	sd_json_variant_unref(body);
	return r < 0 ? r : follow(redfish, &reply, reason);
}

static int redfish_on(void *session, char **reason)
{
	static const char *const types[] = { "On", "ForceOn", "PushPowerButton", NULL };

	return reset(session, types, reason);
}

static int redfish_shut_down(void *session, char **reason)
{
	static const char *const types[] = { "GracefulShutdown", NULL };

	return reset(session, types, reason);
}

static int redfish_cut(void *session, char **reason)
{
	static const char *const types[] = { "ForceOff", NULL };

	return reset(session, types, reason);
}

const struct bmc_way *redfish_way(void)
{
	static const struct bmc_way way = {
		.open = redfish_open,
		.ask = redfish_ask,
		.boot_network = redfish_boot_network,
		.on = redfish_on,
		.shut_down = redfish_shut_down,
		.cut = redfish_cut,
		.close = redfish_close,
	};

	return &way;
}
