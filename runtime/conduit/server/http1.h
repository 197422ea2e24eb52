/* HTTP/1.1 requests: bytes in; a head, pieces of a body, or the status of a refusal out (RFC 9110, RFC 9112).

   Strict and incremental: whatever the cuts, the same bytes give the same result, and an error is told at the first
   byte that makes it one. No byte of a field line is looked at twice. Nothing is copied or allocated, nothing
   outside of what was given is read, and there is no Python in here, so that all of it is fuzzed with sanitizers. */
#ifndef CONDUIT_HTTP1_H
#define CONDUIT_HTTP1_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What the readers return; anything else is the HTTP status of the refusal: 400, 413, 414, 417, 431, 501, 505.
   After a refusal the connection cannot go on, and a reader is not called again. */
enum { CONDUIT_HTTP_MORE = 0, CONDUIT_HTTP_DONE = 1, CONDUIT_HTTP_DATA = 2 };

/* A part of the head; offsets are from the head's first byte. */
typedef struct {
    uint32_t at, size;
} conduit_slice;

/* Bytes of the whole head, number of field lines, bytes of the target. */
typedef struct {
    uint32_t head, fields, target;
} conduit_limits;

/* What a target looks like (RFC 9112, 3.2): /path?query, http://host/path?query, host:port (CONNECT), * (OPTIONS). */
enum { CONDUIT_FORM_ORIGIN, CONDUIT_FORM_ABSOLUTE, CONDUIT_FORM_AUTHORITY, CONDUIT_FORM_ASTERISK };

typedef struct {
    /* Progress, kept between calls. */
    uint32_t line;    /* where the unfinished line begins */
    uint32_t colon;   /* … and the colon of this field line */
    uint32_t scanned; /* where to go on */
    uint32_t fields;  /* how many so far */
    uint8_t stage;
    uint8_t seen; /* CONDUIT_SEEN_…: fields that change what others mean */

    /* Once DONE. */
    uint8_t minor; /* HTTP/1.0 or HTTP/1.1 */
    uint8_t form;
    uint8_t plain;           /* the path holds no '%' (and is ASCII, as all targets): its bytes are the decoded path */
    uint8_t close;           /* the connection is to end after the answer */
    uint8_t chunked;         /* at most one of chunked and has_length is true */
    uint8_t has_length;
    uint8_t expect_continue; /* HTTP/1.1, there is to be a body, and the client waits for 100 before sending it */
    uint8_t upgrade;         /* HTTP/1.1, `upgrade` in Connection, and there is an Upgrade field */
    uint8_t websocket;       /* … which names websocket, and the method is GET */
    uint8_t skipped;         /* bytes of empty lines before the request line; they are part of `size` */
    uint32_t size;           /* bytes of the head, with the empty line at its end */
    conduit_slice method, target;
    conduit_slice path;  /* size 0 stands for "/" (absolute form) or for no path at all (authority and asterisk form) */
    conduit_slice query; /* without '?'; `at` is 0 where there is none */
    conduit_slice host;  /* host[:port] of the target where it has one, else of Host; `at` is 0 where there is none */
    uint32_t fields_at, fields_end; /* the field lines */
    uint64_t length;                /* Content-Length, at most 2^63 - 1 */
    const char *why;                /* of a refusal: a sentence for the one who sent it */
} conduit_head;

/* Pieces of a chunked body. */
typedef struct {
    uint64_t left;  /* bytes of this chunk still to come */
    uint32_t extra; /* bytes of extensions and trailers so far … */
    uint32_t limit; /* … which may not be more than this */
    uint8_t stage;
    uint8_t digits;     /* of the size that is being read */
    uint8_t name, like; /* how much of a trailer's name is that of a framing field, and of which */
    const char *why;
} conduit_chunks;

static inline void conduit_head_begin(conduit_head *head);

/* Reads a head. p is its first byte at every call (it may have moved in memory), size what is there by now.
   MORE: call again with more of it. DONE: head->size bytes of p were the head. */
static inline int conduit_head_read(conduit_head *head, const uint8_t *p, size_t size, const conduit_limits *limits);

/* Walks the field lines of a finished head: 1 and a name as it was sent, a value without blanks at its ends; 0 at the
   end. *at begins as head->fields_at. */
static inline int conduit_field_next(const uint8_t *p, const conduit_head *head, uint32_t *at, conduit_slice *name,
                                     conduit_slice *value);

static inline void conduit_chunks_begin(conduit_chunks *chunks, uint32_t limit);

/* Reads a chunked body from *p, which it moves towards end. DATA: *data_size bytes at *data are a piece of the body,
   call again. MORE: everything was read. DONE: body and trailers are over, *p stands behind them. Trailers are checked
   as fields and then ignored (RFC 9110, 6.5.1); Content-Length and Transfer-Encoding among them are refused. */
static inline int conduit_chunks_read(conduit_chunks *chunks, const uint8_t **p, const uint8_t *end,
                                      const uint8_t **data, size_t *data_size);

#include "chars.h"
#include "authority.h"
#include "fields.h"
#include "request.h"
#include "head.h"
#include "chunks.h"

#endif
