/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a conversion failed: what virt-v2v's error messages mean. */
#ifndef P2VD_V2V_FAILURE_H
#define P2VD_V2V_FAILURE_H

/* A sentence that explains the failure in virt-v2v's @log and says what to do, or NULL
 * where we know none. @code: virt-v2v's exit status, -1 when it is not known. Static. */
const char *v2v_failure_explain(const char *log, int code);

#endif
