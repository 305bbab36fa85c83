/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets: wiped before they are freed, and hidden wherever text leaves the
 * process. A secret is registered once with secret_register(); from then on
 * secret_redact() replaces it by ***.
 *
 * A short one (below SECRET_SHORT bytes) is replaced only where it is a word of its own:
 * "e***it" would be hard to read, and would tell everybody what the secret is.
 */
#ifndef P2VD_SECRET_H
#define P2VD_SECRET_H

#include <stddef.h>

#define SECRET_SHORT 8

/* Remembers a copy of @text (NULL and "" are ignored) until secret_forget_all(). */
void secret_register(const char *text);
void secret_forget_all(void);

/* A copy of @text in which each registered secret reads ***. The caller frees. */
char *secret_redact(const char *text);

/* Wipes and frees; NULL is fine. */
void secret_free(char *text);
void secret_free_length(void *data, size_t length);

#endif
