/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The algorithms that p2vd uses with an SSH server, the best first: those that both libssh2
 * and ssh(1) have, so that what the control connection agrees on is right for the tunnels,
 * too. libssh2 has neither post-quantum key exchange nor UMAC. SHA-1 comes last, for old
 * servers that have nothing else; what is weaker than that is not used.
 *
 * The names are those of sshd_config(5), separated by commas. No I/O.
 */
#ifndef P2VD_ALGORITHMS_H
#define P2VD_ALGORITHMS_H

#include <stddef.h>

#define ALGORITHMS_KEX                                                 \
	"curve25519-sha256,curve25519-sha256@libssh.org,"              \
	"ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"    \
	"diffie-hellman-group-exchange-sha256,"                        \
	"diffie-hellman-group16-sha512,diffie-hellman-group18-sha512," \
	"diffie-hellman-group14-sha256,diffie-hellman-group14-sha1,"   \
	"diffie-hellman-group-exchange-sha1"

/* Of host keys and users' keys. */
#define ALGORITHMS_KEYS                                                            \
	"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521," \
	"rsa-sha2-512,rsa-sha2-256,ssh-rsa"

/* The fastest first: with AES in the CPU, GCM needs 0.6 of chacha20's time; without it,
 * chacha20 needs less. */
#define ALGORITHMS_CIPHERS_AES                                                         \
	"aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com," \
	"aes128-ctr,aes192-ctr,aes256-ctr"
#define ALGORITHMS_CIPHERS_PLAIN                                                       \
	"chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com," \
	"aes128-ctr,aes192-ctr,aes256-ctr"

#define ALGORITHMS_MACS                                                \
	"hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com," \
	"hmac-sha2-256,hmac-sha2-512,hmac-sha1-etm@openssh.com,hmac-sha1"

/*
 * Reads what a server has sent first: its greeting, and the message with the algorithms that it
 * offers (RFC 4253, 4.2 and 7.1). If it has a kind of algorithms of which p2vd has none, a
 * sentence tells which and what to change; else NULL. The caller frees.
 */
char *algorithms_missing(const void *bytes, size_t length);

#endif
