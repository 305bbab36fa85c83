// SPDX-License-Identifier: GPL-2.0-or-later
/* The place of a disk or card in the machine. */
#include "machine/place.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

/* Steps that the kernel numbers in the order in which it finds them, and attributes of
 * theirs that stay the same. */
static const struct {
	const char *prefix, *class, *attribute;
} unsteady[] = {
	{ "rport-", "fc_remote_ports", "port_name" },
	{ "expander-", "sas_device", "sas_address" },
	{ "end_device-", "sas_device", "bay_identifier" },
	{ "end_device-", "sas_device", "phy_identifier" },
	{ "session", "iscsi_session", "targetname" },
};

/* Replaces an unsteady @step by its prefix and the values of all its attributes. One
 * would not do: some controllers know no bays, and give all disks bay number 0. Frees
 * @step; the caller frees the result. */
static char *steady(const char *root, char *step)
{
	AUTO_FREE char *owned = step, *known = NULL;

	for (size_t i = 0; i < COUNT(unsteady); i++) {
		AUTO_FREE char *value = NULL, *before = steal(known);

		if (text_begins(step, unsteady[i].prefix))
			value = sysfs_line(root, "sys/class/%s/%s/%s", unsteady[i].class, step,
					   unsteady[i].attribute);
		known = value ? text_format("%s %s", before ? before : unsteady[i].prefix, value) :
				steal(before);
	}
	return known ? steal(known) : steal(owned);
}

/* What follows is a name, which the kernel numbers in the order in which it finds things. */
static bool is_end(const char *step)
{
	return !strcmp(step, "block") || !strcmp(step, "nvme") || !strcmp(step, "net");
}

/* A SAS port is numbered in the order of finding, too. It can be left out, for its end
 * device follows. */
static bool is_empty(const char *step)
{
	return !*step || text_begins(step, "port-");
}

char **place_read(const char *root, const char *link)
{
	const char *at = link ? strstr(link, "devices/") : NULL;
	char **steps = NULL;

	if (!at)
		return NULL;
	/* To be sorted last: a tilde comes after all letters. */
	if (strstr(link, "/ndbus"))
		list_append(&steps, text_copy("~ndbus"));
	else if (strstr(link, "/usb"))
		list_append(&steps, text_copy("~usb"));
	for (at += strlen("devices/"); *at; at += *at == '/') {
		const size_t length = strcspn(at, "/");
		AUTO_FREE char *step = text_copy_length(at, length);

		at += length;
		if (is_end(step))
			break;
		if (!is_empty(step))
			list_append(&steps, steady(root, steal(step)));
	}
	return steps;
}

/* "0000:00:1f.2", "pci0000:80": hexadecimal of equal length. */
static bool is_pci(const char *step)
{
	size_t digits = strspn(step, "0123456789abcdef");

	return text_begins(step, "pci") ||
	       (digits >= 4 && step[digits] == ':' && strchr(step, '.'));
}

static int compare_steps(const char *left, const char *right)
{
	if (is_pci(left) && is_pci(right) && strlen(left) == strlen(right))
		return strcmp(left, right);
	return strverscmp(left, right);
}

int place_compare(char *const *left, char *const *right)
{
	int order = 0;

	for (; left && *left && right && *right && !order; left++, right++)
		order = compare_steps(*left, *right);
	return order ? order : (left && *left) - (right && *right);
}

struct placed {
	char *name;
	char **place;
};

static int compare_placed(const void *left, const void *right, void *compare_names)
{
	int (*const *compare)(const char *left, const char *right) = compare_names;
	const struct placed *a = left, *b = right;
	int order = place_compare(a->place, b->place);

	return order ? order : (*compare)(a->name, b->name);
}

void place_sort(const char *root, char **names, place_of_t place_of,
		int (*compare_names)(const char *left, const char *right))
{
	const size_t count = list_length(names);
	AUTO_FREE struct placed *all = memory_zero(count, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = (struct placed){ names[i], place_of(root, names[i]) };
	qsort_r(all, count, sizeof(*all), compare_placed, &compare_names);
	for (size_t i = 0; i < count; i++) {
		names[i] = all[i].name;
		list_free(all[i].place);
	}
}
