/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbers of the NBD protocol that both sides of the relay use, as
 * https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md defines them.
 * All are big-endian on the wire. Offsets and lengths are bytes.
 */
#ifndef P2VD_NBD_H
#define P2VD_NBD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NBD_MAGIC 0x4e42444d41474943ULL  /* "NBDMAGIC" */
#define NBD_OPTION 0x49484156454f5054ULL /* "IHAVEOPT" */
#define NBD_OPTION_REPLY 0x3e889045565a9ULL

enum {
	NBD_FIXED_NEWSTYLE = 1, /* in the greeting, of both sides */
	NBD_NO_ZEROES = 2,

	NBD_HAS_FLAGS = 1, /* of an export */
	NBD_READ_ONLY = 2,
	NBD_DONT_FRAGMENT = 1 << 7,
	NBD_MULTI_CONN = 1 << 8,
};

enum nbd_option {
	NBD_OPT_EXPORT_NAME = 1,
	NBD_OPT_ABORT = 2,
	NBD_OPT_LIST = 3,
	NBD_OPT_STARTTLS = 5,
	NBD_OPT_INFO = 6,
	NBD_OPT_GO = 7,
	NBD_OPT_STRUCTURED_REPLY = 8,
	NBD_OPT_LIST_META_CONTEXT = 9,
	NBD_OPT_SET_META_CONTEXT = 10,
	NBD_OPT_EXTENDED_HEADERS = 11,
};

enum nbd_option_reply {
	NBD_REP_ACK = 1,
	NBD_REP_SERVER,
	NBD_REP_INFO,
	NBD_REP_META_CONTEXT,
};
#define NBD_REP_ERROR 0x80000000U /* all errors have this bit */
#define NBD_REP_ERR_UNSUP (NBD_REP_ERROR + 1)
#define NBD_REP_ERR_INVALID (NBD_REP_ERROR + 3)
#define NBD_REP_ERR_UNKNOWN (NBD_REP_ERROR + 6)

enum { NBD_INFO_EXPORT = 0, NBD_INFO_BLOCK_SIZE = 3 };

#define NBD_REQUEST_MAGIC 0x25609513U
#define NBD_REQUEST_MAGIC_EXTENDED 0x21e41c71U
#define NBD_REPLY_MAGIC 0x67446698U
#define NBD_CHUNK_MAGIC 0x668e33efU
#define NBD_CHUNK_MAGIC_EXTENDED 0x6e8a278cU

#define NBD_REQUEST_SIZE 28
#define NBD_REQUEST_SIZE_EXTENDED 32
#define NBD_REPLY_SIZE 16
#define NBD_CHUNK_SIZE 20
#define NBD_CHUNK_SIZE_EXTENDED 32

enum nbd_command {
	NBD_CMD_READ,
	NBD_CMD_WRITE,
	NBD_CMD_DISC,
	NBD_CMD_FLUSH,
	NBD_CMD_TRIM,
	NBD_CMD_CACHE,
	NBD_CMD_WRITE_ZEROES,
	NBD_CMD_BLOCK_STATUS,
};

/* Flags of a command. The last is of extended headers only. */
enum { NBD_CMD_DF = 1 << 2, NBD_CMD_REQ_ONE = 1 << 3, NBD_CMD_PAYLOAD_LENGTH = 1 << 5 };

enum nbd_chunk {
	NBD_CHUNK_NONE = 0,
	NBD_CHUNK_DATA = 1,
	NBD_CHUNK_HOLE = 2,
	NBD_CHUNK_STATUS = 5,
	NBD_CHUNK_STATUS_EXTENDED = 6,
	NBD_CHUNK_ERROR = 1 << 15 | 1,
	NBD_CHUNK_ERROR_OFFSET = 1 << 15 | 2,
};
#define NBD_CHUNK_IS_ERROR (1 << 15)
#define NBD_CHUNK_DONE 1 /* the flag of a reply's last chunk */

/* Errors on the wire. */
enum {
	NBD_EPERM = 1,
	NBD_EIO = 5,
	NBD_EINVAL = 22,
	NBD_ESHUTDOWN = 108,
};

/* The only metadata context that both sides know; its states are a hole, and zeros. */
#define NBD_ALLOCATION "base:allocation"
enum { NBD_STATE_HOLE = 1, NBD_STATE_ZERO = 2 };

/* Bytes that a request may read, and that the names and queries of an option may have. */
#define NBD_READ_MAX (32U << 20)
#define NBD_OPTION_MAX 16384U

/* How @length bytes in a row are stored. */
struct nbd_extent {
	uint64_t length;
	uint32_t state;
};

/* What the bytes that came are. */
enum nbd_step {
	NBD_MORE,    /* not all of a message; more must come */
	NBD_NEXT,    /* a message that is dealt with */
	NBD_REQUEST, /* towards virt-v2v: a request */
	NBD_READY,   /* towards the machine: the handshake is done */
	NBD_REPLY,   /* towards the machine: a reply, or a part of one */
	NBD_CLOSE,   /* the peer asks for the end of the connection */
	NBD_WRONG,   /* no NBD, or none that we agreed to: the connection is to be closed */
};

#endif
