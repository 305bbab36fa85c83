// SPDX-License-Identifier: GPL-2.0-or-later
/* Switching a machine on and off by its BMC. */
#include "bmc/power.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "bmc/way.h"

#include <time.h>

#define ON_SECONDS 60  /* from the order until it must be on */
#define CUT_SECONDS 60 /* and off */

/* Between two questions: at first short, for what is done at once. */
#define PAUSE_LEAST_MS 200
#define PAUSE_MOST_MS 4000

const char *bmc_power_text(enum bmc_power power)
{
	return power == BMC_ON ? "on" : power == BMC_OFF ? "off" : "unknown";
}

static const struct bmc_way *way_of(const struct bmc_login *login)
{
	return login->bmc->ipmi ? ipmi_way() : redfish_way();
}

static time_t now(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void pause_for(unsigned milliseconds)
{
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* Asks until the machine is as @wanted. -ETIMEDOUT: it is not after so many seconds. */
static int await(const struct bmc_way *way, void *session, enum bmc_power wanted, unsigned seconds,
		 char **reason)
{
	const time_t end = now() + seconds;
	unsigned wait = PAUSE_LEAST_MS;
	enum bmc_power power;

	for (;;) {
		int r = way->ask(session, &power, reason);

		if (r < 0 || power == wanted)
			return r;
		if (now() >= end)
			return REFUSE(reason, ETIMEDOUT, "it is not %s after %u seconds",
				      bmc_power_text(wanted), seconds);
		pause_for(wait);
		wait = wait * 2 < PAUSE_MOST_MS ? wait * 2 : PAUSE_MOST_MS;
	}
}

int bmc_ask(const struct bmc_login *login, enum bmc_power *power, char **reason)
{
	const struct bmc_way *way = way_of(login);
	void *session = NULL;
	int r = way->open(login, &session, reason);

	if (r < 0)
		return r;
	r = way->ask(session, power, reason);
	way->close(session);
	return r;
}

static int start(const struct bmc_way *way, void *session, char **reason)
{
	enum bmc_power power = BMC_UNKNOWN;
	int r = way->ask(session, &power, reason);

	if (r < 0)
		return r;
	if (power == BMC_ON)
		return REFUSE(reason, EALREADY,
			      "it is on: shut it down first, what runs on it would be lost");
	r = way->boot_network(session, reason);
	r = r < 0 ? r : way->on(session, reason);
	return r < 0 ? r : await(way, session, BMC_ON, ON_SECONDS, reason);
}

int bmc_switch_on(const struct bmc_login *login, char **reason)
{
	const struct bmc_way *way = way_of(login);
	void *session = NULL;
	int r = way->open(login, &session, reason);

	if (r < 0)
		return r;
	r = start(way, session, reason);
	way->close(session);
	return r;
}

/* Asks the machine to shut down. Returns whether it did. */
static bool asks(const struct bmc_way *way, void *session, unsigned grace)
{
	AUTO_FREE char *refused = NULL, *late = NULL;

	return grace && way->shut_down(session, &refused) == 0 &&
	       await(way, session, BMC_OFF, grace, &late) == 0;
}

static int end(const struct bmc_way *way, void *session, unsigned grace, bool *forced,
	       char **reason)
{
	enum bmc_power power = BMC_UNKNOWN;
	int r = way->ask(session, &power, reason);

	if (r < 0 || power == BMC_OFF || asks(way, session, grace))
		return r;
	*forced = true;
	r = way->cut(session, reason);
	return r < 0 ? r : await(way, session, BMC_OFF, CUT_SECONDS, reason);
}

int bmc_switch_off(const struct bmc_login *login, unsigned grace, bool *forced, char **reason)
{
	const struct bmc_way *way = way_of(login);
	void *session = NULL;
	int r = way->open(login, &session, reason);

	*forced = false;
	if (r < 0)
		return r;
	r = end(way, session, grace, forced, reason);
	way->close(session);
	return r;
}
