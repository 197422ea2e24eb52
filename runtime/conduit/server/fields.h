/* Field lines: a name and a value in; what they mean for the framing and for the connection out. */
#ifndef CONDUIT_FIELDS_H
#define CONDUIT_FIELDS_H

#include "authority.h"

enum {
    CONDUIT_SEEN_HOST = 1,
    CONDUIT_SEEN_CLOSE = 2,      /* Connection: close */
    CONDUIT_SEEN_KEEP_ALIVE = 4, /* Connection: keep-alive */
    CONDUIT_SEEN_UPGRADE = 8,    /* Connection: upgrade */
    CONDUIT_SEEN_PROTOCOL = 16,  /* an Upgrade field … */
    CONDUIT_SEEN_WEBSOCKET = 32, /* … that names websocket */
    CONDUIT_SEEN_CONTINUE = 64,  /* Expect: 100-continue */
    CONDUIT_SEEN_STRANGE = 128,  /* Expect: anything else */
};

static inline int conduit_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

static inline void conduit_trim(const uint8_t *p, uint32_t *from, uint32_t *to)
{
    while (*from < *to && conduit_blank(p[*from]))
        ++*from;
    while (*to > *from && conduit_blank(p[*to - 1]))
        --*to;
}

/* The next member of a list with commas that is not empty (RFC 9110, 5.6.1.2). */
static inline int conduit_member(const uint8_t *p, conduit_slice *list, conduit_slice *member)
{
    uint32_t end = list->at + list->size;
    while (list->at < end) {
        const uint8_t *comma = memchr(p + list->at, ',', end - list->at);
        uint32_t from = list->at, to = comma ? (uint32_t)(comma - p) : end;
        list->at = comma ? to + 1 : end;
        list->size = end - list->at;
        conduit_trim(p, &from, &to);
        if (from < to) {
            member->at = from;
            member->size = to - from;
            return 1;
        }
    }
    return 0;
}

static inline int conduit_host(conduit_head *head, const uint8_t *p, conduit_slice value)
{
    int named, ported;
    if (head->seen & CONDUIT_SEEN_HOST)
        return conduit_refuse(&head->why, 400, "There is more than one Host field.");
    head->seen |= CONDUIT_SEEN_HOST;
    if (!conduit_is_authority(p + value.at, value.size, &named, &ported))
        return conduit_refuse(&head->why, 400, "The Host field is malformed.");
    if (!head->host.at) /* a host in the target goes before it (RFC 9112, 3.2.2) */
        head->host = value;
    return CONDUIT_HTTP_DONE;
}

static inline int conduit_content_length(conduit_head *head, const uint8_t *p, conduit_slice value)
{
    uint64_t length = 0;
    if (head->has_length)
        return conduit_refuse(&head->why, 400, "There is more than one Content-Length field.");
    if (head->chunked)
        return conduit_refuse(&head->why, 400, "Content-Length and Transfer-Encoding exclude each other.");
    if (!value.size)
        return conduit_refuse(&head->why, 400, "Content-Length is not a number.");
    for (uint32_t i = value.at; i < value.at + value.size; i++) {
        if (p[i] < '0' || p[i] > '9')
            return conduit_refuse(&head->why, 400, "Content-Length is not a number.");
        if (length > (INT64_MAX - 9) / 10)
            return conduit_refuse(&head->why, 400, "Content-Length is too large.");
        length = length * 10 + (p[i] - '0');
    }
    head->has_length = 1;
    head->length = length;
    return CONDUIT_HTTP_DONE;
}

/* Only chunked, alone. What ends with chunked but has codings before it is a body nobody here can read (501); the rest
   has no length that can be relied upon (400; RFC 9112, 6.1 and 6.3). */
static inline int conduit_transfer_encoding(conduit_head *head, const uint8_t *p, conduit_slice value)
{
    conduit_slice member;
    int last = 0, before = 0;
    if (head->has_length)
        return conduit_refuse(&head->why, 400, "Content-Length and Transfer-Encoding exclude each other.");
    if (head->chunked)
        return conduit_refuse(&head->why, 400, "There is more than one Transfer-Encoding field.");
    if (!head->minor)
        return conduit_refuse(&head->why, 400, "HTTP/1.0 has no Transfer-Encoding.");
    head->chunked = 1;
    if (CONDUIT_SAME(p + value.at, value.size, "chunked"))
        return CONDUIT_HTTP_DONE;
    while (conduit_member(p, &value, &member)) {
        before += last;
        last = CONDUIT_SAME(p + member.at, member.size, "chunked");
    }
    if (last && !before)
        return conduit_refuse(&head->why, 501, "The only transfer coding known here is chunked.");
    return conduit_refuse(&head->why, 400, "Transfer-Encoding does not end with one chunked.");
}

static inline void conduit_connection(conduit_head *head, const uint8_t *p, conduit_slice value)
{
    conduit_slice member;
    while (conduit_member(p, &value, &member)) {
        const uint8_t *text = p + member.at;
        if (CONDUIT_SAME(text, member.size, "close"))
            head->seen |= CONDUIT_SEEN_CLOSE;
        else if (CONDUIT_SAME(text, member.size, "keep-alive"))
            head->seen |= CONDUIT_SEEN_KEEP_ALIVE;
        else if (CONDUIT_SAME(text, member.size, "upgrade"))
            head->seen |= CONDUIT_SEEN_UPGRADE;
    }
}

static inline void conduit_upgrade(conduit_head *head, const uint8_t *p, conduit_slice value)
{
    conduit_slice member;
    while (conduit_member(p, &value, &member)) {
        head->seen |= CONDUIT_SEEN_PROTOCOL;
        if (CONDUIT_SAME(p + member.at, member.size, "websocket"))
            head->seen |= CONDUIT_SEEN_WEBSOCKET;
    }
}

static inline void conduit_expect(conduit_head *head, const uint8_t *p, conduit_slice value)
{
    conduit_slice member;
    while (conduit_member(p, &value, &member)) {
        int known = CONDUIT_SAME(p + member.at, member.size, "100-continue");
        head->seen |= known ? CONDUIT_SEEN_CONTINUE : CONDUIT_SEEN_STRANGE;
    }
}

/* One field line, from head->line over head->colon to end: DONE or a status. Six names mean something here. */
static inline int conduit_field(conduit_head *head, const uint8_t *p, uint32_t end)
{
    const uint8_t *name = p + head->line;
    uint32_t size = head->colon - head->line, from = head->colon + 1;
    conduit_slice value;
    if (size != 4 && size != 6 && size != 7 && size != 10 && size != 14 && size != 17)
        return CONDUIT_HTTP_DONE;
    conduit_trim(p, &from, &end);
    value.at = from;
    value.size = end - from;
    if (CONDUIT_SAME(name, size, "host"))
        return conduit_host(head, p, value);
    if (CONDUIT_SAME(name, size, "content-length"))
        return conduit_content_length(head, p, value);
    if (CONDUIT_SAME(name, size, "transfer-encoding"))
        return conduit_transfer_encoding(head, p, value);
    if (CONDUIT_SAME(name, size, "connection"))
        conduit_connection(head, p, value);
    else if (CONDUIT_SAME(name, size, "upgrade"))
        conduit_upgrade(head, p, value);
    else if (CONDUIT_SAME(name, size, "expect"))
        conduit_expect(head, p, value);
    return CONDUIT_HTTP_DONE;
}

static inline int conduit_field_next(const uint8_t *p, const conduit_head *head, uint32_t *at, conduit_slice *name,
                                     conduit_slice *value)
{
    if (*at >= head->fields_end)
        return 0;
    uint32_t colon = (uint32_t)((const uint8_t *)memchr(p + *at, ':', head->fields_end - *at) - p);
    uint32_t end = conduit_text_end(p, colon + 1, head->fields_end), from = colon + 1, to = end;
    conduit_trim(p, &from, &to);
    name->at = *at;
    name->size = colon - *at;
    value->at = from;
    value->size = to - from;
    *at = end + 2;
    return 1;
}

#endif
