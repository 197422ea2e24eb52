/* Inputs made from inputs: bytes, blocks, words of HTTP, and two inputs joined. Everything follows from one seed. */
#ifndef CONDUIT_MUTATE_H
#define CONDUIT_MUTATE_H

#include <stdint.h>
#include <string.h>

enum { LONGEST = 1024 };

typedef struct {
    uint8_t bytes[LONGEST];
    size_t size;
} input;

static uint64_t dice = 1;

static uint64_t roll64(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice * 0x2545f4914f6cdd1du;
}

static uint32_t roll(uint32_t sides) { return (uint32_t)((roll64() >> 32) * sides >> 32); }

static const char *const words[] = {
    "GET ", "HEAD ", "POST ", "OPTIONS ", "CONNECT ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "/", "*", "?", "?a=b",
    "%", "%41", "#", "http://", "HTTPS://", "http://u:p@h:1/", "//", "@", ":", ":80", ":65535", ":65536", "[::1]",
    "[", "]", "::", "1.2.3.4", "[::ffff:1.2.3.4]", "[v1.a]", "a:1", " HTTP/1.1\r\n", " HTTP/1.0\r\n",
    " HTTP/1.2\r\n", " HTTP/2.0\r\n", "HTTP/", "\r\n", "\r", "\n", "\r\n\r\n", "\r\n ", "\r\n\t", " ", "\t", "\0",
    "\x7f", "\x80", "\xff", "Host: a\r\n", "Host:", "Host: a:b\r\n", "Content-Length: 3\r\n",
    "Content-Length: 0\r\n", "Content-Length:", "Content-Length: 18446744073709551617\r\n",
    "9223372036854775807", "18446744073709551616",
    "Transfer-Encoding: chunked\r\n", "Transfer-Encoding:", "chunked", "gzip, chunked", "identity",
    "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n",
    "Connection:", "Upgrade:", "upgrade", "websocket", "keep-alive, ", ",", ", ,", "Expect: 100-continue\r\n",
    "Expect: x\r\n", "X: y\r\n", "x:\r\n", "0\r\n\r\n", "3\r\nabc\r\n", "00000000000000003", "7fffffffffffffff",
    "8000000000000000", "fffffffffffffffff", "1;a\r\nZ\r\n", "1;a=b;c=\"d\\\"\"\r\nZ\r\n", "0;x\r\n", ";", "=",
    "\"", "\\", "0\r\nT: u\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
};

/* Puts size bytes in the place of `gone` bytes at `at`; what grows too long is cut off. */
static void put(input *to, size_t at, size_t gone, const uint8_t *bytes, size_t size)
{
    if (size > LONGEST - at)
        size = LONGEST - at;
    size_t tail = to->size - at - gone;
    if (tail > LONGEST - at - size)
        tail = LONGEST - at - size;
    memmove(to->bytes + at + size, to->bytes + at + gone, tail);
    memmove(to->bytes + at, bytes, size);
    to->size = at + size + tail;
}

static void mutate(input *to, const input *other)
{
    uint8_t block[LONGEST];
    size_t at = roll((uint32_t)to->size + 1), left = to->size - at;
    size_t size = left ? roll((uint32_t)(left < 32 ? left : 32)) + 1 : 0;
    const char *word = words[roll(sizeof words / sizeof *words)];
    size_t letters = *word ? strlen(word) : 1;
    const uint8_t *line = memchr(to->bytes + at, '\n', left);
    if (line && word[letters - 1] == '\n' && roll(4)) /* whole lines, between lines */
        at = (size_t)(line + 1 - to->bytes);
    left = to->size - at;
    size = size < left ? size : left;
    switch (roll(10)) {
    case 0:
    case 1:
        put(to, at, 0, (const uint8_t *)word, letters);
        break;
    case 2:
        put(to, at, letters < left ? letters : left, (const uint8_t *)word, letters);
        break;
    case 3:
        put(to, at, size, block, 0);
        break;
    case 4: /* a block of this input again, elsewhere */
        memcpy(block, to->bytes + at, size);
        put(to, roll((uint32_t)to->size + 1), 0, block, size);
        break;
    case 5: /* a block of the other input */
        at = roll((uint32_t)to->size + 1);
        left = roll((uint32_t)other->size + 1);
        size = roll((uint32_t)(other->size - left) + 1);
        put(to, at, roll(2) ? to->size - at : 0, other->bytes + left, size);
        break;
    case 6: /* a byte many times over */
        memset(block, left ? to->bytes[at] : 'a', 200);
        put(to, at, 0, block, 1 + roll(roll(4) ? 20 : 200));
        break;
    case 7:
        if (left)
            to->bytes[at] ^= 1 << roll(8);
        break;
    case 8:
        block[0] = (uint8_t)roll(256);
        put(to, at, 0, block, 1);
        break;
    default:
        if (left)
            to->bytes[at] = roll(2) ? (uint8_t)roll(256) : (uint8_t) "09azAZ\r\n \t:;,=\"%"[roll(16)];
    }
}

#endif
