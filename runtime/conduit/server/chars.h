/* Bytes: to what classes each belongs, and how text is compared and searched. */
#ifndef CONDUIT_CHARS_H
#define CONDUIT_CHARS_H

#include "http1.h"

/* The classes. A target may hold any visible ASCII but '#': browsers send "<>\^`{|} as they stand, and what RFC 3986
   leaves out of a path means nothing else there. Bytes from 0x80, blanks and controls are refused. */
enum {
    CONDUIT_TOKEN = 1,   /* RFC 9110, 5.6.2: methods, names of fields */
    CONDUIT_TARGET = 2,  /* a target */
    CONDUIT_PLAIN = 4,   /* … but neither '?' nor '%' */
    CONDUIT_TEXT = 8,    /* RFC 9110, 5.5: values of fields; blank, HTAB, visible, from 0x80 */
    CONDUIT_HEX = 16,    /* hexadecimal digits */
    CONDUIT_NAME = 32,   /* RFC 3986, 3.2.2: unreserved and sub-delims, what names of hosts are made of */
    CONDUIT_QUOTED = 64, /* RFC 9110, 5.6.4: text within quotes that needs no backslash */
};

static const uint8_t conduit_chars[256] = {
      0,   0,   0,   0,   0,   0,   0,   0,   0,  72,   0,   0,   0,   0,   0,   0, /* 00 */
      0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0, /* 10 */
     72, 111,  14,  73, 111,  75, 111, 111, 110, 110, 111, 111, 110, 111, 111,  78, /* 20 */
    127, 127, 127, 127, 127, 127, 127, 127, 127, 127,  78, 110,  78, 110,  78,  74, /* 30 */
     78, 127, 127, 127, 127, 127, 127, 111, 111, 111, 111, 111, 111, 111, 111, 111, /* 40 */
    111, 111, 111, 111, 111, 111, 111, 111, 111, 111, 111,  78,  14,  78,  79, 111, /* 50 */
     79, 127, 127, 127, 127, 127, 127, 111, 111, 111, 111, 111, 111, 111, 111, 111, /* 60 */
    111, 111, 111, 111, 111, 111, 111, 111, 111, 111, 111,  78,  79,  78, 111,   0, /* 70 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* 80 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* 90 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* a0 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* b0 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* c0 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* d0 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* e0 */
     72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72,  72, /* f0 */
};

static inline int conduit_is(uint8_t byte, int kind) { return conduit_chars[byte] & kind; }

/* Sets why and returns the status. */
static inline int conduit_refuse(const char **why, int status, const char *sentence)
{
    *why = sentence;
    return status;
}

/* Whether text is this word of lower-case letters, digits and hyphens. Text was read as visible characters, of which
   only capital letters become those by setting the bit. */
static inline int conduit_same(const uint8_t *text, size_t size, const char *word, size_t word_size)
{
    if (size != word_size)
        return 0;
    for (size_t i = 0; i < size; i++)
        if ((text[i] | 0x20) != (uint8_t)word[i])
            return 0;
    return 1;
}

#define CONDUIT_SAME(text, size, word) conduit_same(text, size, word, sizeof(word) - 1)

static inline uint8_t conduit_digit(uint8_t hex) { return hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10; }

/* The first byte from `at` on that may not stand in a value, or end. Eight bytes at a time: a byte below 0x20, or one
   that is 0x7f, borrows from its highest bit; HTAB does too, and is then told apart by the table. */
static inline uint32_t conduit_text_end(const uint8_t *p, uint32_t at, uint32_t end)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    while (end - at >= 8) {
        uint64_t word, other;
        memcpy(&word, p + at, 8);
        other = word ^ (ones * 0x7f);
        if (((word - ones * 0x20) & ~word & high) | ((other - ones) & ~other & high)) {
            for (uint32_t stop = at + 8; at < stop; at++)
                if (!conduit_is(p[at], CONDUIT_TEXT))
                    return at;
        } else {
            at += 8;
        }
    }
    while (at < end && conduit_is(p[at], CONDUIT_TEXT))
        at++;
    return at;
}

#endif
