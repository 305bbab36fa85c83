// SPDX-License-Identifier: GPL-2.0-or-later
/* The servers that p2v.server names, and which of them a conversion uses. */
#include "conversion/conversion_servers.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/server_list.h"
#include "base/text.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define CONNECT_MOST 30 /* seconds to try one of several servers that has just answered */

bool conversion_has_several(const struct conversion *conversion)
{
	return conversion->choosing->count > 1;
}

struct candidate *servers_chosen(const struct conversion *conversion)
{
	return conversion->choosing->candidates + conversion->choosing->chosen;
}

void servers_use(struct conversion *conversion, size_t index)
{
	conversion->choosing->chosen = index;
	conversion->config = &servers_chosen(conversion)->view.config;
}

void conversion_choosing_new(struct conversion *conversion)
{
	struct choosing *choosing = memory_zero(1, sizeof(*choosing));
	AUTO_LIST char **list = server_list(conversion->base->server ?: "");
	uint32_t chance = 0;

	choosing->count = list_length(list);
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) > 0 && choosing->count)
		choosing->first = chance % choosing->count;
	choosing->candidates = memory_zero(choosing->count, sizeof(*choosing->candidates));
	for (size_t i = 0; i < choosing->count; i++) {
		struct candidate *candidate = choosing->candidates + i;
		unsigned *timeout = &candidate->view.config.connect_timeout;

		candidate->conversion = conversion;
		candidate->text = text_copy(list[i]);
		server_view_init(&candidate->view, conversion->base, list[i]);
		if (!conversion->base->server) /* a look at the machine alone */
			candidate->view.config.server = NULL;
		if (choosing->count > 1 && *timeout > CONNECT_MOST)
			*timeout = CONNECT_MOST;
	}
	conversion->choosing = choosing;
	servers_use(conversion, 0);
}

void servers_ask_no_more(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;

	if (choosing->timer)
		sd_event_source_set_enabled(choosing->timer, SD_EVENT_OFF);
	for (size_t i = 0; i < choosing->count; i++)
		scout_free(steal(choosing->candidates[i].scout));
	choosing->looking = false;
}

void conversion_choosing_stop(struct conversion *conversion)
{
	servers_ask_no_more(conversion);
	for (size_t i = 0; i < conversion->choosing->count; i++)
		credentials_free(steal(conversion->choosing->candidates[i].credentials));
	conversion->credentials = NULL;
}

void conversion_choosing_free(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;

	conversion_choosing_stop(conversion);
	sd_event_source_disable_unref(choosing->timer);
	for (size_t i = 0; i < choosing->count; i++) {
		free(choosing->candidates[i].text);
		free(choosing->candidates[i].why);
		free(choosing->candidates[i].queue_of);
		server_view_clear(&choosing->candidates[i].view);
	}
	free(choosing->candidates);
	free(choosing);
}

void conversion_choosing_refresh(struct conversion *conversion)
{
	for (size_t i = 0; i < conversion->choosing->count; i++)
		conversion->choosing->candidates[i].view.config.bandwidth =
			conversion->base->bandwidth;
}

const char *conversion_server_shown(const struct conversion *conversion)
{
	return conversion->choosing->settled ? servers_chosen(conversion)->text :
					       conversion->base->server;
}

const char *conversion_server_name(const struct conversion *conversion)
{
	return servers_chosen(conversion)->text;
}

void conversion_server_was(struct conversion *conversion, const char *name)
{
	struct choosing *choosing = conversion->choosing;

	for (size_t i = 0; name && i < choosing->count; i++)
		if (!strcmp(choosing->candidates[i].text, name))
			servers_use(conversion, i);
	choosing->decided = true;
}

/* Each is "WORKDIR SINCE" or "WORKDIR WHY". */
void conversion_tell_own(const struct server *server)
{
	for (char *const *own = server->ended; own && *own; own++)
		log_warning("a conversion of this machine had not ended on the server, and was ended now; what it had half "
			    "made was removed (work directory and begin: %s)",
			    *own);
	for (char *const *own = server->unended; own && *own; own++)
		log_warning("a conversion of this machine has not ended on the server, and cannot be ended (work directory "
			    "and reason: %s)",
			    *own);
}

/* Only now, when the network is up: it may bring a host name. */
char *conversion_guest_name(const struct conversion *conversion)
{
	char hostname[256] = "";

	gethostname(hostname, sizeof(hostname) - 1);
	return text_copy(conversion->config->name) ?:
		       machine_guest_name(&conversion->hardware.machine, hostname);
}

void conversion_choose_name(struct conversion *conversion)
{
	AUTO_FREE char *before = conversion->name;

	conversion->name = conversion_guest_name(conversion);
	if (!before || strcmp(before, conversion->name) != 0)
		log_notice("the guest will be named '%s'", conversion->name);
}
