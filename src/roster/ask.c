// SPDX-License-Identifier: GPL-2.0-or-later
/* p2v-fleetd's interface, asked through its UNIX socket. */
#include "roster/ask.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "bmc/bmcs.h"
#include "client/field.h"
#include "web/call.h"

#include <errno.h>
#include <string.h>

#define SECONDS 30
#define ANSWER_MOST (256U << 20) /* bytes */

static int explain(int error, const char *control, const char *said, char **reason)
{
	if (error == -ENOENT || error == -ECONNREFUSED)
		return REFUSE(reason, -error,
			      "p2v-fleetd does not run here, because nobody listens at '%s': start it with 'systemctl enable --now p2v-fleetd.socket', see p2v-fleetd(8)",
			      control);
	if (error == -EACCES)
		return REFUSE(reason, EACCES,
			      "you may not speak to p2v-fleetd at '%s': run p2v-fleet as root, or join the group p2v-fleet, see p2v-fleetd(8)",
			      control);
	return REFUSE(reason, -error,
		      "p2v-fleetd gives no answer at '%s': %s: 'journalctl -u p2v-fleetd' may say why",
		      control, said);
}

static int judge(const struct web_answer *answer, char **reason)
{
	sd_json_variant *document = NULL;
	const char *error;

	if (answer->status >= 200 && answer->status < 300)
		return 0;
	if (answer->status == 404)
		return REFUSE(reason, ENODEV,
			      "p2v-fleetd knows no such machine: see p2v-fleet list");
	if (answer->body)
		sd_json_parse(answer->body, 0, &document, NULL, NULL);
	error = field_text(document, "error");
	*reason =
		text_format("p2v-fleetd answers HTTP status %ld%s%s: 'journalctl -u p2v-fleetd' may say why",
			    answer->status, error ? ", " : "", error ?: "");
	sd_json_variant_unref(document);
	return -EPROTO;
}

static int call(const char *control, const char *method, const char *path, const char *body,
		char **text, char **reason)
{
	AUTO_FREE char *url = text_format("http://localhost%s", path);
	AUTO_FREE char *said = NULL;
	const struct web_call request = {
		.method = method,
		.url = url,
		.socket = control,
		.body = body,
		.seconds = SECONDS,
		.limit = ANSWER_MOST,
	};
	struct web_answer answer = { 0 };
	int r = web_call(&request, &answer, &said);

	if (r < 0)
		return explain(r, control, said, reason);
	r = judge(&answer, reason);
	if (r == 0 && text)
		*text = steal(answer.body) ?: text_copy("");
	web_answer_clear(&answer);
	return r;
}

int roster_text(const char *control, const char *path, char **text, char **reason)
{
	return call(control, "GET", path, NULL, text, reason);
}

int roster_get(const char *control, const char *path, sd_json_variant **document, char **reason)
{
	AUTO_FREE char *text = NULL;
	int r = call(control, "GET", path, NULL, &text, reason);

	if (r < 0)
		return r;
	if (sd_json_parse(text, 0, document, NULL, NULL) < 0)
		return REFUSE(reason, EBADMSG,
			      "what answers at '%s' is no JSON: is it p2v-fleetd of this version (" P2VD_VERSION
			      ")?",
			      control);
	return 0;
}

int roster_tell(const char *control, const char *mac, sd_json_variant *body, char **reason)
{
	AUTO_FREE char *path = text_format(ROSTER_MACHINES "/%s", mac);
	AUTO_FREE char *text = NULL;

	if (sd_json_variant_format(body, 0, &text) < 0)
		abort(); /* no memory */
	sd_json_variant_unref(body);
	return call(control, "POST", path, text, NULL, reason);
}

sd_json_variant *roster_find(sd_json_variant *document, const char *word, char **reason)
{
	AUTO_FREE char *mac = bmc_mac(word);
	sd_json_variant *found = NULL;

	for (size_t i = 0; i < field_count(document, "machines"); i++) {
		sd_json_variant *machine = field_element(document, "machines", i);
		const char *value = field_text(machine, mac ? "mac" : "name") ?: "";

		if (strcasecmp(value, mac ?: word) != 0)
			continue;
		if (found) {
			*reason =
				text_format("the name '%s' is that of %s and of %s: give the address",
					    word, field_text(found, "mac"),
					    field_text(machine, "mac"));
			return NULL;
		}
		found = machine;
	}
	if (!found)
		*reason = text_format("p2v-fleetd knows no machine '%s': see p2v-fleet list", word);
	return found;
}
