// SPDX-License-Identifier: GPL-2.0-or-later
/* The default name of the guest, made from what the machine is. */
#include "base/memory.h"
#include "machine/machine.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* The limit of a Kubernetes label, which is stricter than libvirt and file names. */
#define LONGEST_NAME 63

/* @text in lower case: letters and digits stay, anything else becomes one dash, but none
 * comes first. */
static char *cleaned(const char *text)
{
	char *name = memory_zero(strlen(text) + 1, 1), *end = name;

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x80 && isalnum(byte))
			*end++ = (char)tolower(byte);
		else if (end > name && end[-1] != '-')
			*end++ = '-';
	}
	return name;
}

/* Leaves at most @length characters of it, and no dash at the end. */
static void shorten(char *name, size_t length)
{
	size_t end = strnlen(name, length);

	while (end && name[end - 1] == '-')
		end--;
	name[end] = '\0';
}

/* Localhost, the names of our image and IP addresses are not host names. */
static bool is_host_name(const char *name)
{
	static const char *const none[] = { "", "localhost", "p2v", "p2vd", "none", "unknown" };

	for (size_t i = 0; i < COUNT(none); i++)
		if (!strcmp(name, none[i]))
			return false;
	return name[strspn(name, "0123456789")];
}

/* MODEL-SERIAL. If it is too long the model is cut: the serial number tells machines
 * of one model apart. */
static char *name_of_hardware(const struct machine *machine)
{
	const char *own = machine->serial ?: machine->uuid ?: machine->mac;
	AUTO_FREE char *head = text_format("%s %s", machine->vendor ?: "", machine->product ?: "");
	AUTO_FREE char *model = cleaned(head), *tail = cleaned(own ?: "");

	shorten(tail, LONGEST_NAME);
	shorten(model, strlen(tail) < LONGEST_NAME - 1 ? LONGEST_NAME - 1 - strlen(tail) : 0);
	/* A MAC alone says nothing to a reader. */
	if (!*model && (!*tail || own == machine->mac))
		return text_format("p2v-machine%s%s", *tail ? "-" : "", tail);
	return text_format("%s%s%s", model, *model && *tail ? "-" : "", tail);
}

char *machine_guest_name(const struct machine *machine, const char *hostname)
{
	AUTO_FREE char *label = text_copy_length(hostname ?: "", strcspn(hostname ?: "", "."));
	char *name = cleaned(label);

	shorten(name, LONGEST_NAME);
	if (is_host_name(name))
		return name;
	free(name);
	return name_of_hardware(machine);
}
