// SPDX-License-Identifier: GPL-2.0-or-later
/* Which BMC each machine has. */
#include "bmc/bmcs.h"

#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "bmc/cells.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum column { MAC, NAME, ADDRESS, USER, KIND, COLUMNS };

static const char *const names[COLUMNS] = {
	[MAC] = "mac", [NAME] = "name", [ADDRESS] = "bmc", [USER] = "bmc_user", [KIND] = "bmc_kind",
};

struct reading {
	int at[COLUMNS];        /* the index of the column; -1: there is none */
	char *of_all[COLUMNS];  /* what the row "all" says */
};

char *bmc_mac(const char *text)
{
	char mac[HARDWARE_ADDRESS_LENGTH + 1];

	return hardware_address_read(text, ':', mac) ? text_copy(mac) : NULL;
}

static void clear_bmc(struct bmc *bmc)
{
	free(bmc->mac);
	free(bmc->name);
	free(bmc->address);
	free(bmc->user);
}

void bmcs_clear(struct bmcs *bmcs)
{
	for (size_t i = 0; i < bmcs->count; i++)
		clear_bmc(&bmcs->bmc[i]);
	free(bmcs->bmc);
	*bmcs = (struct bmcs){ 0 };
}

static struct bmc *find(const struct bmcs *bmcs, const char *mac)
{
	for (size_t i = 0; i < bmcs->count; i++)
		if (!strcmp(bmcs->bmc[i].mac, mac))
			return &bmcs->bmc[i];
	return NULL;
}

const struct bmc *bmcs_find(const struct bmcs *bmcs, const char *mac)
{
	return find(bmcs, mac);
}

static void read_header(struct reading *reading, char *const *header)
{
	for (int column = 0; column < COLUMNS; column++) {
		reading->at[column] = -1;
		for (int i = 0; header[i]; i++)
			if (!strcasecmp(header[i], names[column]))
				reading->at[column] = i;
	}
}

/* What the row says in that column, or the row "all"; NULL: nothing. */
static const char *cell_of(const struct reading *reading, char *const *row, enum column column)
{
	const int at = reading->at[column];
	const char *cell = at >= 0 && (size_t)at < list_length(row) ? row[at] : "";

	return *cell ? cell : reading->of_all[column];
}

static int read_kind(struct bmc *bmc, const char *kind, unsigned line, char **reason)
{
	kind = kind ?: "redfish";
	bmc->ipmi = !strcmp(kind, "ipmi") || !strcmp(kind, "ipmi-uefi");
	bmc->uefi = !strcmp(kind, "ipmi-uefi");
	bmc->unchecked = !strcmp(kind, "redfish-insecure");
	if (bmc->ipmi || bmc->unchecked || !strcmp(kind, "redfish"))
		return 0;
	return REFUSE(reason, EINVAL,
		      "line %u, column 'bmc_kind': '%s' is none of redfish, redfish-insecure, ipmi and ipmi-uefi",
		      line, kind);
}

/* ipmitool would take such a word for an option, and a URL has no blanks. */
static int judge(const char *value, enum column column, unsigned line, char **reason)
{
	bool fits = !value || (*value != '-' && text_is_alphanumeric(value, "-._~:/[]@+%"));

	return fits ? 0 :
		      REFUSE(reason, EINVAL, "line %u, column '%s': '%s' cannot be one", line,
			     names[column], value);
}

static int add(struct bmcs *bmcs, const struct reading *reading, char *const *row, char *mac,
	       unsigned line, char **reason)
{
	struct bmc bmc = { .mac = mac };
	struct bmc *known = find(bmcs, mac);
	const char *address = cell_of(reading, row, ADDRESS), *user = cell_of(reading, row, USER);
	int r = read_kind(&bmc, cell_of(reading, row, KIND), line, reason);

	r = r < 0 ? r : judge(address, ADDRESS, line, reason);
	r = r < 0 ? r : judge(user, USER, line, reason);
	if (r < 0) {
		free(mac);
		return r;
	}
	bmc.address = text_copy(address);
	bmc.user = text_copy(user);
	bmc.name = text_copy(cell_of(reading, row, NAME) ?: known ? known->name : NULL);
	if (known) {
		clear_bmc(known);
		*known = bmc;
	} else {
		APPEND(bmcs->bmc, bmcs->count, bmc);
	}
	return 0;
}

static int read_row(struct bmcs *bmcs, struct reading *reading, char *const *row, unsigned line,
		    char **reason)
{
	const char *key = cell_of(reading, row, MAC);
	char *mac;

	if (key && !strcmp(key, "all")) {
		for (enum column column = USER; column < COLUMNS; column++) {
			free(reading->of_all[column]);
			reading->of_all[column] = NULL;
			reading->of_all[column] = text_copy(cell_of(reading, row, column));
		}
		return 0;
	}
	/* What is wrong with other rows, p2v-pxe says. */
	mac = key && cell_of(reading, row, ADDRESS) ? bmc_mac(key) : NULL;
	return mac ? add(bmcs, reading, row, mac, line, reason) : 0;
}

int bmcs_read(struct bmcs *bmcs, const char *text, char **reason)
{
	struct reading reading = { 0 };
	struct cells cells;
	char **row = NULL;
	unsigned line = 0;
	bool headed = false;
	int r;

	cells_begin(&cells, text);
	while ((r = cells_next(&cells, &row, &line, reason)) > 0) {
		if (headed)
			r = read_row(bmcs, &reading, row, line, reason);
		else
			read_header(&reading, row);
		headed = true;
		list_free(row);
		if (r < 0)
			break;
	}
	for (int column = 0; column < COLUMNS; column++)
		free(reading.of_all[column]);
	return r;
}
