/* The bytes of a connection, in any cuts, through head and body and the next head; what is found goes to a listener.

   Whoever includes this defines the three that listen. It is what the protocol does around the parser, and no more. */
#ifndef CONDUIT_STREAM_H
#define CONDUIT_STREAM_H

#include "http1.h"

typedef struct {
    conduit_limits limits;
    uint32_t extra; /* the limit of extensions and trailers */
    conduit_head head;
    conduit_chunks chunks;
    uint64_t left; /* of a body with a length */
    enum { IN_HEAD, IN_LENGTH, IN_CHUNKS, STOPPED } in;
    int status; /* of a refusal; 0 where there was none */
    const char *why;
    void *to; /* the listener */
} stream;

static void heard_head(void *to, const conduit_head *head, const uint8_t *p);
static void heard_data(void *to, const uint8_t *data, size_t size);
static void heard_over(void *to);

static void stream_begin(stream *s, conduit_limits limits, uint32_t extra, void *to)
{
    memset(s, 0, sizeof *s);
    s->limits = limits;
    s->extra = extra;
    s->to = to;
    conduit_head_begin(&s->head);
}

static void stream_over(stream *s)
{
    heard_over(s->to);
    s->in = s->head.close || s->head.websocket ? STOPPED : IN_HEAD;
    conduit_head_begin(&s->head);
}

static void stream_head(stream *s, const uint8_t *p)
{
    heard_head(s->to, &s->head, p);
    s->left = s->head.length;
    s->in = s->head.chunked ? IN_CHUNKS : IN_LENGTH;
    conduit_chunks_begin(&s->chunks, s->extra);
    if (s->in == IN_LENGTH && !s->left)
        stream_over(s);
}

static void stream_refused(stream *s, int status, const char *why)
{
    s->in = STOPPED;
    s->status = status;
    s->why = why;
}

/* Reads what can be read of size bytes at p, the first of which is the first that was not taken before. Returns how
   many were taken: an unfinished head stays where it is. */
static size_t stream_feed(stream *s, const uint8_t *p, size_t size)
{
    const uint8_t *from = p, *end = p + size, *data;
    size_t data_size;
    int status;
    while (p < end && s->in != STOPPED) {
        if (s->in == IN_HEAD) {
            uint32_t there;
            status = conduit_head_read(&s->head, p, (size_t)(end - p), &s->limits);
            if (status == CONDUIT_HTTP_MORE)
                break;
            there = s->head.size;
            if (status == CONDUIT_HTTP_DONE)
                stream_head(s, p), p += there;
            else
                stream_refused(s, status, s->head.why);
        } else if (s->in == IN_LENGTH) {
            data_size = (uint64_t)(end - p) < s->left ? (size_t)(end - p) : (size_t)s->left;
            heard_data(s->to, p, data_size);
            p += data_size;
            s->left -= data_size;
            if (!s->left)
                stream_over(s);
        } else {
            status = conduit_chunks_read(&s->chunks, &p, end, &data, &data_size);
            if (status == CONDUIT_HTTP_DATA)
                heard_data(s->to, data, data_size);
            else if (status == CONDUIT_HTTP_DONE)
                stream_over(s);
            else if (status != CONDUIT_HTTP_MORE)
                stream_refused(s, status, s->chunks.why);
        }
    }
    return (size_t)(p - from);
}

#endif
