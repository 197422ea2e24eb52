/* The request line: bytes in; method, target and what it says, version out. Can stop at any byte and go on there. */
#ifndef CONDUIT_REQUEST_H
#define CONDUIT_REQUEST_H

#include "authority.h"

/* Where a head is between two calls. */
enum {
    CONDUIT_STAGE_START, /* empty lines before the request line */
    CONDUIT_STAGE_METHOD,
    CONDUIT_STAGE_TARGET,
    CONDUIT_STAGE_VERSION,
    CONDUIT_STAGE_LINE, /* at the first byte of a field line */
    CONDUIT_STAGE_NAME,
    CONDUIT_STAGE_VALUE,
};

enum { CONDUIT_METHOD_MAX = 32, CONDUIT_SKIPPED_MAX = 8 };

/* http://host[:port]/path?query; who the client is does not stand in a target, but is harmless and passed over. */
static inline int conduit_absolute(conduit_head *head, const uint8_t *p)
{
    uint32_t at = head->target.at, end = at + head->target.size, from;
    int named, ported, user = 0;
    if (head->target.size >= 7 && CONDUIT_SAME(p + at, 7, "http://"))
        at += 7;
    else if (head->target.size >= 8 && CONDUIT_SAME(p + at, 8, "https://"))
        at += 8;
    else
        return conduit_refuse(&head->why, 400, "The target is neither a path nor an http address.");
    for (from = at; at < end && p[at] != '/' && p[at] != '?'; at++)
        if (p[at] == '@' && !user && conduit_name_end(p + from, p + at, ':') == p + at) {
            user = 1;
            from = at + 1;
        }
    if (!conduit_is_authority(p + from, at - from, &named, &ported) || !named)
        return conduit_refuse(&head->why, 400, "The host of the target is malformed.");
    head->form = CONDUIT_FORM_ABSOLUTE;
    head->host.at = from;
    head->host.size = at - from;
    head->path.at = at;
    head->path.size = (head->query.at ? head->query.at - 1 : end) - at;
    head->plain = !memchr(p + at, '%', head->path.size);
    return CONDUIT_HTTP_DONE;
}

/* What the target is, once the line is over (RFC 9112, 3.2). */
static inline int conduit_target(conduit_head *head, const uint8_t *p)
{
    const uint8_t *method = p + head->method.at, *target = p + head->target.at;
    uint32_t end = head->target.at + head->target.size;
    int named, ported;
    if (head->query.at)
        head->query.size = end - head->query.at;
    if (head->method.size == 7 && !memcmp(method, "CONNECT", 7)) {
        if (!conduit_is_authority(target, head->target.size, &named, &ported) || !named || !ported)
            return conduit_refuse(&head->why, 400, "The target of CONNECT is host:port.");
        head->form = CONDUIT_FORM_AUTHORITY;
        head->host = head->target;
        head->plain = 1; /* an escape was the host's */
        return CONDUIT_HTTP_DONE;
    }
    if (*target == '/') {
        head->path.at = head->target.at;
        head->path.size = (head->query.at ? head->query.at - 1 : end) - head->target.at;
        return CONDUIT_HTTP_DONE;
    }
    if (*target != '*')
        return conduit_absolute(head, p);
    if (head->target.size != 1 || head->method.size != 7 || memcmp(method, "OPTIONS", 7))
        return conduit_refuse(&head->why, 400, "Only OPTIONS may have the target *.");
    head->form = CONDUIT_FORM_ASTERISK;
    return CONDUIT_HTTP_DONE;
}

/* HTTP/1.0 or HTTP/1.1, CR, LF: judged byte by byte, as many as are there. */
static inline int conduit_version(conduit_head *head, const uint8_t *p, uint32_t size)
{
    for (uint32_t i = 0; i < size && i < 10; i++) {
        int digit = p[i] >= '0' && p[i] <= '9';
        if (i == 5 || i == 7 ? !digit : p[i] != (uint8_t) "HTTP/1.1\r\n"[i])
            return conduit_refuse(&head->why, 400, "The request line does not end with an HTTP version.");
        if (i == 7 && (p[5] != '1' || p[7] > '1'))
            return conduit_refuse(&head->why, 505, "The versions known here are HTTP/1.0 and HTTP/1.1.");
    }
    return size < 10 ? CONDUIT_HTTP_MORE : CONDUIT_HTTP_DONE;
}

static inline int conduit_start(conduit_head *head, const uint8_t *p, uint32_t end)
{
    uint32_t at = head->scanned;
    while (end - at > 1 && p[at] == '\r' && p[at + 1] == '\n' && at < CONDUIT_SKIPPED_MAX)
        at += 2;
    head->scanned = head->method.at = at;
    head->skipped = (uint8_t)at;
    if (at == end || (p[at] == '\r' && end - at == 1 && at < CONDUIT_SKIPPED_MAX))
        return CONDUIT_HTTP_MORE;
    head->stage = CONDUIT_STAGE_METHOD;
    return CONDUIT_HTTP_DONE;
}

static inline int conduit_method(conduit_head *head, const uint8_t *p, uint32_t end)
{
    uint32_t at = head->scanned;
    while (at < end && conduit_is(p[at], CONDUIT_TOKEN))
        at++;
    head->scanned = at;
    head->method.size = at - head->method.at;
    if (head->method.size > CONDUIT_METHOD_MAX)
        return conduit_refuse(&head->why, 501, "The method is too long.");
    if (at == end)
        return CONDUIT_HTTP_MORE;
    if (!head->method.size || p[at] != ' ')
        return conduit_refuse(&head->why, 400, "The request does not begin with a method.");
    head->scanned = head->target.at = at + 1;
    head->stage = CONDUIT_STAGE_TARGET;
    return CONDUIT_HTTP_DONE;
}

/* Told at the first byte: what comes over a line that is no HTTP is not waited for. */
static inline int conduit_target_may_begin(const conduit_head *head, const uint8_t *p)
{
    uint8_t first = p[head->target.at];
    return first == '/' || first == '*' || (first | 0x20) == 'h' || p[head->method.at] == 'C';
}

static inline int conduit_target_end(conduit_head *head, const uint8_t *p, uint32_t end, uint32_t limit)
{
    uint32_t at = head->scanned;
    for (; at < end; at++) {
        if (conduit_is(p[at], CONDUIT_PLAIN))
            continue;
        if (!conduit_is(p[at], CONDUIT_TARGET))
            break;
        if (head->query.at)
            continue;
        if (p[at] == '?')
            head->query.at = at + 1;
        else
            head->plain = 0;
    }
    head->scanned = at;
    head->target.size = at - head->target.at;
    if (head->target.size && !conduit_target_may_begin(head, p))
        return conduit_refuse(&head->why, 400, "The target is neither a path nor an http address.");
    if (head->target.size > limit)
        return conduit_refuse(&head->why, 414, "The target is too long.");
    if (at == end)
        return CONDUIT_HTTP_MORE;
    if (!head->target.size || p[at] != ' ')
        return conduit_refuse(&head->why, 400, "The target holds what may not stand in one.");
    head->scanned = at + 1;
    head->stage = CONDUIT_STAGE_VERSION;
    return CONDUIT_HTTP_DONE;
}

static inline int conduit_request_line(conduit_head *head, const uint8_t *p, uint32_t end, uint32_t limit)
{
    int status = CONDUIT_HTTP_DONE;
    if (head->stage == CONDUIT_STAGE_START)
        status = conduit_start(head, p, end);
    if (head->stage == CONDUIT_STAGE_METHOD)
        status = conduit_method(head, p, end);
    if (head->stage == CONDUIT_STAGE_TARGET)
        status = conduit_target_end(head, p, end, limit);
    if (head->stage != CONDUIT_STAGE_VERSION)
        return status;
    status = conduit_version(head, p + head->scanned, end - head->scanned);
    if (status != CONDUIT_HTTP_DONE)
        return status;
    head->minor = p[head->scanned + 7] - '0';
    head->scanned = head->fields_at = head->line = head->scanned + 10;
    head->stage = CONDUIT_STAGE_LINE;
    return conduit_target(head, p);
}

#endif
