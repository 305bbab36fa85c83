// SPDX-License-Identifier: GPL-2.0-or-later
/* The certificate authorities that https trusts. */
#include "network/trust.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

#define CERTIFICATE "-----BEGIN CERTIFICATE-----"
#define TRUSTED_CERTIFICATE "-----BEGIN TRUSTED CERTIFICATE-----"
#define FILE_MOST (4U << 20) /* bytes; the system's bundle has 220 KiB */

static bool add(FILE *stream, const char *path)
{
	size_t length = 0;
	AUTO_FREE char *text = file_read(path, FILE_MOST, &length);

	if (!text) {
		log_warning("cannot read the certificates in '%s': %s", path, strerror(errno));
		return false;
	}
	if (!strstr(text, CERTIFICATE) && !strstr(text, TRUSTED_CERTIFICATE)) {
		log_warning("'%s' holds no certificate in PEM format: convert it with 'openssl x509 -inform der'",
			    path);
		return false;
	}
	fprintf(stream, "%s\n", text);
	return true;
}

char *trust_bundle(const char *system, const char *directory, size_t *length)
{
	AUTO_LIST char **names = sysfs_list("", "%s", directory);
	char *bundle = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&bundle, &size);
	bool any = false;

	if (!stream)
		abort(); /* no memory */
	for (char **name = names; name && *name; name++) {
		AUTO_FREE char *path = text_format("%s/%s", directory, *name);

		if (!fnmatch("*.pem", *name, 0) || !fnmatch("*.crt", *name, 0))
			any = add(stream, path) || any;
	}
	if (any && system)
		add(stream, system);
	fclose(stream);
	*length = size;
	if (!any) {
		free(bundle);
		bundle = NULL;
	}
	return bundle;
}
