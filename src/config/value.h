/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as users write them: reads and checks them.
 *
 * Every function returns NULL when the value is right, else a sentence that says
 * what would be right (the caller frees), and does not touch the result then. No
 * I/O, no globals.
 */
#ifndef P2VD_VALUE_H
#define P2VD_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 1 0 true false yes no on off, in any case. */
char *value_boolean(const char *text, bool *result);

/* One of @words (NULL-terminated); its index. */
char *value_word(const char *text, const char *const *words, unsigned *result);

/* The bounds are in the unit of the result. */
char *value_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *result);
/* "4096M", "4G"; where less than 1M is allowed, also "512K". */
char *value_bytes(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *result);
/* "300", "300s", "5m", "1h" */
char *value_seconds(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *result);

/* "+2", "-3.5", "5:30": hours from UTC, to seconds. */
char *value_hours(const char *text, int *result);

/* "a,b": at least one item, none empty, none twice. With @commas, two commas are one
 * within an item. The caller frees by list_free(). */
char *value_list(const char *text, bool commas, char ***result);

/* Any text: UTF-8 without control characters. The sentence does not quote it. All
 * functions below are for texts that this one accepts. */
char *value_check_text(const char *text);

/* What server_list.h reads. The second removes the brackets of an address that stands alone. */
char *value_check_server(const char *text);
char *value_server_plain(const char *text); /* "[::1]" to "::1"; the caller frees */

char *value_check_user(const char *text);
char *value_check_private_key(const char *text); /* one line; the sentence does not quote it */
char *value_check_url(const char *text); /* the sentence does not quote it */
char *value_check_fingerprint(const char *text); /* of a host key */
char *value_check_guest_name(const char *text);
char *value_check_disk(const char *text); /* a kernel name or an absolute path */
char *value_check_drive(const char *text); /* likewise, and of no fixed disk */
char *value_check_interface(const char *text); /* a kernel name */
char *value_check_mapping(const char *text); /* interface:network, or network */
char *value_check_mode(const char *text); /* of virt-v2v -o */
char *value_check_format(const char *text); /* of virt-v2v -of */
char *value_check_streams(const char *text); /* auto, or 1 to 8 */
char *value_check_store(const char *text); /* auto, no, or an absolute path */
char *value_check_argument(const char *text); /* of another option of virt-v2v */
char *value_check_root(const char *text); /* of virt-v2v --root */
char *value_check_key(const char *text); /* DEVICE:PASSPHRASE; not quoted either */
char *value_check_mac(const char *text); /* of virt-v2v --mac */
char *value_check_token(const char *text); /* of RFC 6750; not quoted either */
char *value_check_keymap(const char *text); /* of loadkeys(1) */

/* A whole p2v.network_map: at most one network alone, each interface once. */
char *value_check_network_map(char *const *list);

#endif
