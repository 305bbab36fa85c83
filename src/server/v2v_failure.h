/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a conversion failed: what virt-v2v's error messages mean. */
#ifndef P2VD_V2V_FAILURE_H
#define P2VD_V2V_FAILURE_H

#include <stdbool.h>

/* A sentence that explains the failure in virt-v2v's @log and says what to do, or NULL
 * where we know none. @code: virt-v2v's exit status, or less than 0 when it is not known. *@again:
 * whether another try may succeed, though nobody does anything. Static. */
const char *v2v_failure_explain(const char *log, int code, bool *again);

#endif
