/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Varlink interface io.p2vd.Daemon, as `varlinkctl introspect` shows it: what others may
 * ask p2vd and tell it. https://varlink.org/Interface-Definition has the form.
 *
 * Everything in it has a comment, for these comments are its documentation.
 */
#ifndef P2VD_INTERFACE_H
#define P2VD_INTERFACE_H

#include <systemd/sd-varlink.h>

#define INTERFACE "io.p2vd.Daemon"

#define ERROR_WRONG_WORDS INTERFACE ".WrongWords"
#define ERROR_BUSY INTERFACE ".Busy"
#define ERROR_NOTHING_RUNS INTERFACE ".NothingRuns"

extern const sd_varlink_interface service_interface;

#endif
