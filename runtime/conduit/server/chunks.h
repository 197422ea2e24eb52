/* A chunked body: bytes in, pieces of the body out (RFC 9112, 7.1). One state per byte of what is not data. */
#ifndef CONDUIT_CHUNKS_H
#define CONDUIT_CHUNKS_H

#include "fields.h"

enum {
    CONDUIT_CHUNK_SIZE,
    CONDUIT_CHUNK_BLANK,       /* blanks after a size or a value: a semicolon must follow */
    CONDUIT_CHUNK_NAME_START,  /* after the semicolon, before the name of an extension */
    CONDUIT_CHUNK_NAME,
    CONDUIT_CHUNK_NAME_BLANK,  /* blanks after a name: '=' or a semicolon must follow */
    CONDUIT_CHUNK_VALUE_START, /* after '=' */
    CONDUIT_CHUNK_VALUE,
    CONDUIT_CHUNK_QUOTED,
    CONDUIT_CHUNK_ESCAPED,
    CONDUIT_CHUNK_VALUE_END, /* after the closing quote */
    CONDUIT_CHUNK_LF,        /* of the line with the size */
    CONDUIT_CHUNK_DATA,
    CONDUIT_CHUNK_DATA_CR,
    CONDUIT_CHUNK_DATA_LF,
    CONDUIT_TRAILER_START,
    CONDUIT_TRAILER_NAME,
    CONDUIT_TRAILER_VALUE,
    CONDUIT_TRAILER_LF,
    CONDUIT_TRAILERS_LF, /* of the empty line at the very end */
    CONDUIT_CHUNKS_OVER,
};

static inline void conduit_chunks_begin(conduit_chunks *chunks, uint32_t limit)
{
    memset(chunks, 0, sizeof *chunks);
    chunks->limit = limit;
}

/* What follows a size, a name or a value; -1 where nothing of it does. */
static inline int conduit_chunk_after(uint8_t byte)
{
    return byte == ';' ? CONDUIT_CHUNK_NAME_START : byte == '\r' ? CONDUIT_CHUNK_LF : -1;
}

/* One byte of an extension: the next stage, or -1. Blanks at the end of the line are not in the grammar. */
static inline int conduit_chunk_extension(int stage, uint8_t byte)
{
    int token = conduit_is(byte, CONDUIT_TOKEN);
    switch (stage) {
    case CONDUIT_CHUNK_BLANK:
        return conduit_blank(byte) ? stage : byte == ';' ? CONDUIT_CHUNK_NAME_START : -1;
    case CONDUIT_CHUNK_NAME_START:
        return conduit_blank(byte) ? stage : token ? CONDUIT_CHUNK_NAME : -1;
    case CONDUIT_CHUNK_NAME:
        if (token)
            return stage;
        if (conduit_blank(byte))
            return CONDUIT_CHUNK_NAME_BLANK;
        return byte == '=' ? CONDUIT_CHUNK_VALUE_START : conduit_chunk_after(byte);
    case CONDUIT_CHUNK_NAME_BLANK:
        if (conduit_blank(byte))
            return stage;
        return byte == '=' ? CONDUIT_CHUNK_VALUE_START : byte == ';' ? CONDUIT_CHUNK_NAME_START : -1;
    case CONDUIT_CHUNK_VALUE_START:
        if (conduit_blank(byte))
            return stage;
        return byte == '"' ? CONDUIT_CHUNK_QUOTED : token ? CONDUIT_CHUNK_VALUE : -1;
    case CONDUIT_CHUNK_VALUE:
        if (token)
            return stage;
        return conduit_blank(byte) ? CONDUIT_CHUNK_BLANK : conduit_chunk_after(byte);
    case CONDUIT_CHUNK_QUOTED:
        if (byte == '"')
            return CONDUIT_CHUNK_VALUE_END;
        return byte == '\\' ? CONDUIT_CHUNK_ESCAPED : conduit_is(byte, CONDUIT_QUOTED) ? stage : -1;
    case CONDUIT_CHUNK_ESCAPED:
        return conduit_is(byte, CONDUIT_TEXT) ? CONDUIT_CHUNK_QUOTED : -1;
    default: /* CONDUIT_CHUNK_VALUE_END */
        return conduit_blank(byte) ? CONDUIT_CHUNK_BLANK : conduit_chunk_after(byte);
    }
}

/* One byte of the size: at most 16 digits, so that zeros in front end too, and below 2^63. */
static inline int conduit_chunk_size(conduit_chunks *chunks, uint8_t byte)
{
    if (conduit_is(byte, CONDUIT_HEX)) {
        if (++chunks->digits > 16 || chunks->left >> 59)
            return -1;
        chunks->left = chunks->left << 4 | conduit_digit(byte);
        return CONDUIT_CHUNK_SIZE;
    }
    if (!chunks->digits)
        return -1;
    chunks->digits = 0;
    return conduit_blank(byte) ? CONDUIT_CHUNK_BLANK : conduit_chunk_after(byte);
}

/* One byte of a trailer's name; those that make the framing are told, for they are refused wherever they come. */
static inline void conduit_trailer_name(conduit_chunks *chunks, uint8_t byte)
{
    static const char words[2][18] = {"content-length", "transfer-encoding"};
    for (int i = 0; chunks->like && i < 2; i++)
        if (chunks->like >> i & 1 && (byte | 0x20) != words[i][chunks->name])
            chunks->like ^= (uint8_t)(1 << i);
    chunks->name++;
}

/* One byte of the trailers. */
static inline int conduit_trailer(conduit_chunks *chunks, uint8_t byte)
{
    switch (chunks->stage) {
    case CONDUIT_TRAILER_START:
        if (byte == '\r')
            return CONDUIT_TRAILERS_LF;
        chunks->name = 0;
        chunks->like = 3;
        conduit_trailer_name(chunks, byte);
        return conduit_is(byte, CONDUIT_TOKEN) ? CONDUIT_TRAILER_NAME : -1;
    case CONDUIT_TRAILER_NAME:
        if (byte == ':')
            return chunks->like && chunks->name == (chunks->like & 1 ? 14 : 17) ? -1 : CONDUIT_TRAILER_VALUE;
        conduit_trailer_name(chunks, byte);
        return conduit_is(byte, CONDUIT_TOKEN) ? CONDUIT_TRAILER_NAME : -1;
    case CONDUIT_TRAILER_VALUE:
        return conduit_is(byte, CONDUIT_TEXT) ? CONDUIT_TRAILER_VALUE : byte == '\r' ? CONDUIT_TRAILER_LF : -1;
    case CONDUIT_TRAILER_LF:
        return byte == '\n' ? CONDUIT_TRAILER_START : -1;
    default: /* CONDUIT_TRAILERS_LF */
        return byte == '\n' ? CONDUIT_CHUNKS_OVER : -1;
    }
}

/* One byte of what is not data: the next stage, or -1. */
static inline int conduit_chunk_step(conduit_chunks *chunks, uint8_t byte)
{
    int stage = chunks->stage;
    if (stage == CONDUIT_CHUNK_SIZE)
        return conduit_chunk_size(chunks, byte);
    if (stage < CONDUIT_CHUNK_LF)
        return conduit_chunk_extension(stage, byte);
    if (stage >= CONDUIT_TRAILER_START)
        return conduit_trailer(chunks, byte);
    if (stage == CONDUIT_CHUNK_DATA_CR)
        return byte == '\r' ? CONDUIT_CHUNK_DATA_LF : -1;
    if (byte != '\n')
        return -1;
    if (stage == CONDUIT_CHUNK_DATA_LF)
        return CONDUIT_CHUNK_SIZE;
    return chunks->left ? CONDUIT_CHUNK_DATA : CONDUIT_TRAILER_START;
}

static inline int conduit_chunk_refuse(conduit_chunks *chunks)
{
    int stage = chunks->stage;
    if (stage >= CONDUIT_TRAILER_START)
        return conduit_refuse(&chunks->why, 400, "A trailer is malformed or changes the framing.");
    if (stage == CONDUIT_CHUNK_DATA_CR || stage == CONDUIT_CHUNK_DATA_LF)
        return conduit_refuse(&chunks->why, 400, "A chunk is longer than its size.");
    if (stage == CONDUIT_CHUNK_SIZE)
        return conduit_refuse(&chunks->why, 400, "The size of a chunk is malformed.");
    return conduit_refuse(&chunks->why, 400, "An extension of a chunk is malformed.");
}

static inline int conduit_chunks_read(conduit_chunks *chunks, const uint8_t **p, const uint8_t *end,
                                      const uint8_t **data, size_t *data_size)
{
    while (chunks->stage != CONDUIT_CHUNKS_OVER) {
        if (*p == end)
            return CONDUIT_HTTP_MORE;
        if (chunks->stage == CONDUIT_CHUNK_DATA) {
            size_t there = (size_t)(end - *p);
            *data = *p;
            *data_size = there < chunks->left ? there : (size_t)chunks->left;
            *p += *data_size;
            chunks->left -= *data_size;
            if (!chunks->left)
                chunks->stage = CONDUIT_CHUNK_DATA_CR;
            return CONDUIT_HTTP_DATA;
        }
        int stage = conduit_chunk_step(chunks, **p);
        if (stage < 0)
            return conduit_chunk_refuse(chunks);
        int trailer = stage >= CONDUIT_TRAILER_NAME && stage <= CONDUIT_TRAILER_LF;
        if ((trailer || (stage >= CONDUIT_CHUNK_BLANK && stage <= CONDUIT_CHUNK_VALUE_END)) &&
            ++chunks->extra > chunks->limit)
            return conduit_refuse(&chunks->why, trailer ? 431 : 413, "Extensions and trailers are too large.");
        chunks->stage = (uint8_t)stage;
        ++*p;
    }
    return CONDUIT_HTTP_DONE;
}

#endif
