// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of PCI vendors and devices, by libpci. */
#include "machine/pci_names.h"

#include "base/memory.h"
#include "base/text.h"

#include <pci/pci.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

#define LONGEST 256

/* Look into pci.ids only, and return NULL rather than numbers for an unknown name. */
#define FLAGS (PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB)

struct pci_names {
	struct pci_access *access;
	bool broken; /* pci.ids is missing, damaged or not a regular file */
};

/* libpci's own error handler ends the process when pci.ids is damaged. Ours must not
 * return either, and gets no pointer from us. */
static jmp_buf way_out;

static __attribute__((noreturn)) void on_error(char *format, ...)
{
	(void)format;
	longjmp(way_out, 1);
}

static void on_remark(char *format, ...)
{
	(void)format;
}

struct pci_names *pci_names_new(const char *root)
{
	struct pci_names *names = memory_zero(1, sizeof(*names));

	names->access = pci_alloc();
	names->access->error = on_error;
	names->access->warning = on_remark;
	names->access->debug = on_remark;
	names->access->id_lookup_mode = 0; /* no names from DNS, nor from its cache in $HOME */
	if (*root) {
		char *path = text_format("%s/usr/share/misc/pci.ids", root);
		struct stat about;

		/* libpci would wait for somebody to write into a FIFO. */
		names->broken = stat(path, &about) < 0 || !S_ISREG(about.st_mode);
		pci_set_name_list_path(names->access, path, 1);
	}
	return names;
}

void pci_names_free(struct pci_names *names)
{
	if (!names)
		return;
	pci_free_name_list(names->access);
	pci_cleanup(names->access);
	free(names);
}

static char *look_up(struct pci_names *names, int what, unsigned vendor, unsigned device)
{
	char buffer[LONGEST];

	if (names->broken)
		return NULL;
	if (setjmp(way_out)) { /* NOLINT(cert-err52-cpp): libpci offers nothing else */
		names->broken = true;
		return NULL;
	}
	return text_copy(pci_lookup_name(names->access, buffer, sizeof(buffer), FLAGS | what,
					 vendor, device));
}

char *pci_names_vendor(struct pci_names *names, unsigned vendor)
{
	return look_up(names, PCI_LOOKUP_VENDOR, vendor, 0);
}

char *pci_names_device(struct pci_names *names, unsigned vendor, unsigned device)
{
	return look_up(names, PCI_LOOKUP_DEVICE, vendor, device);
}
