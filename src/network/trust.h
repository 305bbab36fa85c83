/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom https trusts: the system's bundle of authorities, and every file
 * /etc/p2vd/ca.d/NAME.pem or NAME.crt (PEM, one certificate or more), which is
 * where a site puts its own into the image.
 */
#ifndef P2VD_TRUST_H
#define P2VD_TRUST_H

#include <stddef.h>

#define TRUST_DIRECTORY "/etc/p2vd/ca.d"

/*
 * All of them in one text, NULL when there are none in @directory, so that the
 * system's own are enough. A file that cannot be read is a warning.
 * @system: the bundle's path, or NULL. The caller frees.
 */
char *trust_bundle(const char *system, const char *directory, size_t *length);

#endif
