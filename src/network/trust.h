/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The certificate authorities that https trusts: the system's bundle, and every file
 * /etc/p2vd/ca.d/NAME.pem or NAME.crt (PEM, one certificate or more). There a site puts
 * its own into the image.
 */
#ifndef P2VD_TRUST_H
#define P2VD_TRUST_H

#include <stddef.h>

#define TRUST_DIRECTORY "/etc/p2vd/ca.d"

/*
 * Returns all of them as one text. Returns NULL if @directory has none: the caller can
 * then use the system's bundle alone. Warns about a file that cannot be read.
 * @system: the path of the system's bundle, or NULL. The caller frees.
 */
char *trust_bundle(const char *system, const char *directory, size_t *length);

#endif
