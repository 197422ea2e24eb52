/* host[:port], of Host and of targets: text in, whether it is well formed out (RFC 3986, 3.2). */
#ifndef CONDUIT_AUTHORITY_H
#define CONDUIT_AUTHORITY_H

#include "chars.h"

/* Characters of names, percent-escapes, and `also` (-1: nothing). Returns where they end. */
static inline const uint8_t *conduit_name_end(const uint8_t *p, const uint8_t *end, int also)
{
    while (p < end) {
        if (conduit_is(*p, CONDUIT_NAME) || *p == also)
            p++;
        else if (*p == '%' && end - p > 2 && conduit_is(p[1], CONDUIT_HEX) && conduit_is(p[2], CONDUIT_HEX))
            p += 3;
        else
            break;
    }
    return p;
}

/* a.b.c.d, each 0 to 255 without leading zeros. */
static inline int conduit_is_ipv4(const uint8_t *p, const uint8_t *end)
{
    for (int part = 0; part < 4; part++) {
        const uint8_t *from = p;
        unsigned value = 0;
        if (part && (p == end || *p++ != '.'))
            return 0;
        if (part)
            from = p;
        for (; p < end && *p >= '0' && *p <= '9' && p - from < 3; p++)
            value = value * 10 + (*p - '0');
        if (p == from || value > 255 || (*from == '0' && p - from > 1))
            return 0;
    }
    return p == end;
}

/* Eight groups of at most four digits, the last two of which may be written as IPv4, and one :: for groups left out. */
static inline int conduit_is_ipv6(const uint8_t *p, const uint8_t *end)
{
    int groups = 0, gap = 0;
    if (end - p >= 2 && p[0] == ':' && p[1] == ':') {
        gap = 1;
        p += 2;
    }
    while (p < end) {
        const uint8_t *from = p;
        while (p < end && p - from < 4 && conduit_is(*p, CONDUIT_HEX))
            p++;
        if (p < end && *p == '.')
            return groups + 2 <= 8 - gap && (gap || groups == 6) && conduit_is_ipv4(from, end);
        if (p == from || ++groups > 8)
            return 0;
        if (p == end)
            break;
        if (*p++ != ':' || p == end)
            return 0;
        if (*p == ':') {
            if (gap++)
                return 0;
            p++;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

/* What stands between brackets: IPv6, or what may come after it: v1.anything. */
static inline int conduit_is_literal(const uint8_t *p, const uint8_t *end)
{
    if (p == end || (*p | 0x20) != 'v')
        return conduit_is_ipv6(p, end);
    const uint8_t *from = ++p;
    while (p < end && conduit_is(*p, CONDUIT_HEX))
        p++;
    if (p == from || end - p < 2 || *p++ != '.')
        return 0;
    while (p < end && (conduit_is(*p, CONDUIT_NAME) || *p == ':'))
        p++;
    return p == end;
}

/* Whether size bytes at p are host[:port]. A name may be empty ("Host:" is right where the target has no authority), a
   port too; those for whom that is too little look at *named and *ported. */
static inline int conduit_is_authority(const uint8_t *p, size_t size, int *named, int *ported)
{
    const uint8_t *from = p, *end = p + size;
    uint32_t port = 0;
    if (p < end && *p == '[') {
        p = memchr(p, ']', size);
        if (!p || !conduit_is_literal(from + 1, p))
            return 0;
        p++;
    } else {
        p = conduit_name_end(p, end, -1);
    }
    *named = p > from;
    *ported = 0;
    if (p == end)
        return 1;
    if (*p++ != ':')
        return 0;
    for (from = p; p < end && *p >= '0' && *p <= '9' && port <= 65535; p++)
        port = port * 10 + (*p - '0');
    *ported = p > from;
    return p == end && port <= 65535;
}

#endif
